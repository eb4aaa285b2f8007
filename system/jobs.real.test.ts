/** Real threads, and real Redis with workers in processes of their own, keep the jobs port's promises. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRedisQueue } from '../adapters/redis/queue.ts';
import { JOB_THREAD } from '../db/client/package-root.ts';
import { type OpenedPlace, openPostgres } from '../db/open.ts';
import { emptyPostgres } from '../db/testing/empty-postgres.ts';
import { jobsConformance } from '../runtime/jobs/conformance.ts';
import { DistributedJobs } from '../runtime/jobs/distributed.ts';
import { LocalJobs } from '../runtime/jobs/local.ts';
import type { LaneRun, OpenLane } from '../runtime/jobs/run.ts';
import { liveRandom } from '../runtime/live/ambient.ts';
import { liveClock } from '../runtime/live/clock.ts';
import { laneCount, threadLanes } from '../runtime/live/job-threads.ts';
import { MemoryJobRows } from '../runtime/simulated/job-rows.ts';
import { silentLog as log } from '../runtime/simulated/log.ts';
import { type PostgresCluster, startPostgres } from '../scripts/lib/postgres.mjs';
import { type RedisServer, redisMissing, startRedis } from '../scripts/lib/redis.mjs';
import { queueName } from './background.ts';
import { JOB_KINDS } from './job-kinds.ts';

const clock = liveClock();
const random = liveRandom();
const DEADLINE_MS = 250_000;
/** Rounds that fill about a millisecond on this machine, or more while it is busy. */
const ROUNDS = roundsOfMs(1);

function roundsOfMs(ms: number): number {
  let fastest = 0;
  for (let window = 0; window < 5; window += 1) {
    const begin = clock.monotonic();
    let sum = 1;
    let rounds = 0;
    while (clock.monotonic() - begin < 20) {
      for (let round = 0; round < 10_000; round += 1) sum = (Math.imul(sum, 31) + round) | 0;
      rounds += 10_000;
    }
    fastest = Math.max(fastest, rounds / (clock.monotonic() - begin));
  }
  return Math.max(1_000, Math.round(fastest * ms));
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const due = clock.monotonic() + DEADLINE_MS;
  while (!(await what())) {
    if (clock.monotonic() > due) throw new Error('it never happened');
    await sleep(20);
  }
}

beforeAll(() => {
  if (!existsSync(JOB_THREAD)) throw new Error('the threads of jobs are not built: npm run build');
});

jobsConformance('threads', async () => {
  const rows = new MemoryJobRows();
  const alive = new Set<LaneRun>();
  const threads = threadLanes(JOB_THREAD);
  const lane: OpenLane = (work, words) => {
    const run = threads(work, words);
    alive.add(run);
    void run.ended.then(() => alive.delete(run));
    return run;
  };
  const call = async (): Promise<undefined> => undefined;
  return {
    open: async () =>
      new LocalJobs({ kind: 'threads', lanes: laneCount(), rows, kinds: JOB_KINDS, lane, clock, random, log, call }),
    async killWorkers() {
      for (const run of alive) run.kill();
    },
    until,
    rounds: ROUNDS,
    close: async () => undefined,
  };
});

it('ends a thread that never comes up for air, and goes on with the next job', async () => {
  const jobs = new LocalJobs({
    ...{
      kind: 'threads',
      lanes: 1,
      rows: new MemoryJobRows(),
      kinds: JOB_KINDS,
      lane: threadLanes(JOB_THREAD),
      clock,
      random,
      log,
    },
    call: async () => undefined,
  });
  await jobs.start();
  const trouble = { kind: 'spins', atPiece: 0, attempts: 99 };
  await jobs.submit({ id: 'spins', kind: 'rehearsal', payload: JSON.stringify({ pieces: 5, rounds: 0, trouble }) });
  await jobs.submit({ id: 'next', kind: 'rehearsal', payload: '{"pieces":3,"rounds":0}' });
  await until(() => jobs.health().open.running === 1);
  await jobs.control('spins', 'stop');
  await until(() => jobs.health().ended.stopped === 1);
  await until(() => jobs.health().ended.done === 1);
  await jobs.close();
});

const missing = redisMissing();
if (missing) console.warn(`jobs on Redis are not tested here: ${missing}`);

