/** The simulated queue keeps the port's promises; with its faults jobs still run once, to the same end. */
import { expect, it } from 'vitest';
import { JobAttendant } from '../jobs/attend.ts';
import { jobsConformance } from '../jobs/conformance.ts';
import { DistributedJobs } from '../jobs/distributed.ts';
import { queueConformance } from '../jobs/queue.conformance.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { rehearsal } from '../jobs/rehearsal.ts';
import type { JobRows } from '../jobs/rows.ts';
import type { Jobs } from '../jobs.ts';
import { SimulatedClock } from './clock.ts';
import { simulatedLanes } from './job-lanes.ts';
import {
  drawQueueFaults,
  NO_QUEUE_FAULTS,
  type QueueFaults,
  SimulatedQueue,
  type SimulatedServer,
} from './job-queue.ts';
import { MemoryJobRows } from './job-rows.ts';
import { silentLog as log } from './log.ts';
import { seededRandom } from './random.ts';

const SOON_MS = 3_600_000;
const LOCK_MS = 10_000;

function simulatedTime() {
  const clock = new SimulatedClock(1_000_000);
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) await undefined;
  };
  return {
    clock,
    async until(what: () => boolean | Promise<boolean>) {
      const end = clock.monotonic() + SOON_MS;
      await settle();
      while (!(await what())) {
        if (!clock.step(end)) throw new Error('it never happened');
        await settle();
      }
    },
  };
}

/** Runs on while it waits: nothing else moves the clock. */
async function during<T>(work: Promise<T>, until: (what: () => boolean) => Promise<void>): Promise<T> {
  let isDone = false;
  const done = (): void => {
    isDone = true;
  };
  work.then(done, done);
  await until(() => isDone);
  return work;
}

queueConformance('a simulated world', async () => {
  const { clock, until } = simulatedTime();
  const queue = new SimulatedQueue({ clock, random: seededRandom('calm') });
  let awayFor = 0;
  return {
    async open() {
      const line = queue.connect();
      const push: JobQueue['push'] = (entry, delayMs) => {
        const pushed = line.push(entry, delayMs);
        return queue.reachable ? during(pushed, until) : pushed;
      };
      return {
        push,
        get reachable() {
          return line.reachable;
        },
        close: () => line.close(),
      };
    },
    serve: async (handle) => queue.serve({ concurrency: 1, lockMs: LOCK_MS, handle }),
    async halt() {
      awayFor += 5_000;
      queue.interrupt(clock.monotonic() + awayFor);
    },
    resume: async () => undefined,
    until,
    close: async () => undefined,
  };
});

/** A house and two workers on one queue. */
function distributed(seed: string, faults: QueueFaults) {
  const { clock, until } = simulatedTime();
  const rows = new MemoryJobRows();
  const queue = new SimulatedQueue({ clock, random: seededRandom(seed), faults });
  const lane = simulatedLanes({
    ...{ kinds: [rehearsal], clock, random: seededRandom(seed), pace: () => ({ sliceMs: 2, deathRatio: 0 }) },
  });
  let workers: (() => void)[] = [];
  function startWorker(): void {
    let isDead = false;
    const heard = new Proxy(rows, {
      get: (target, name: keyof JobRows) => (isDead ? () => new Promise(() => undefined) : target[name].bind(target)),
    });
    const attendant = new JobAttendant({
      ...{ rows: heard, kinds: [rehearsal], lane, clock, log, random: seededRandom(seed) },
      call: async () => undefined,
      told: () => undefined,
    });
    const server: SimulatedServer = queue.serve({
      ...{ concurrency: 2, lockMs: LOCK_MS },
      handle: async (id, takeOver) => void (await attendant.attend(id, takeOver)),
    });
    workers.push(() => {
      isDead = true;
      server.die();
    });
  }
  const startWorkers = (): void => {
    workers = [];
    for (let count = 0; count < 2; count += 1) startWorker();
  };
  startWorkers();
  return {
    clock,
    queue,
    rows,
    async open(): Promise<Jobs> {
      const jobs = new DistributedJobs({
        ...{ kind: 'simulated', rows, clock, log, openQueue: async () => queue.connect() },
      });
      const close = jobs.close.bind(jobs);
      jobs.close = () => during(close(), until);
      return jobs;
    },
    async killWorkers() {
      for (const kill of workers) kill();
      startWorkers();
    },
    until,
    rounds: 0,
    close: async () => undefined,
  };
}

