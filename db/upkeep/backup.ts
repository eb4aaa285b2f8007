/**
 * A logical copy of all tables and of the archive in one gzip file, taken at one instant, and the way back into an empty place. A
 * restored place has a head only once everything else is there; it keeps all records in its table.
 */
import { asc, getTableName, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { compile, type Database, type Query, reader, type Statement } from '../client/database.ts';
import { migrate, migrationsHash } from '../client/migrate.ts';
import type { InputRow } from '../journal/input.ts';
import { insertRows, keyColumns } from '../journal/statement.ts';
import { readTables } from '../tables/all.ts';
import { jobParts, jobs } from '../tables/jobs.ts';
import {
  cursors,
  effectOpen,
  entityState,
  journalHead,
  projectionVersion,
  records,
  sleepers,
} from '../tables/journal.ts';
import { runHeads, runLines } from '../tables/runs.ts';
import { imports, seriesChunks } from '../tables/series.ts';
import { gzipLines, hasArchive, lines, unbrokenRecords, writeWhole } from './archive.ts';

const PAGE = 2_000;
/** A chunk of a series is a hundred kilobytes and more. */
const CHUNK_PAGE = 16;
const TABLES: readonly PgTable[] = [
  entityState,
  sleepers,
  cursors,
  effectOpen,
  ...Object.values(readTables),
  jobs,
  jobParts,
  imports,
  seriesChunks,
  runHeads,
  runLines,
  projectionVersion,
  journalHead,
];

type Row = Readonly<Record<string, unknown>>;
export type Part = readonly [table: string, rows: readonly Row[]];
export interface Header {
  readonly migrations: string;
  readonly world: string;
}

export const backup = (
  database: Database,
  { path, archiveDirectory }: { readonly path: string; readonly archiveDirectory: string },
): Promise<void> => database.snapshot((query) => writeWhole(path, lines(dump(query, archiveDirectory))));

async function* dump(query: Query, archiveDirectory: string): AsyncGenerator<Header | Part> {
  const [head] = await reader(query).select().from(journalHead);
  if (!head) throw new Error('there is no journal here to copy');
  yield { migrations: migrationsHash(), world: head.world };
  for await (const page of recordPages(query, archiveDirectory)) yield [getTableName(records), page];
  for (const table of TABLES) {
    for (let page = await nextPage(query, table); page.length > 0; page = await nextPage(query, table, page.at(-1))) {
      yield [getTableName(table), page.map(asJson)];
    }
  }
}

async function* recordPages(query: Query, archiveDirectory: string): AsyncGenerator<readonly Row[]> {
  let page: Row[] = [];
  for await (const record of unbrokenRecords(query, archiveDirectory)) {
    page.push({ ...record });
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

async function nextPage(query: Query, table: PgTable, after?: Row): Promise<readonly Row[]> {
  const keys = keyColumns(table);
  const list = (parts: readonly SQL[]): SQL => sql.join([...parts], sql`, `);
  const columns = list(keys.map(([, column]) => sql`${column}`));
  const passed = after && sql`(${columns}) > (${list(keys.map(([key]) => sql`${after[key]}`))})`;
  return reader(query)
    .select()
    .from(table)
    .where(passed)
    .orderBy(...keys.map(([, column]) => asc(column)))
    .limit(table === seriesChunks ? CHUNK_PAGE : PAGE);
}

/** Bytes as the database reads them from a text. */
const asJson = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value,
    ]),
  );

/** Refused when the place has a journal or an archive already, or the copy is of another schema or world. */
export async function restore(
  database: Database,
  {
    path,
    archiveDirectory,
    world,
  }: { readonly path: string; readonly archiveDirectory: string; readonly world: string },
): Promise<void> {
  await database.lock();
  await migrate(database);
  const [head] = await reader(database.query).select().from(journalHead);
  if (head || hasArchive(archiveDirectory))
    throw new Error(
      'a backup is restored into an empty place only, and this one has a journal: name a new one with DATA_DIR or ' +
        'DATABASE_URL, or move what is here away',
    );
  await database.commit([records, ...TABLES].map((table) => compile(sql`truncate ${table}`)));
  let last: Header | Part | undefined;
  for await (const value of values(path)) {
    if (last === undefined) checkHeader(value, { path, world });
    else if (isPart(last)) await database.commit([inserts(last)]);
    last = value;
  }
  // With the head the place opens: it comes once the file has ended as gzip ends, its checksum held.
  if (last === undefined) throw noBackup(path, 'it is empty');
  if (!isPart(last) || last[0] !== getTableName(journalHead)) throw tooShort(path);
  await database.commit([inserts(last)]);
}

const tooShort = (path: string): Error =>
  new Error(`${path} ends too early, and this place is still empty: fetch the file once more, and restore it whole`);

const noBackup = (path: string, why: string): Error =>
  new Error(`${path} is no backup, ${why}: name a file that \`backup\` has written`);

/** What `zlib` calls an end that comes too early. */
const TORN = 'Z_BUF_ERROR';

async function* values(path: string): AsyncGenerator<Header | Part> {
  try {
    for await (const line of gzipLines(path)) yield JSON.parse(line) as Header | Part;
  } catch (error) {
    const { code = '' } = error as { readonly code?: string };
    if (code === TORN) throw tooShort(path);
    if (code.startsWith('Z_') || error instanceof SyntaxError)
      throw noBackup(path, `or is damaged (${(error as Error).message})`);
    throw error;
  }
}

const isPart = (value: Header | Part): value is Part => Array.isArray(value);
const isHeader = (value: unknown): value is Header =>
  typeof value === 'object' && value !== null && 'migrations' in value && 'world' in value;

function checkHeader(header: unknown, { path, world }: { readonly path: string; readonly world: string }): void {
  if (!isHeader(header)) throw noBackup(path, 'it has no header');
  if (header.migrations !== migrationsHash())
    throw new Error(
      'the backup was taken by a build with other migrations than this one: restore it with that build, then start this one there',
    );
  if (header.world !== world)
    throw new Error(
      `the backup is of the world ${header.world}, this place of ${world}: restore it with the MARKET_DATA and SIM_SEED of its house`,
    );
}

function inserts([name, rows]: Part): Statement {
  const table = [records, ...TABLES].find((candidate) => getTableName(candidate) === name);
  if (!table) throw new Error(`the backup has a table ${name}, which this build does not know`);
  return insertRows(table, rows as readonly InputRow[]);
}
