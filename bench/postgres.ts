/** A private PostgreSQL server for the durable figures: the product and pgbench write to the same one, each to its own database. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Stage } from './figures.ts';
import { initialisePgbench, measurePgbench, pgbenchName } from './pgbench.ts';

export interface Cluster {
  readonly url: string;
  /** Folder of the server's programs. */
  readonly bin: string;
  stop(): void;
}

const MAX_CONNECTIONS = 200;

export async function startCluster(): Promise<Cluster> {
  const script = pathToFileURL(join(process.cwd(), 'scripts', 'lib', 'postgres.mjs')).href;
  const { startPostgres } = (await import(script)) as {
    startPostgres(settings: Readonly<Record<string, string>>): Promise<Cluster>;
  };
  return startPostgres({ max_connections: String(MAX_CONNECTIONS) });
}

/** With pgbench by each number of clients as a reference. */
export async function openPostgres(references: readonly number[]): Promise<Stage> {
  const cluster = await startCluster();
  if (references.length > 0) initialisePgbench(cluster.bin, cluster.url);
  return {
    env: { BENCH_DATABASE_URL: cluster.url },
    references: Object.fromEntries(
      references.map((clients) => [pgbenchName(clients), () => measurePgbench(cluster.bin, cluster.url, clients)]),
    ),
    close: async () => cluster.stop(),
  };
}
