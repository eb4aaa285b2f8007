/** Opens the place where everything is remembered: an embedded database or a PostgreSQL server. Nothing is touched before `store.open`. */
import { join } from 'node:path';
import type { SeriesStore } from '../market/series/store.ts';
import type { Queries } from '../projections/queries.ts';
import type { RunOutputs } from '../projections/run-outputs.ts';
import type { Upkeep } from '../projections/upkeep.ts';
import type { JobRows } from '../runtime/jobs/rows.ts';
import type { Store } from '../runtime/store.ts';
import type { Database } from './client/database.ts';
import { EmbeddedDatabase } from './client/embedded.ts';
import { hasNoTables } from './client/migrate.ts';
import { PostgresDatabase } from './client/postgres.ts';
import { SqlJobRows } from './jobs/rows.ts';
import { SqlStore } from './journal/store.ts';
import { SqlQueries } from './queries/sql.ts';
import { SqlRunOutputs } from './runs/outputs.ts';
import { SqlSeries, sweepSeries } from './series/store.ts';
import { ensureProjections } from './upkeep/rebuild.ts';
import { openUpkeep } from './upkeep/upkeep.ts';

export interface OpenedPlace {
  readonly store: Store;
  readonly queries: Queries;
  /** Imported market data. */
  readonly series: SeriesStore;
  /** Where background work is remembered. */
  readonly jobs: JobRows;
  /** What runs have put out. */
  readonly outputs: RunOutputs;
  /** For maintenance (archive, backup, verification); the product itself uses store and queries. */
  readonly database: Database;
  readonly archiveDirectory: string;
  readonly upkeep: Upkeep;
  /** Whether nothing was ever kept here; looks, and makes nothing. */
  isEmpty(): Promise<boolean>;
  close(): Promise<void>;
}

export function openEmbedded(options: { readonly directory: string }): OpenedPlace {
  const database = new EmbeddedDatabase(options.directory);
  return place(database, join(options.directory, 'archive'), {
    migrated: () => database.migrated(),
    isEmpty: async () => database.isEmpty(),
  });
}

/** `archiveDirectory` is where records go that leave the table. */
export function openPostgres(options: { readonly url: string; readonly archiveDirectory: string }): OpenedPlace {
  const database = new PostgresDatabase(options.url);
  return place(database, options.archiveDirectory, {
    migrated: async () => undefined,
    isEmpty: () => hasNoTables(database.query),
  });
}

function place(
  database: Database,
  archiveDirectory: string,
  { migrated, isEmpty }: { readonly migrated: () => Promise<void>; readonly isEmpty: () => Promise<boolean> },
): OpenedPlace {
  const store = new SqlStore(database, async () => {
    await migrated();
    await ensureProjections(database, archiveDirectory);
    await sweepSeries(database);
  });
  return {
    store,
    queries: new SqlQueries(database.query),
    series: new SqlSeries(database),
    jobs: new SqlJobRows(database.query),
    outputs: new SqlRunOutputs(database.query),
    database,
    archiveDirectory,
    upkeep: openUpkeep(database, archiveDirectory),
    isEmpty,
    close: () => database.close(),
  };
}
