/** Backtests in real threads and processes: killed with SIGKILL, over imported data, in workers on Redis, always the same result. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRedisQueue } from '../adapters/redis/queue.ts';
import { JOB_THREAD } from '../db/client/package-root.ts';
import { type OpenedPlace, openEmbedded, openPostgres } from '../db/open.ts';
import { emptyPostgres } from '../db/testing/empty-postgres.ts';
import { findInstrument } from '../domain/instrument.ts';
import type { RunTrade } from '../domain/run.ts';
import { readTicks } from '../market/series/read-ticks.ts';
import { importText } from '../market/testing/imports.ts';
import { BACKTEST } from '../runs/backtest/backtest.ts';
import type { BacktestPart, BacktestPayload } from '../runs/backtest/payload.ts';
import { Run } from '../runs/engine/run.ts';
import { termsOf } from '../runs/engine/terms.ts';
import { DistributedJobs } from '../runtime/jobs/distributed.ts';
import { LocalJobs } from '../runtime/jobs/local.ts';
import type { LaneRun, OpenLane } from '../runtime/jobs/run.ts';
import { hasEnded, type Jobs } from '../runtime/jobs.ts';
import { liveRandom } from '../runtime/live/ambient.ts';
import { liveClock } from '../runtime/live/clock.ts';
import { threadLanes } from '../runtime/live/job-threads.ts';
import { silentLog as log } from '../runtime/simulated/log.ts';
import { seededRandom } from '../runtime/simulated/random.ts';
import { startPostgres } from '../scripts/lib/postgres.mjs';
import { redisMissing, startRedis } from '../scripts/lib/redis.mjs';
import { findStrategy } from '../strategies/all.ts';
import { queueName } from './background.ts';
import { JOB_KINDS } from './job-kinds.ts';
import { serviceDesk } from './job-services.ts';
import { HouseProcess, killAll, start, until } from './testing/house-process.ts';

const home = mkdtempSync(join(tmpdir(), 'pitwall-runs-'));
const clock = liveClock();

beforeAll(() => {
  if (!existsSync(JOB_THREAD)) throw new Error('the threads of jobs are not built: npm run build');
});
afterAll(() => {
  killAll();
  rmSync(home, { recursive: true, force: true });
});

/** Long enough that it is still running after a start of the house, however fast the machine. */
const DAYS = 120;
const TASK = {
  ...{ task_type: 'backtest', name: 'Many days', strategy_type: 'floor', instrument: 'EUR_USD' },
  parameters: { momentum_lookback: 100, take_profit_pips: 4, retracement_pips: 5, max_retracements: 4 },
  ...{ data_source: 'simulated', granularity: 'ticks', start_time: '2026-01-05T00:00:00Z' },
  end_time: new Date(Date.UTC(2026, 0, 5 + DAYS)).toISOString(),
};

test('a process that is killed twice in a backtest ends with what an undisturbed one says', async () => {
  const directory = join(home, 'killed');
  let house = await HouseProcess.open(directory);
  const { task_id } = await house.call<{ task_id: number }>('POST', 'tasks/', TASK);
  await house.call('POST', `tasks/${task_id}/start/`);
  let processed = 0;
  for (let kills = 0; kills < 2; kills += 1) {
    const before = processed;
    const shown = await until(async () => {
      const found = await house.status(1);
      return (found.checkpoint?.processed ?? 0) > before && found;
    });
    expect(shown.status).toBe('running');
    processed = shown.checkpoint?.processed ?? 0;
    await house.kill();
    house = await HouseProcess.open(directory);
  }
  await until(async () => (await house.status(1)).status === 'completed');
  expect((await house.status(1)).checkpoint?.processed).toBe(DAYS * 86_400);
  await house.call('POST', `tasks/${task_id}/start/`);
  await until(async () => (await house.status(2)).status === 'completed');
  const [broken, undisturbed] = [await house.said(1), await house.said(2)];
  expect(broken.length).toBeGreaterThan(1_000);
  expect(broken).toEqual(undisturbed);
  await house.kill();
});

const PAYLOAD: BacktestPayload = {
  ...{ strategyType: 'max', symbol: 'NQ', dataSource: 'store', granularity: 'ticks', startAt: null, endAt: null },
  parameters: { impulse: 6, pullback: 3, confirmation: 2, target: 5, stop: 5 },
};

