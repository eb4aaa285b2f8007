/**
 * Read tables of another version than the projections of this build are emptied and made again from archive and journal, before
 * anything reads them. A rebuild that was cut off starts again: the versions are written last.
 */
import { sql } from 'drizzle-orm';
import { PROJECTIONS } from '../../projections/all.ts';
import type { TableName } from '../../projections/rows.ts';
import type { Upsert } from '../../runtime/store.ts';
import { compile, type Database, reader, type Statement } from '../client/database.ts';
import { upsertRows } from '../journal/statement.ts';
import { readTables, TABLE_NAMES } from '../tables/all.ts';
import { projectionVersion } from '../tables/journal.ts';
import { unbrokenRecords } from './archive.ts';
import { Replay } from './replay.ts';

const ROWS_AT_ONCE = 1_000;

/** Returns whether anything was rebuilt. */
export async function ensureProjections(database: Database, archiveDirectory: string): Promise<boolean> {
  const stored = await reader(database.query).select().from(projectionVersion);
  const versions = new Map(stored.map(({ name, version }) => [name, version]));
  const current = PROJECTIONS.every(({ name, version }) => versions.get(name) === version);
  if (current && versions.size === PROJECTIONS.length) return false;
  await database.commit([
    compile(sql`delete from ${projectionVersion}`),
    ...TABLE_NAMES.map((table) => compile(sql`truncate ${readTables[table]}`)),
  ]);
  await refill(database, archiveDirectory);
  const versionsNow = PROJECTIONS.map(({ name, version }) => ({ name, version }));
  await database.commit([upsertRows(projectionVersion, versionsNow)]);
  return true;
}

async function refill(database: Database, archiveDirectory: string): Promise<void> {
  const replay = new Replay();
  const changed = new Map<string, Upsert>();
  const flush = async (): Promise<void> => {
    if (changed.size > 0) await database.commit(statements([...changed.values()]));
    changed.clear();
  };
  for await (const record of unbrokenRecords(database.query, archiveDirectory)) {
    for (const upsert of replay.next(record)) changed.set(`${upsert.table} ${upsert.key}`, upsert);
    if (changed.size >= ROWS_AT_ONCE) await flush();
  }
  await flush();
}

function statements(upserts: readonly Upsert[]): Statement[] {
  const tables = [...new Set(upserts.map(({ table }) => table as TableName))];
  return tables.map((table) => {
    const rows = upserts.filter((each) => each.table === table).map(({ row }) => row);
    return upsertRows(readTables[table], rows);
  });
}
