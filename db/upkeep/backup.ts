/**
 * A logical copy of all tables in one gzip file, taken at one instant, and the way back into an empty place. A restored place has a
 * head only once everything else is there.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { asc, getTableName, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { compile, type Database, type Query, reader, type Statement } from '../client/database.ts';
import { migrate, migrationsHash } from '../client/migrate.ts';
import { insert, keyColumns } from '../journal/statement.ts';
import { readTables } from '../tables/all.ts';
import { cursors, effectOpen, entityState, journalHead, projectionVersion, records } from '../tables/journal.ts';
import { lines, writeWhole } from './archive.ts';

const PAGE = 2_000;
const TABLES: readonly PgTable[] = [
  records,
  entityState,
  cursors,
  effectOpen,
  ...Object.values(readTables),
  projectionVersion,
  journalHead,
];

type Row = Readonly<Record<string, unknown>>;
interface Header {
  readonly migrations: string;
}

export const backup = (database: Database, path: string): Promise<void> =>
  database.snapshot((query) => writeWhole(path, lines(dump(query))));

async function* dump(query: Query): AsyncGenerator<unknown> {
  yield { migrations: migrationsHash() } satisfies Header;
  for (const table of TABLES) {
    for (let page = await nextPage(query, table); page.length > 0; page = await nextPage(query, table, page.at(-1))) {
      yield [getTableName(table), page];
    }
  }
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
    .limit(PAGE);
}

/** Refused when the place has a journal already, or the copy is of another schema. */
export async function restore(database: Database, path: string): Promise<void> {
  await database.lock();
  await migrate(database);
  const [head] = await reader(database.query).select().from(journalHead);
  if (head) throw new Error('a backup is restored into an empty place only; this one has a journal');
  await database.commit(TABLES.map((table) => compile(sql`truncate ${table}`)));
  let header: Header | undefined;
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    const value = JSON.parse(line) as Header | readonly [string, readonly Row[]];
    if (Array.isArray(value)) await database.commit([inserts(value as readonly [string, readonly Row[]])]);
    else {
      header = value as Header;
      if (header.migrations !== migrationsHash())
        throw new Error('the backup was taken with other migrations than this build has');
    }
  }
}

function inserts([name, rows]: readonly [string, readonly Row[]]): Statement {
  const table = TABLES.find((candidate) => getTableName(candidate) === name);
  if (!table) throw new Error(`the backup has a table ${name}, which this build does not know`);
  return compile(insert('rows', table), { rows: JSON.stringify(rows) });
}