jobsConformance('a simulated queue', async () => distributed('calm', NO_QUEUE_FAULTS));
jobsConformance('a simulated queue that loses, repeats and delays', async () =>
  distributed('wild', { lostRatio: 0.3, duplicateRatio: 0.5, delayRatio: 0.3, delayMaxMs: 20_000 }),
);

const work = (id: string) => ({ id, kind: 'rehearsal', payload: JSON.stringify({ pieces: 400, rounds: 0 }) });

it('is made again from the rows when all of it is lost, again and again', async () => {
  const place = distributed('lost', NO_QUEUE_FAULTS);
  const jobs = await place.open();
  await jobs.start();
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const id of ids) await jobs.submit(work(id));
  for (let times = 0; times < 3; times += 1) {
    place.queue.interrupt(place.clock.monotonic() + 700);
    expect(jobs.health().reachable).toBe(false);
    await place.until(() => jobs.health().reachable);
  }
  await place.until(() => jobs.health().ended.done === ids.length);
  expect(place.queue.faultCounts['queue-away']).toBe(3);
});

it('gives what a dead worker had in hand to another once its lock has run out, and lets who pushes wait while it is away', async () => {
  const { clock, until } = simulatedTime();
  const queue = new SimulatedQueue({ clock, random: seededRandom('x') });
  const begin = clock.monotonic();
  const taken: string[] = [];
  const handle = (name: string) => async (id: string, takeOver: boolean) => {
    taken.push(`${name} ${id} ${takeOver}`);
    return name === 'first' ? new Promise<void>(() => undefined) : undefined;
  };
  const first = queue.serve({ concurrency: 1, lockMs: LOCK_MS, handle: handle('first') });
  await during(queue.connect().push({ id: 'a', turn: '0', takeOver: false }, 0), until);
  await until(() => taken.length === 1);
  first.die();
  queue.serve({ concurrency: 1, lockMs: LOCK_MS, handle: handle('second') });
  await until(() => taken.length === 2);
  expect(taken).toEqual(['first a false', 'second a true']);
  expect(clock.monotonic() - begin).toBeGreaterThanOrEqual(LOCK_MS);
  const backAt = clock.monotonic() + 7_000;
  queue.interrupt(backAt);
  await during(queue.connect().push({ id: 'b', turn: '0', takeOver: false }, 0), until);
  expect(clock.monotonic()).toBeGreaterThan(backAt);
});

it('counts its faults, and the same seed gives the same ones', async () => {
  const run = async (seed: string): Promise<string> => {
    const place = distributed(seed, { lostRatio: 0.4, duplicateRatio: 0.4, delayRatio: 0.4, delayMaxMs: 3_000 });
    const jobs = await place.open();
    const told: string[] = [];
    jobs.listen(({ id, state, attempt }) => told.push(`${place.clock.monotonic()} ${id} ${state} ${attempt}`));
    await jobs.start();
    for (const id of ['a', 'b', 'c', 'd', 'e']) await jobs.submit(work(id));
    await place.until(() => jobs.health().ended.done === 5);
    const { 'queue-away': _none, ...counts } = place.queue.faultCounts;
    expect(Object.values(counts).every((count) => count > 0)).toBe(true);
    return `${JSON.stringify(counts)}\n${told.join('\n')}`;
  };
  expect(await run('3')).toBe(await run('3'));
});

it('draws rates that are off in some worlds and on in others', () => {
  const drawn = Array.from({ length: 60 }, (_, seed) => drawQueueFaults(seededRandom(String(seed))));
  for (const kind of ['lostRatio', 'duplicateRatio', 'delayRatio', 'delayMaxMs'] as const) {
    expect(drawn.filter((rates) => rates[kind] === 0).length).toBeGreaterThan(5);
    expect(drawn.filter((rates) => rates[kind] > 0).length).toBeGreaterThan(20);
  }
});

it('refuses a server without room', () => {
  const { clock } = simulatedTime();
  const queue = new SimulatedQueue({ clock, random: seededRandom('x') });
  expect(() => queue.serve({ concurrency: 0, lockMs: 1, handle: async () => undefined })).toThrow(RangeError);
});
