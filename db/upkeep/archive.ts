/**
 * Old records leave the table for gzip files that keep the chain's ends. A record is in a finished file before it leaves the table,
 * and none leaves that a cursor or an open effect still needs.
 */
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { asc, gt, lte, sql } from 'drizzle-orm';
import type { StoredRecord } from '../../runtime/store.ts';
import { compile, type Database, type Query, reader } from '../client/database.ts';
import { cursors, effectOpen, journalHead, records } from '../tables/journal.ts';

const PAGE = 5_000;
const FILE = /^records-(\d+)-(\d+)\.jsonl\.gz$/;

interface ArchiveFile {
  readonly path: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
}

/** In the order of their records. */
function archiveFiles(directory: string): readonly ArchiveFile[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .flatMap((name) => {
      const match = FILE.exec(name);
      return match
        ? [{ path: join(directory, name), firstSequence: Number(match[1]), lastSequence: Number(match[2]) }]
        : [];
    })
    .sort((a, b) => a.firstSequence - b.firstSequence);
}

const lastArchived = (directory: string): number => archiveFiles(directory).at(-1)?.lastSequence ?? 0;

/** Moves records up to `upTo`, less what is still needed; returns the last sequence that is archived then. */
export async function archiveRecords(
  database: Database,
  { directory, upTo }: { readonly directory: string; readonly upTo: number },
): Promise<number> {
  mkdirSync(directory, { recursive: true });
  const archived = lastArchived(directory);
  const last = Math.min(upTo, await lastUnneeded(database.query));
  if (last > archived) {
    const digits = (sequence: number): string => String(sequence).padStart(15, '0');
    const path = join(directory, `records-${digits(archived + 1)}-${digits(last)}.jsonl.gz`);
    await writeWhole(path, lines(tableRecords(database.query, archived, last)));
  }
  const moved = Math.max(last, archived);
  await database.commit([compile(sql`delete from ${records} where ${lte(records.sequence, moved)}`)]);
  return moved;
}

async function lastUnneeded(query: Query): Promise<number> {
  const { sql: text, params } = compile(sql`select least(
    (select ${journalHead.sequence} from ${journalHead}),
    (select min(${cursors.sequence}) from ${cursors}),
    (select min(${effectOpen.sequence}) - 1 from ${effectOpen}))`);
  const [row] = await query(text, params);
  return Number(row?.[0] ?? 0);
}

/** All records there are, archived ones first, in order. */
export async function* allRecords(query: Query, directory: string): AsyncGenerator<StoredRecord> {
  let after = 0;
  for (const { path, lastSequence } of archiveFiles(directory)) {
    for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
      yield JSON.parse(line) as StoredRecord;
    }
    after = lastSequence;
  }
  yield* tableRecords(query, after, Number.MAX_SAFE_INTEGER);
}

async function* tableRecords(query: Query, after: number, last: number): AsyncGenerator<StoredRecord> {
  const read = reader(query);
  for (let position = after; position < last; ) {
    const page = await read
      .select()
      .from(records)
      .where(gt(records.sequence, position))
      .orderBy(asc(records.sequence))
      .limit(Math.min(PAGE, last - position));
    for (const record of page) if (record.sequence <= last) yield record;
    const newest = page.at(-1);
    if (!newest) return;
    position = newest.sequence;
  }
}

/** One JSON text a line. */
export async function* lines(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`;
}

/** A gzip file that is there whole and on disk, or not at all. */
export async function writeWhole(path: string, text: AsyncIterable<string>): Promise<void> {
  const draft = `${path}.draft`;
  await pipeline(Readable.from(text), createGzip(), createWriteStream(draft));
  const file = openSync(draft, 'r');
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, path);
}
