/** Opens the place where everything is remembered: an embedded database or a PostgreSQL server. Nothing is touched before `store.open`. */
import type { Queries } from '../projections/queries.ts';
import type { Store } from '../runtime/store.ts';
import type { Database } from './client/database.ts';
import { EmbeddedDatabase } from './client/embedded.ts';
import { PostgresDatabase } from './client/postgres.ts';
import { SqlStore } from './journal/store.ts';
import { SqlQueries } from './queries/sql.ts';

export interface OpenedPlace {
  readonly store: Store;
  readonly queries: Queries;
  /** For maintenance (archive, backup, verification); the product itself uses store and queries. */
  readonly database: Database;
  close(): Promise<void>;
}

export function openEmbedded(options: { readonly directory: string }): OpenedPlace {
  const database = new EmbeddedDatabase(options.directory);
  return place(database, () => database.migrated());
}

export function openPostgres(options: { readonly url: string }): OpenedPlace {
  return place(new PostgresDatabase(options.url));
}

const place = (database: Database, migrated?: () => Promise<void>): OpenedPlace => ({
  store: new SqlStore(database, migrated),
  queries: new SqlQueries(database.query),
  database,
  close: () => database.close(),
});
