/**
 * Read tables of another version than the projections of this build are emptied and made again from archive and journal, before
 * anything reads them. A rebuild that was cut off starts again: the versions are written last.
 */
import { sql } from 'drizzle-orm';
import { catalog } from '../../messages/registry.ts';
import { PROJECTIONS } from '../../projections/all.ts';
import type { TableName } from '../../projections/rows.ts';
import { ReadView } from '../../projections/view.ts';
import type { Message } from '../../runtime/message.ts';
import type { StoredRecord, Upsert } from '../../runtime/store.ts';
import { compile, type Database, reader, type Statement } from '../client/database.ts';
import { upsert } from '../journal/statement.ts';
import { readTables, TABLE_NAMES } from '../tables/all.ts';
import { projectionVersion } from '../tables/journal.ts';
import { allRecords } from './archive.ts';

const RECORDS_AT_ONCE = 1_000;

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
  await replay(database, archiveDirectory);
  const rows = JSON.stringify(PROJECTIONS.map(({ name, version }) => ({ name, version })));
  await database.commit([compile(upsert('rows', projectionVersion), { rows })]);
  return true;
}

async function replay(database: Database, archiveDirectory: string): Promise<void> {
  const view = new ReadView({ get: async () => undefined, list: async () => ({ rows: [], total: 0 }) });
  const changed = new Map<string, Upsert>();
  let count = 0;
  const flush = async (): Promise<void> => {
    if (changed.size > 0) await database.commit(statements([...changed.values()]));
    changed.clear();
  };
  for await (const record of allRecords(database.query, archiveDirectory)) {
    const upserts = view.apply(journalRecord(record));
    view.publish(upserts);
    for (const each of upserts) changed.set(`${each.table} ${each.key}`, each);
    count += 1;
    if (count % RECORDS_AT_ONCE === 0) await flush();
  }
  await flush();
}

const journalRecord = ({ payload, ...record }: StoredRecord) => ({
  ...record,
  message: catalog.upcast(record.type, record.version, JSON.parse(payload) as Message),
});

function statements(upserts: readonly Upsert[]): Statement[] {
  const tables = [...new Set(upserts.map(({ table }) => table as TableName))];
  return tables.map((table) =>
    compile(upsert('rows', readTables[table]), {
      rows: JSON.stringify(upserts.filter((each) => each.table === table).map(({ row }) => row)),
    }),
  );
}
