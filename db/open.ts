/** Opens the place where everything is remembered: an embedded database or a PostgreSQL server. Nothing is touched before `store.open`. */
import { join } from 'node:path';
import type { Queries } from '../projections/queries.ts';
import type { Store } from '../runtime/store.ts';
import type { Database } from './client/database.ts';
import { EmbeddedDatabase } from './client/embedded.ts';
import { PostgresDatabase } from './client/postgres.ts';
import { SqlStore } from './journal/store.ts';
import { SqlQueries } from './queries/sql.ts';
import { ensureProjections } from './upkeep/rebuild.ts';

export interface OpenedPlace {
  readonly store: Store;
  readonly queries: Queries;
  /** For maintenance (archive, backup, verification); the product itself uses store and queries. */
  readonly database: Database;
  readonly archiveDirectory: string;
  close(): Promise<void>;
}

export function openEmbedded(options: { readonly directory: string }): OpenedPlace {
  const database = new EmbeddedDatabase(options.directory);
  return place(database, join(options.directory, 'archive'), () => database.migrated());
}

/** `archiveDirectory` is where records go that leave the table. */
export function openPostgres(options: { readonly url: string; readonly archiveDirectory: string }): OpenedPlace {
  return place(new PostgresDatabase(options.url), options.archiveDirectory);
}

function place(database: Database, archiveDirectory: string, migrated?: () => Promise<void>): OpenedPlace {
  const store = new SqlStore(database, async () => {
    await migrated?.();
    await ensureProjections(database, archiveDirectory);
  });
  return {
    store,
    queries: new SqlQueries(database.query),
    database,
    archiveDirectory,
    close: () => database.close(),
  };
}
