/** One life of the product and its end, with the load going on: started, hit, dead. Says what was seen of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { insist } from './caller.ts';
import type { Kill } from './kills.ts';
import type { Stage } from './stage.ts';

const HIT_MAX_MS = 30_000;
const DEATH_MAX_MS = 5_000;
const RECOVERED_MAX_MS = 15_000;

export interface Killed {
  readonly name: string;
  /** Absent when it was not to come that far. */
  readonly readyMs?: number;
  readonly problems: readonly string[];
}

/** Who is slower to be ready than the limit has a problem. */
export const slowness = (readyMs: number, readyLimitMs: number): readonly string[] =>
  readyMs <= readyLimitMs ? [] : [`was ready only after ${Math.round(readyMs)} ms`];

export async function killOnce(stage: Stage, kill: Kill, readyLimitMs: number): Promise<Killed> {
  const { name } = kill;
  if (kill.dies === 'starting') {
    const product = stage.launch();
    await sleep(kill.afterMs);
    await product.end('SIGKILL');
    return { name, problems: [] };
  }
  const readyMs = await stage.start(kill.failpoint);
  return { name, readyMs, problems: [...slowness(readyMs, readyLimitMs), ...(await endLife(stage, kill))] };
}

async function endLife(stage: Stage, { failpoint, dies, afterMs }: Kill): Promise<readonly string[]> {
  const { product } = stage;
  const problems: string[] = [];
  if (failpoint !== undefined) {
    // Who dies at once may not have come to say so.
    const isHit = await product.until(() => product.exit !== undefined || product.said(/failpoint\.hit/), HIT_MAX_MS);
    if (!isHit) problems.push('was never hit');
    else if (dies === 'itself') {
      if (!(await product.until(() => product.exit !== undefined, DEATH_MAX_MS))) problems.push('did not kill');
    } else problems.push(...(await recovered(stage)));
  }
  if (dies !== 'itself') {
    await sleep(afterMs);
    if (product.exit) problems.push(`ended by itself with ${product.exit.code ?? product.exit.signal}`);
  }
  if (dies === 'told') {
    const { code, signal } = await product.end('SIGTERM');
    if (code !== 0) problems.push(`SIGTERM under load ended it with ${code ?? signal}`);
  } else await product.end('SIGKILL');
  return problems;
}

/** The house is itself again: it says so, and it takes orders. */
async function recovered(stage: Stage): Promise<readonly string[]> {
  const untilMs = performance.now() + RECOVERED_MAX_MS;
  while (performance.now() < untilMs) {
    const { body } = await insist(stage, { method: 'GET', path: '/health' });
    if (body.status === 'healthy') return [];
    await sleep(50);
  }
  return [`had not recovered after ${RECOVERED_MAX_MS} ms`];
}
