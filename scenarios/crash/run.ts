/** One crash run on one database: episodes with exact deaths, then load and kills, then everything healed, ended and proven. */
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { approvals } from './approvals.ts';
import { insist } from './caller.ts';
import { check } from './checked.ts';
import { type Episode, life, openTrader } from './episode.ts';
import { type Killed, killOnce, slowness } from './kill.ts';
import { planKills } from './kills.ts';
import { type Load, startLoad } from './load.ts';
import type { DatabaseKind } from './place.ts';
import { type Evidence, gather, prove } from './proofs.ts';
import { races } from './races.ts';
import { openStage, type Stage } from './stage.ts';
import { stops } from './stops.ts';

export interface CrashOptions {
  readonly database: DatabaseKind;
  readonly kills: number;
  readonly seed: string;
  /** The stories with exact deaths, before load and kills. */
  readonly episodes: readonly Episode[];
  /** What is asked of every start, whatever the last life left behind; Infinity where the machine's speed is not to be judged. */
  readonly readyLimitMs: number;
  /** Gets a line for each thing that happened. */
  readonly say: (line: string) => void;
}

export interface CrashReport {
  readonly database: DatabaseKind;
  readonly seed: string;
  readonly kills: number;
  readonly readyMaxMs: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly retried: number;
  readonly records: number;
  readonly venueOrders: number;
  readonly fills: number;
  readonly problems: readonly string[];
}

export const ALL_EPISODES: readonly Episode[] = [...races, ...stops, ...approvals];
const SETTLE_MAX_MS = 20_000;
const PAGE = 100;

export async function runCrash(options: CrashOptions): Promise<CrashReport> {
  const { database, kills, seed, episodes, readyLimitMs, say } = options;
  const stage = await openStage(database);
  try {
    const random = seededRandom(seed);
    const problems: string[] = [];
    const note = (name: string, found: readonly string[], more = ''): void => {
      say(`${database.padEnd(8)} ${name.padEnd(40)} ${found.length === 0 ? 'ok' : 'FAILED'}${more}`);
      for (const problem of found) say(`  ${problem}`);
      problems.push(...found);
    };
    const traders = await life(stage, '', () => openAll(stage, episodes));
    for (const [index, episode] of episodes.entries()) note(episode.name, await episode.play(stage, traders[index]!));
    await stage.start();
    const load = await startLoad(stage, random.fork('load'));
    await stage.product.end('SIGKILL');
    const killed: Killed[] = [];
    for (const [index, kill] of planKills(random.fork('kills'), kills).entries()) {
      const one = await killOnce(stage, kill, readyLimitMs);
      killed.push(one);
      note(
        `kill ${index + 1}: ${one.name}`,
        one.problems,
        one.readyMs === undefined ? '' : `, ready in ${Math.round(one.readyMs)} ms`,
      );
    }
    note('healed, settled and drained', await heal(stage, load, readyLimitMs));
    const evidence = await gather(stage.place, stage.folder);
    note('proofs', prove(evidence));
    note('checkers', check(evidence));
    return { database, seed, kills, ...figures(load, killed, evidence), problems };
  } finally {
    await stage.close();
  }
}

const openAll = (stage: Stage, episodes: readonly Episode[]): Promise<string[]> =>
  Promise.all(episodes.map(({ name, maxPositionSize }) => openTrader(stage, name, maxPositionSize)));

function figures({ acknowledged }: Load, killed: readonly Killed[], { records, venueOrders, rows }: Evidence) {
  return {
    readyMaxMs: Math.round(Math.max(0, ...killed.map(({ readyMs = 0 }) => readyMs))),
    acknowledged: acknowledged.orders.size,
    refused: acknowledged.refused,
    retried: acknowledged.retried,
    records: records.length,
    venueOrders: venueOrders.size,
    fills: rows.fills.length,
  };
}

/** The last life: nobody dies, every request is answered, every order comes to rest, and the product ends as it is told. */
async function heal(stage: Stage, load: Load, readyLimitMs: number): Promise<readonly string[]> {
  const readyMs = await stage.start();
  await load.stop();
  const problems = [...slowness(readyMs, readyLimitMs)];
  await settled(stage);
  const statuses = new Map<string, string>();
  for (const traderId of load.traderIds) await list(stage, traderId, statuses);
  problems.push(...load.acknowledged.check(statuses));
  const product = await stage.product.end('SIGTERM');
  if (product.code !== 0) problems.push(`SIGTERM ended the product with ${product.code ?? product.signal}`);
  const venue = await stage.endVenue();
  if (venue.code !== 0) problems.push(`SIGTERM ended the venue with ${venue.code ?? venue.signal}`);
  return problems;
}

/** An effect under way is an order that has not come to rest; the house's own metrics tell of them. */
async function settled(stage: Stage): Promise<void> {
  const untilMs = performance.now() + SETTLE_MAX_MS;
  await sleep(1_000);
  while (performance.now() < untilMs) {
    const { body } = await insist(stage, { method: 'GET', path: '/health' });
    if (body.status === 'healthy') return;
    await sleep(100);
  }
}

async function list(stage: Stage, traderId: string, statuses: Map<string, string>): Promise<void> {
  for (let page = 1; ; page += 1) {
    const path = `/api/v1/agents/${traderId}/trades?limit=${PAGE}&page=${page}`;
    const { body } = await insist(stage, { method: 'GET', path });
    for (const { id, status } of body.trades as { id: string; status: string }[]) statuses.set(id, status);
    if (body.hasMore !== true) return;
  }
}
