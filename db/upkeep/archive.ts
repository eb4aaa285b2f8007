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
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { and, asc, gt, lte, sql } from 'drizzle-orm';
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

export const hasArchive = (directory: string): boolean => archiveFiles(directory).length > 0;

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
    await writeWhole(path, lines(unbrokenRecords(database.query, directory, { after: archived, upTo: last })));
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

/** Behind `after`, up to and with `upTo`. */
export interface Span {
  readonly after?: number;
  readonly upTo?: number;
}

/** All records there are, archived ones first, in order. One that is archived meanwhile is found in its file. */
export async function* allRecords(
  query: Query,
  directory: string,
  { after = 0, upTo = Number.MAX_SAFE_INTEGER }: Span = {},
): AsyncGenerator<StoredRecord> {
  const isHeld = (sequence: number) => (file: ArchiveFile) =>
    file.firstSequence <= sequence && sequence <= file.lastSequence;
  for (let position = after; position < upTo; ) {
    const next = position + 1;
    let file = archiveFiles(directory).find(isHeld(next));
    const page = file ? [] : await tablePage(query, position, upTo);
    if (!file && page[0]?.sequence !== next) file = archiveFiles(directory).find(isHeld(next));
    if (file) {
      for await (const record of archived(file))
        if (record.sequence > position && record.sequence <= upTo) yield record;
      position = file.lastSequence;
      continue;
    }
    const newest = page.at(-1);
    if (!newest) return;
    yield* page;
    position = newest.sequence;
  }
}

/** The same, for what must not have a hole: a copy, an export, an archive, tables made again. Throws where a record is missing. */
export async function* unbrokenRecords(query: Query, directory: string, span: Span = {}): AsyncGenerator<StoredRecord> {
  let position = span.after ?? 0;
  const missing = (): Error =>
    new Error(`record ${position + 1} is missing: bring the file of the archive that holds it back to ${directory}`);
  for await (const record of allRecords(query, directory, span)) {
    if (record.sequence !== position + 1) throw missing();
    position = record.sequence;
    yield record;
  }
  if (span.upTo !== undefined && position < span.upTo) throw missing();
}

async function* archived({ path }: ArchiveFile): AsyncGenerator<StoredRecord> {
  for await (const line of gzipLines(path)) yield JSON.parse(line) as StoredRecord;
}

const tablePage = (query: Query, after: number, upTo: number): Promise<readonly StoredRecord[]> =>
  reader(query)
    .select()
    .from(records)
    .where(and(gt(records.sequence, after), lte(records.sequence, upTo)))
    .orderBy(asc(records.sequence))
    .limit(PAGE);

/** One JSON text a line. */
export async function* lines(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`;
}

export function gzipLines(path: string): AsyncIterable<string> {
  const bytes = createReadStream(path);
  const text = createGunzip();
  // The error of a pipe's source does not reach its end by itself.
  bytes.on('error', (error) => text.destroy(error));
  return createInterface({ input: bytes.pipe(text) });
}

/** A gzip file that is there whole and on disk, or not at all. */
export async function writeWhole(path: string, text: AsyncIterable<string>): Promise<void> {
  const draft = `${path}.draft`;
  try {
    await pipeline(Readable.from(text), createGzip(), createWriteStream(draft));
    const file = openSync(draft, 'r');
    fsyncSync(file);
    closeSync(file);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
