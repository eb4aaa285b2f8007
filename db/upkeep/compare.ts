/**
 * The proof of the read tables: every row is made again from the records and held against the stored one, field by field. Bounded in
 * memory: with many rows the journal is read several times, each time for a part of them.
 */
import { asc, count, gt } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { TableName } from '../../projections/rows.ts';
import type { Comparison } from '../../projections/upkeep.ts';
import type { StoredRecord } from '../../runtime/store.ts';
import { type Database, type Query, reader } from '../client/database.ts';
import { readTables, TABLE_NAMES } from '../tables/all.ts';
import { allRecords } from './archive.ts';
import { Replay } from './replay.ts';
import { journalEnds } from './verify.ts';

const PAGE = 5_000;
const ROWS_AT_ONCE = 200_000;

export type Row = Readonly<Record<string, unknown>> & { readonly id: string };
type ReadTable = PgTable & { readonly id: PgColumn };
/** Rows as the records say, by table and id. */
export type Expected = Map<string, Readonly<Record<string, unknown>>>;
type Difference = Comparison & { readonly matches: false };

export const keyOf = (table: string, id: string): string => `${table} ${id}`;

/** Which part of the rows a key belongs to (FNV-1a). */
export function partOf(key: string, parts: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % parts;
}

export async function compareTables(
  database: Database,
  { archiveDirectory, rowsAtOnce = ROWS_AT_ONCE }: { readonly archiveDirectory: string; readonly rowsAtOnce?: number },
): Promise<Comparison> {
  const parts = Math.max(1, Math.ceil((await countRows(database.query)) / rowsAtOnce));
  let records = 0;
  let rows = 0;
  for (let part = 0; part < parts; part += 1) {
    const isMine = (key: string): boolean => partOf(key, parts) === part;
    const result = await comparePart(database, archiveDirectory, isMine);
    if ('matches' in result) return result;
    records = result.records;
    rows += result.rows;
  }
  return { matches: true, records, rows };
}

async function countRows(query: Query): Promise<number> {
  let rows = 0;
  for (const name of TABLE_NAMES) {
    const [counted] = await reader(query).select({ total: count() }).from(readTables[name]);
    rows += counted?.total ?? 0;
  }
  return rows;
}

async function comparePart(
  database: Database,
  archiveDirectory: string,
  isMine: (key: string) => boolean,
): Promise<Difference | { readonly records: number; readonly rows: number }> {
  const replay = new Replay();
  const expected: Expected = new Map();
  let sequence = 0;
  const take = (record: StoredRecord): void => {
    ({ sequence } = record);
    for (const { table, key, row } of replay.next(record)) {
      const name = keyOf(table, key);
      if (isMine(name)) expected.set(name, row);
    }
  };
  // Most of the journal is read while a writer goes on; only what came meanwhile, and the tables, are read at one instant.
  const upTo = (await journalEnds(database.query))?.sequence ?? 0;
  for await (const record of allRecords(database.query, archiveDirectory, { upTo })) take(record);
  return database.snapshot(async (query) => {
    const head = (await journalEnds(query))?.sequence ?? 0;
    for await (const record of allRecords(query, archiveDirectory, { after: upTo, upTo: head })) take(record);
    const rows = expected.size;
    const rowsOf = (table: TableName) => tableRows(query, readTables[table]);
    return (await firstDifference(rowsOf, expected, isMine)) ?? { records: sequence, rows };
  });
}

/** Rows that are as expected leave `expected`; what stays in it at the end is missing in the tables. */
export async function firstDifference(
  rowsOf: (table: TableName) => AsyncIterable<Row> | Iterable<Row>,
  expected: Expected,
  isMine: (key: string) => boolean = () => true,
): Promise<Difference | undefined> {
  for (const table of TABLE_NAMES) {
    for await (const row of rowsOf(table)) {
      const key = keyOf(table, row.id);
      if (!isMine(key)) continue;
      const wanted = expected.get(key);
      if (!wanted || !isSame(row, wanted)) return difference(table, row.id, row, wanted);
      expected.delete(key);
    }
  }
  const [missing] = expected;
  if (!missing) return undefined;
  const [key, row] = missing;
  return difference(key.slice(0, key.indexOf(' ')), String(row.id), undefined, row);
}

async function* tableRows(query: Query, table: ReadTable): AsyncGenerator<Row> {
  for (let after = ''; ; ) {
    const page = await reader(query).select().from(table).where(gt(table.id, after)).orderBy(asc(table.id)).limit(PAGE);
    yield* page as Row[];
    const last = page.at(-1) as Row | undefined;
    if (!last) return;
    after = last.id;
  }
}

const isSame = (stored: Row, replayed: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(stored).every((column) => stored[column] === replayed[column]);

const difference = (
  table: string,
  id: string,
  stored: Row | undefined,
  replayed: Readonly<Record<string, unknown>> | undefined,
): Difference => ({
  matches: false,
  table,
  id,
  stored: stored ? JSON.stringify(stored) : null,
  replayed: replayed ? JSON.stringify(replayed) : null,
});
