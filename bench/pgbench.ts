/** pgbench simple-update on a given PostgreSQL server: the reference of durable orders. The server's durability is left as it is. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DURABLE_SECONDS } from './workloads.ts';

const SCALE = 10;
const THREADS = 2;

export const pgbenchName = (clients: number): string => `pgbench -N -c ${clients}`;

function pgbench(bin: string, args: readonly string[]): string {
  const result = spawnSync(join(bin, 'pgbench'), args, { encoding: 'utf8' });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`pgbench ended with ${result.status}: ${result.stderr.trim()}`);
  return result.stdout;
}

/** Makes pgbench's own tables, once before its rounds. `bin` is the folder of the server's programs. */
export function initialisePgbench(bin: string, url: string): void {
  pgbench(bin, ['--initialize', '--quiet', `--scale=${SCALE}`, url]);
}

/** Transactions a second. */
export function measurePgbench(bin: string, url: string, clients: number): number {
  const args = [
    '--skip-some-updates',
    '--no-vacuum',
    `--client=${clients}`,
    `--jobs=${THREADS}`,
    `--time=${DURABLE_SECONDS}`,
    url,
  ];
  const tps = /^tps = ([\d.]+)/m.exec(pgbench(bin, args))?.[1];
  if (!tps) throw new Error('pgbench told no tps');
  return Number(tps);
}
