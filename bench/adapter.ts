/**
 * One measurement for a harness of peers: `FIGURE TILES REPETITIONS` over the harness's own columns, one line of JSON printed by the
 * harness's own means. Only the run is timed, loading is not. A figure that we don't have ends with 3. `durable_orders` takes
 * `CONNECTIONS SECONDS` instead.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunTrade } from '../domain/run.ts';
import { type BarColumns, type TickColumns, unitsOf } from '../market/columns.ts';
import { max } from '../strategies/max.ts';
import { smaCross } from '../strategies/sma-cross.ts';
import type { StrategyDefinition } from '../strategies/strategy.ts';
import { p99Of } from './load.ts';
import { faninOnce, pingpongOnce } from './ours/actors.ts';
import { runOnce } from './ours/backtests.ts';
import { durableLoad } from './ours/durable.ts';
import { openOrders } from './ours/simulated.ts';
import { SIMULATED_ORDERS } from './workloads.ts';

const HARNESS = process.env.BENCH_HARNESS ?? process.cwd();
const MINUTE_MS = 60_000;
/** Small inputs are repeated inside one timing. */
const ITEMS_A_TIMING = 100_000;

interface Work {
  readonly items: number;
  /** Runs in one timing but the first. */
  readonly inner?: number;
  readonly run: () => unknown;
  /** What the harness compares before speed. */
  readonly check?: (outcome: unknown) => unknown;
}

type Load = { column(name: string, tiles: number): Float64Array };
type Sample = { sample(measured: Work & Readonly<Record<string, unknown>>): Promise<void> };
const ofHarness = async <Module>(file: string): Promise<Module> =>
  (await import(pathToFileURL(join(HARNESS, 'lib', file)).href)) as Module;

async function bars(tiles: number): Promise<BarColumns> {
  const { column } = await ofHarness<Load>('load.mjs');
  const [startMs, volume] = [column('nq.bar.time', tiles), column('nq.bar.volume', tiles)];
  const [open, high, low, close] = ['open', 'high', 'low', 'close'].map((name) =>
    column(`nq.bar.${name}`, tiles).map(unitsOf),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const { length } = startMs;
  return { length, timeframeMs: MINUTE_MS, startMs, open, high, low, close, volume, ticks: new Float64Array(length) };
}

async function prints(tiles: number): Promise<TickColumns> {
  const { column } = await ofHarness<Load>('load.mjs');
  const [atMs, volume] = [column('nq.tick.time', tiles), column('nq.tick.volume', tiles)];
  const price = column('nq.tick.price', tiles).map(unitsOf);
  const { length } = atMs;
  return { kind: 'prints', length, atMs, subMsNs: new Int32Array(length), price, bid: price, ask: price, volume };
}

function backtest(strategy: StrategyDefinition, columns: TickColumns | BarColumns): Work {
  const run = () => runOnce(strategy, columns);
  const check = (outcome: unknown) => {
    const trades = [...(outcome as Iterable<RunTrade>)];
    return { trades: trades.length, pnl: trades.reduce((sum, { points }) => sum + points, 0) };
  };
  const { length: items } = columns;
  return { items, inner: Math.max(1, Math.ceil(ITEMS_A_TIMING / items)), run, check };
}

async function orders(): Promise<Work> {
  const count = Number(process.env.N_ORDERS ?? SIMULATED_ORDERS);
  const order = await openOrders();
  return { items: count, run: () => order(count), check: () => ({ filled: count }) };
}

/** A database of its own on the server that the harness has started. */
async function durable(connections: number, seconds: number): Promise<void> {
  const port = readFileSync(join(HARNESS, 'postgres', '.data.port'), 'utf8').trim();
  process.env.BENCH_DATABASE_URL = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const result = await durableLoad(connections, seconds);
  const { counted, seconds: elapsed, others } = result;
  const check = { others, p99Ms: p99Of(result) };
  const line = { figure, ...about, items: counted, seconds: [elapsed], check, tail_s: 0 };
  console.log(JSON.stringify(line));
}

const [figure = '', first = '1', second = '1'] = process.argv.slice(2);
const [tiles, repetitions] = [Number(first), Number(second)];
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
const about = { peer: 'Pitwall', version };

const WORKS: Readonly<Record<string, () => Work | Promise<Work>>> = {
  sma: async () => backtest(smaCross, await bars(tiles)),
  max: async () => backtest(max, await prints(tiles)),
  // `tiles` is thousands of messages.
  fanin: () => ({ items: tiles * 1_000, run: () => faninOnce(tiles * 1_000) }),
  pingpong: () => ({ items: tiles * 1_000, run: () => pingpongOnce(tiles * 1_000) }),
  orders,
};

const open = WORKS[figure];
if (figure === 'durable_orders') await durable(tiles, repetitions);
else if (open) {
  const work = await open();
  const { sample } = await ofHarness<Sample>('sample.mjs');
  await sample({ figure, ...about, reps: repetitions, ...work });
} else {
  console.error(`no ${figure} yet`);
  process.exit(3);
}
process.exit(0);
