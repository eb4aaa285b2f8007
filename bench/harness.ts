/**
 * The harness of peers that lies beside the checkout, if at all: copied below `.cache/bench/peers`, a peer installed there once, and
 * run from there. Nothing is ever written beside the checkout.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';

const SHARED = join(process.cwd(), '..', 'shared');
export const PLACE = join(process.cwd(), '.cache', 'bench', 'peers');

export const hasPeer = (peer: string): boolean => existsSync(join(SHARED, 'peers', peer, 'run.sh'));

/** What one run of a peer prints as its last line of JSON. */
export interface PeerRun<Check> {
  readonly items: number;
  /** One entry a repetition; the first is cold. */
  readonly seconds: readonly number[];
  readonly check: Check;
}

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

/** `installed` is a file that only an installed peer has. Takes minutes the first time. */
export function installPeer(peer: string, installed: string): void {
  for (const folder of ['lib', peer]) cpSync(join(SHARED, 'peers', folder), join(PLACE, folder), { recursive: true });
  run('chmod', ['-R', 'u+w', '.']);
  if (!existsSync(join(PLACE, peer, installed))) run('bash', [`${peer}/run.sh`, 'install']);
  run('node', ['lib/prep.mjs'], { DATA: join(SHARED, 'data') });
}

export function runPeer<Check>(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): PeerRun<Check> {
  const lines = run(program, args, env).trim().split('\n');
  return JSON.parse(lines.findLast((text) => text.startsWith('{')) ?? 'null') as PeerRun<Check>;
}

export const bestRateOf = ({ items, seconds }: PeerRun<unknown>): number => items / Math.min(...seconds);
