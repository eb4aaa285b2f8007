/**
 * Background work of a world on a queue: workers are processes of their own, beside the product, on the same database and the same queue.
 * They outlive the product's lives, and it theirs. Invariant: a worker that has died hears nothing, and nothing of it lands any more.
 */
import type { SimulatedDatabase } from '../db/simulated/database.ts';
import { PACKED_AT_ONCE } from '../market/series/pack.ts';
import { JobAttendant } from '../runtime/jobs/attend.ts';
import type { Clock, Random } from '../runtime/ports.ts';
import { simulatedLanes } from '../runtime/simulated/job-lanes.ts';
import { SimulatedQueue } from '../runtime/simulated/job-queue.ts';
import { silentLog as log } from '../runtime/simulated/log.ts';
import { jobKinds } from '../system/job-kinds.ts';
import { serviceDesk } from '../system/job-services.ts';
import type { LaneOptions, PlantedParts } from './life.ts';
import type { Runner } from './runner.ts';

export interface WorkersOptions {
  readonly runner: Runner;
  readonly database: SimulatedDatabase;
  readonly random: Random;
  readonly pace: () => LaneOptions;
  readonly planted: () => PlantedParts;
  readonly laneDied: () => void;
  /** What must not happen in any world. */
  readonly failed: (what: string) => void;
}

/** As a worker of the real queue: one thread, and its entries are given to another so long after it was heard of last. */
const SERVED = { concurrency: 1, lockMs: 10_000 } as const;
const RESTART_MIN_MS = 500;
const RESTART_SPREAD_MS = 4_500;

interface Worker {
  die(): void;
}

export class Workers {
  readonly queue: SimulatedQueue;
  /** By place; undefined while it starts again. */
  private readonly workers: (Worker | undefined)[] = [];
  private begun = 0;

  readonly faultCounts = { 'worker-killed': 0 };

  constructor(
    count: number,
    private readonly options: WorkersOptions,
  ) {
    const { runner, random } = options;
    this.queue = new SimulatedQueue({ clock: runner.clock, random: random.fork('queue') });
    for (let place = 0; place < count; place += 1) this.workers.push(this.start());
  }

  /** One of those that are there dies with what it has in hand, and is started again a little later. */
  kill(): void {
    const { random, runner } = this.options;
    const there = this.workers.flatMap((worker, place) => (worker ? [{ worker, place }] : []));
    const pauseMs = RESTART_MIN_MS + Math.floor(random.next() * RESTART_SPREAD_MS);
    const chosen = there[Math.floor(random.next() * there.length)];
    if (!chosen) return;
    const { worker, place } = chosen;
    this.faultCounts['worker-killed'] += 1;
    this.workers[place] = undefined;
    worker.die();
    runner.clock.at('monotonic', runner.clock.monotonic() + pauseMs, () => {
      this.workers[place] = this.start();
    });
  }

  private start(): Worker {
    const { runner, database, pace, laneDied: died, failed } = this.options;
    const planted = this.options.planted();
    this.begun += 1;
    const name = `worker-${this.begun}`;
    const random = this.options.random.fork(name);
    let isDead = false;
    let diedAtStep = 0;
    const clock = aliveClock(runner.clock, () => isDead);
    const disk = database.connect(
      () => undefined,
      (what) => {
        // Within the step in which it died, code of the dead process still runs to its next wait; later is a leak.
        if (runner.steps > diedAtStep) failed(`${name} called the database after its end (${what})`);
      },
    );
    const kinds = jobKinds(PACKED_AT_ONCE);
    const lanes = simulatedLanes({ kinds, clock, random: random.fork('lanes'), pace, died });
    const attendant = new JobAttendant({
      ...{ kinds, clock, log, random: random.fork('claims') },
      rows: planted.jobRows?.(disk.jobs) ?? disk.jobs,
      lane: planted.lane?.(lanes) ?? lanes,
      call: serviceDesk(planted.series?.(disk.place.series) ?? disk.place.series),
      told: () => undefined,
    });
    const server = this.queue.serve({
      ...SERVED,
      handle: async (id, takeOver) => void (await attendant.attend(id, takeOver)),
    });
    return {
      die() {
        isDead = true;
        diedAtStep = runner.steps;
        disk.cut();
        server.die();
      },
    };
  }
}

export const openWorkers = (count: number | undefined, options: WorkersOptions): Workers | undefined =>
  count === undefined ? undefined : new Workers(count, options);

/** Timers of a dead process never fire. */
const aliveClock = (clock: Clock, isDead: () => boolean): Clock => ({
  marketNow: () => clock.marketNow(),
  wallNow: () => clock.wallNow(),
  monotonic: () => clock.monotonic(),
  at: (reading, due, fire) => clock.at(reading, due, () => (isDead() ? undefined : fire())),
});