/** A seeded walk, some ticks in the same millisecond, in two files that overlap. */
async function importWalk({ series }: OpenedPlace): Promise<void> {
  const random = seededRandom('runs');
  let price = 21_000;
  const rows = Array.from({ length: 150_000 }, (_, index) => {
    price += Math.round((random.next() - 0.5) * 8) * 0.25;
    return `${1_767_571_200_000 + Math.floor(index / 3) * 250},${price},1`;
  });
  for (const part of [rows.slice(0, 90_000), rows.slice(60_000)])
    await importText(series, `timestamp,price,volume\n${part.join('\n')}\n`);
}

async function tradesInOneGo({ series }: OpenedPlace): Promise<readonly RunTrade[]> {
  const run = new Run({
    strategy: findStrategy('max')!,
    parameters: PAYLOAD.parameters,
    terms: termsOf(findInstrument('NQ')!),
  });
  for await (const ticks of readTicks(series, { symbol: 'NQ', fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }))
    run.advance(ticks);
  run.finish();
  return [...run.take().trades];
}

async function tradesOf(jobs: Jobs, id: string): Promise<readonly RunTrade[]> {
  await until(async () => hasEnded((await jobs.find(id))!.state));
  expect(await jobs.find(id)).toMatchObject({ state: 'done', reason: null });
  return (await jobs.output(id, 0, 1_000)).flatMap(({ output }) => (JSON.parse(output) as BacktestPart).trades);
}

const order = { id: 'run-1', kind: BACKTEST, payload: JSON.stringify(PAYLOAD) };

test('a thread reads imported ticks through the process that has the database, and goes on after it was killed', async () => {
  const place = openEmbedded({ directory: join(home, 'threads') });
  await place.store.open('live');
  await importWalk(place);
  const threads = threadLanes(JOB_THREAD);
  const alive = new Set<LaneRun>();
  const lane: OpenLane = (work, words) => {
    const run = threads(work, words);
    alive.add(run);
    return run;
  };
  let calls = 0;
  const serve = serviceDesk(place.series);
  const call = async (service: string, argument: unknown): Promise<unknown> => {
    calls += 1;
    // In the middle of its reading, once.
    if (calls === 4) for (const run of alive) run.kill();
    return serve(service, argument);
  };
  const jobs = new LocalJobs({
    ...{ kind: 'threads', lanes: 1, rows: place.jobs, kinds: JOB_KINDS, lane, clock, log, call },
    random: liveRandom(),
  });
  await jobs.start();
  await jobs.submit(order);
  const trades = await tradesOf(jobs, order.id);
  expect((await jobs.find(order.id))?.attempt).toBe(2);
  expect(trades.length).toBeGreaterThan(100);
  expect(trades).toEqual(await tradesInOneGo(place));
  await jobs.close();
  await place.close();
});

const missing = redisMissing();
if (missing) console.warn(`backtests on Redis are not tested here: ${missing}`);

test.skipIf(missing !== undefined)('a worker on Redis says the same, also when its first process dies', async () => {
  const [cluster, redis] = [await startPostgres(), await startRedis()];
  const url = await emptyPostgres(cluster.url);
  const place = openPostgres({ url, archiveDirectory: '/nonexistent' });
  await place.store.open('live');
  await importWalk(place);
  const worker = async () => {
    const { child, said } = start('dist/system/worker.js', { DATABASE_URL: url, REDIS_URL: redis.url });
    await until(async () => said().includes('serves'));
    return child;
  };
  const name = await queueName(place);
  const jobs = new DistributedJobs({
    ...{ rows: place.jobs, clock, log, deadAfterMs: 3_000 },
    openQueue: () => openRedisQueue({ url: redis.url, name, log }),
  });
  await jobs.start();
  const first = await worker();
  await jobs.submit(order);
  await until(async () => (await jobs.find(order.id))?.state === 'running');
  first.kill('SIGKILL');
  await worker();
  expect(await tradesOf(jobs, order.id)).toEqual(await tradesInOneGo(place));
  await jobs.close();
  await place.close();
  cluster.stop();
  await redis.stop();
});
