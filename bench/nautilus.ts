/**
 * NautilusTrader's backtest engine as the reference of simulated orders: a market order at every tick, hedging, without its analysis
 * afterwards. Its harness lies beside the checkout, if at all; it is copied, installed once into .cache/, and run from there.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { SIMULATED_ORDERS } from './workloads.ts';

const SHARED = join(process.cwd(), '..', 'shared');
const PLACE = join(process.cwd(), '.cache', 'bench', 'peers');
const PYTHON = join(PLACE, 'nautilus', '.venv', 'bin', 'python');

export const hasNautilus = (): boolean => existsSync(join(SHARED, 'peers', 'nautilus', 'run.sh'));

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const result = spawnSync(program, args, {
    cwd: PLACE,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${result.status}`);
  return result.stdout;
}

/** Takes minutes the first time. */
export function installNautilus(): void {
  for (const folder of ['lib', 'nautilus']) {
    cpSync(join(SHARED, 'peers', folder), join(PLACE, folder), { recursive: true });
  }
  run('chmod', ['-R', 'u+w', '.']);
  if (!existsSync(PYTHON)) run('bash', ['nautilus/run.sh', 'install']);
  run('node', ['lib/prep.mjs'], { DATA: join(SHARED, 'data') });
}

/** Orders a second. */
export function measureNautilus(): number {
  const output = run(PYTHON, ['nautilus/peer.py', 'orders_hedging', '1', '1', 'bare'], {
    N_ORDERS: String(SIMULATED_ORDERS),
  });
  const line = output
    .trim()
    .split('\n')
    .findLast((text) => text.startsWith('{'));
  const { items, seconds, check } = JSON.parse(line ?? 'null') as {
    readonly items: number;
    readonly seconds: readonly number[];
    readonly check: { readonly filled: number };
  };
  if (check.filled !== SIMULATED_ORDERS) throw new Error(`only ${check.filled} of ${SIMULATED_ORDERS} orders filled`);
  return items / Math.min(...seconds);
}
