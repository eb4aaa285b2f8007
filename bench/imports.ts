/** The stage of imports: a server, the tick file, and a plain table with one row a tick that `psql \copy` fills with the same rows. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Stage } from './figures.ts';
import { type Cluster, startCluster } from './postgres.ts';
import { tickFiles } from './tick-file.ts';

export const COPY = 'psql \\copy';
/** Side of bench/side.ts: the same questions to one row a tick. */
export const ROWS = 'rows';
const PLAIN = `create table if not exists plain (at timestamptz not null, price double precision not null,
  bid double precision not null, ask double precision not null, volume bigint not null)`;

function psql({ bin, url }: Cluster, command: string): void {
  const args = ['--quiet', '--set=ON_ERROR_STOP=1', url, `--command=${command}`];
  const result = spawnSync(join(bin, 'psql'), args, { encoding: 'utf8' });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`psql ended with ${result.status}: ${result.stderr.trim()}`);
}

function copy(cluster: Cluster, csv: string): number {
  psql(cluster, PLAIN);
  psql(cluster, 'truncate plain');
  const startedMs = performance.now();
  psql(cluster, `\\copy plain from '${csv}' with (format csv)`);
  return (performance.now() - startedMs) / 1_000;
}

/** Beside the filling of the plain table, or with the plain table filled for whole before the first round, or with neither. */
export async function openImports(beside: 'copy' | 'rows' | 'nothing'): Promise<Stage | undefined> {
  const files = await tickFiles();
  if (!files) return undefined;
  const cluster = await startCluster();
  if (beside === 'rows') copy(cluster, files.csv);
  return {
    env: { BENCH_DATABASE_URL: cluster.url, BENCH_TICK_FILE: files.ninjatrader },
    // In megabytes of the tick file, whatever the rows weigh as CSV.
    references: beside === 'copy' ? { [COPY]: () => files.bytes / 1e6 / copy(cluster, files.csv) } : {},
    close: async () => cluster.stop(),
  };
}