describe.skipIf(missing !== undefined)('with Redis', () => {
  let cluster: PostgresCluster;
  let redis: RedisServer;
  beforeAll(async () => {
    cluster = await startPostgres();
    redis = await startRedis();
  });
  afterAll(async () => {
    cluster.stop();
    await redis.stop();
  });

  interface WorkerProcess {
    readonly child: ChildProcess;
    readonly text: () => string;
    readonly exit: Promise<number | null>;
  }
  function startWorker(databaseUrl: string | undefined, redisUrl: string | undefined): WorkerProcess {
    const { REDIS_URL: _redis, DATABASE_URL: _database, ...rest } = process.env;
    const env = {
      ...rest,
      ...(databaseUrl && { DATABASE_URL: databaseUrl }),
      ...(redisUrl && { REDIS_URL: redisUrl }),
    };
    const child = spawn(process.execPath, ['dist/system/worker.js'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (data) => {
      said += data;
    });
    child.stderr.on('data', (data) => {
      said += data;
    });
    return { child, text: () => said, exit: new Promise((resolve) => child.once('exit', resolve)) };
  }

  async function openPlace() {
    const url = await emptyPostgres(cluster.url);
    const place: OpenedPlace = openPostgres({ url, archiveDirectory: '/nonexistent' });
    await place.store.open('live');
    const name = await queueName(place);
    const workers = new Set<WorkerProcess>();
    const addWorker = async (): Promise<WorkerProcess> => {
      const worker = startWorker(url, redis.url);
      workers.add(worker);
      await until(() => worker.text().includes('serves'));
      return worker;
    };
    await addWorker();
    return {
      url,
      addWorker,
      open: async () =>
        new DistributedJobs({
          ...{ rows: place.jobs, clock, log, deadAfterMs: 3_000 },
          openQueue: () => openRedisQueue({ url: redis.url, name, log }),
        }),
      async killWorkers() {
        for (const { child } of workers) child.kill('SIGKILL');
        workers.clear();
        await addWorker();
      },
      until,
      rounds: ROUNDS,
      async close() {
        for (const { child } of workers) child.kill('SIGKILL');
        await place.close();
      },
    };
  }
  jobsConformance('Redis', openPlace);

  const long = (id: string) => ({
    ...{ id, kind: 'rehearsal', payload: JSON.stringify({ pieces: 2_000, rounds: ROUNDS }) },
  });

  it('makes the queue again from the rows when Redis has lost everything', async () => {
    const place = await openPlace();
    const jobs = await place.open();
    await jobs.start();
    for (const id of ['a', 'b', 'c']) await jobs.submit(long(id));
    await until(() => jobs.health().open.running >= 1);
    await redis.halt();
    await until(() => !jobs.health().reachable);
    await redis.resume();
    await until(() => jobs.health().reachable);
    await until(() => jobs.health().ended.done === 3);
    await jobs.close();
    await place.close();
  });

  it('takes an order while Redis is away', async () => {
    const place = await openPlace();
    const jobs = await place.open();
    await jobs.start();
    await redis.halt();
    await jobs.submit({ id: 'kept', kind: 'rehearsal', payload: '{"pieces":3,"rounds":0}' });
    expect(await jobs.find('kept')).toMatchObject({ state: 'waiting' });
    await redis.resume();
    await until(() => jobs.health().ended.done === 1);
    await jobs.close();
    await place.close();
  });

  it('lets a worker that is told to end hand its job to another, with nothing lost', async () => {
    const place = await openPlace();
    const jobs = await place.open();
    await jobs.start();
    const second = await place.addWorker();
    const trouble = { kind: 'stays', atPiece: 100, attempts: 1 };
    const payload = JSON.stringify({ pieces: 150, rounds: ROUNDS, trouble });
    for (const id of ['a', 'b']) await jobs.submit({ id, kind: 'rehearsal', payload });
    await until(() => jobs.health().open.running === 2);
    second.child.kill('SIGTERM');
    expect(await second.exit).toBe(0);
    expect(second.text()).toMatch(/job [ab] \(rehearsal\): waiting, attempt 1\n.*stopped\n$/s);
    const stays = (await jobs.find('a'))?.state === 'running' ? 'a' : 'b';
    await jobs.control(stays, 'stop');
    await until(() => jobs.health().ended.done === 1);
    expect(await jobs.find(stays)).toMatchObject({ state: 'stopped', attempt: 1 });
    expect(await jobs.find(stays === 'a' ? 'b' : 'a')).toMatchObject({ state: 'done', attempt: 2 });
    await jobs.close();
    await place.close();
  });

  it('lets a product show in its health and metrics how Redis is', async () => {
    const env = { ...process.env, PORT: '0', LOG_LEVEL: 'silent', REDIS_URL: redis.url };
    const product = spawn(process.execPath, ['dist/main.js'], {
      env: { ...env, DATABASE_URL: await emptyPostgres(cluster.url) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    product.stdout.on('data', (data) => {
      said += data;
    });
    try {
      await until(() => said.includes('listening on'));
      const base = /listening on (\S+)/.exec(said)?.[1] ?? '';
      const broker = async (): Promise<string> => {
        type Shown = { readonly status: string; readonly dependencies: { readonly message_broker: string } };
        const { status, dependencies } = (await (await fetch(`${base}/health`)).json()) as Shown;
        return `${status}, ${dependencies.message_broker}`;
      };
      await until(async () => (await broker()) === 'healthy, healthy');
      expect(await (await fetch(`${base}/metrics`)).text()).toContain('pitwall_jobs{state="running"} 0');
      await redis.halt();
      await until(async () => (await broker()) === 'degraded, unhealthy');
      await redis.resume();
      await until(async () => (await broker()) === 'healthy, healthy');
    } finally {
      product.kill('SIGTERM');
    }
    expect(await new Promise((resolve) => product.once('exit', resolve))).toBe(0);
  });

  it('refuses a server that throws data away', async () => {
    const evicting = await startRedis({ 'maxmemory-policy': 'allkeys-lru' });
    await expect(openRedisQueue({ url: evicting.url, name: 'x', log })).rejects.toThrow('not allkeys-lru');
    const url = await emptyPostgres(cluster.url);
    const place = openPostgres({ url, archiveDirectory: '/nonexistent' });
    await place.store.open('live');
    await place.close();
    const worker = startWorker(url, evicting.url);
    expect(await worker.exit).toBe(1);
    expect(worker.text()).toContain('Redis must run with maxmemory-policy noeviction, not allkeys-lru');
    await evicting.stop();
  });

  it('refuses a worker without an address, or with a database of another build, by name', async () => {
    const nowhere = startWorker(undefined, undefined);
    expect(await nowhere.exit).toBe(1);
    expect(nowhere.text()).toMatch(/REDIS_URL is missing.*DATABASE_URL is missing/s);
    const alone = startWorker(undefined, redis.url);
    expect(await alone.exit).toBe(1);
    expect(alone.text()).toContain('DATABASE_URL is missing');
    const empty = startWorker(await emptyPostgres(cluster.url), redis.url);
    expect(await empty.exit).toBe(1);
    expect(empty.text()).toContain('the database is not of this build');
  });
});
