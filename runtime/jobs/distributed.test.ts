/** Jobs over a queue that loses and repeats, with workers that die, under the simulated clock. */
import { describe, expect, it } from 'vitest';
import { JOB_BOUNDS } from '../bounds.ts';
import type { JobStatus, Jobs } from '../jobs.ts';
import { SimulatedClock } from '../simulated/clock.ts';
import { simulatedLanes } from '../simulated/job-lanes.ts';
import { MemoryJobRows } from '../simulated/job-rows.ts';
import { seededRandom } from '../simulated/random.ts';
import { JobAttendant } from './attend.ts';
import { DistributedJobs } from './distributed.ts';
import type { JobQueue, QueueEntry } from './queue.ts';
import { rehearsal } from './rehearsal.ts';
import type { JobRows } from './rows.ts';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const SOON_MS = 3_600_000;

/** A queue and one worker; `lose` forgets all entries, `deaf` the next ones. */
class World {
  readonly clock = new SimulatedClock(1_000_000);
  readonly rows = new MemoryJobRows();
  readonly entries: QueueEntry[] = [];
  readonly told: JobStatus[] = [];
  /** Entries that are swallowed before any is taken. */
  deaf = 0;
  jobs: Jobs;
  private readonly lane = simulatedLanes({
    ...{ kinds: [rehearsal], clock: this.clock, random: seededRandom('calm') },
    pace: () => ({ sliceMs: 2, deathRatio: 0 }),
  });
  private loseLast = (): void => undefined;
  private worker = this.newWorker();

  constructor() {
    const queue: JobQueue = {
      reachable: true,
      push: async (entry) => {
        this.deaf -= 1;
        if (this.deaf >= 0) return;
        this.entries.push(entry);
        void this.worker.attend(entry.id, entry.takeOver);
      },
      close: async () => undefined,
    };
    this.jobs = new DistributedJobs({ rows: this.rows, openQueue: async () => queue, clock: this.clock, log });
    this.jobs.listen((status) => this.told.push(status));
  }

  /** The worker is gone with what it holds: it says nothing any more. */
  loseWorker(): void {
    this.loseLast();
    this.worker = this.newWorker();
  }

  async until(what: () => boolean): Promise<void> {
    const end = this.clock.monotonic() + SOON_MS;
    for (;;) {
      for (let turn = 0; turn < 50; turn += 1) await undefined;
      if (what()) return;
      if (!this.clock.step(end)) throw new Error('it never happened');
    }
  }

  async pass(ms: number): Promise<void> {
    const end = this.clock.monotonic() + ms;
    do for (let turn = 0; turn < 50; turn += 1) await undefined;
    while (this.clock.step(end));
  }

  submit(id: string, pieces: number): Promise<void> {
    return this.jobs.submit({ id, kind: 'rehearsal', payload: JSON.stringify({ pieces, rounds: 0 }) });
  }

  private newWorker(): JobAttendant {
    const { rows, lane, clock } = this;
    let lost = false;
    this.loseLast = () => {
      lost = true;
    };
    const heard = new Proxy(rows, {
      get: (target, name: keyof JobRows) => (lost ? () => new Promise(() => undefined) : target[name].bind(target)),
    });
    return new JobAttendant({
      ...{ rows: heard, kinds: [rehearsal], lane, clock, random: seededRandom('marks'), log },
      call: async () => undefined,
      told: () => undefined,
    });
  }
}

describe('jobs over a queue', () => {
  it('are told of by their rows alone', async () => {
    const world = new World();
    await world.jobs.start();
    await world.submit('a', 2_000);
    await world.until(() => world.told.at(-1)?.state === 'done');
    expect(world.told.length).toBeGreaterThan(5);
    expect(world.entries).toEqual([{ id: 'a', turn: '0', takeOver: false }]);
  });

  it('are queued again when the queue has lost them', async () => {
    const world = new World();
    world.deaf = 2;
    await world.jobs.start();
    await world.submit('lost', 10);
    await world.pass(JOB_BOUNDS.queueAgainMs * 2 - 1_000);
    expect(world.entries).toEqual([]);
    await world.until(() => world.told.at(-1)?.state === 'done');
  });

  it('are queued at the start when they were asked for before it', async () => {
    const world = new World();
    await world.submit('early', 10);
    expect(world.entries).toEqual([]);
    await world.jobs.start();
    expect(world.entries).toEqual([{ id: 'early', turn: '0', takeOver: false }]);
    const { jobs, entries } = new World();
    const start = jobs.start();
    await jobs.submit({ id: 'meanwhile', kind: 'rehearsal', payload: '{"pieces":10,"rounds":0}' });
    await start;
    expect(entries).toHaveLength(1);
  });

  it('that have ended are watched no more, whoever asks for them', async () => {
    const world = new World();
    world.deaf = 1;
    await world.jobs.start();
    await world.submit('stopped', 10);
    expect(await world.jobs.control('stopped', 'stop')).toMatchObject({ state: 'stopped' });
    await world.submit('stopped', 10);
    await world.jobs.control('stopped', 'resume');
    // No door shows what a process keeps in memory.
    expect((world.jobs as unknown as { readonly watched: ReadonlyMap<string, unknown> }).watched.size).toBe(0);
  });

  it('are given to another worker when theirs shows no sign of life, and not a moment before', async () => {
    const world = new World();
    await world.jobs.start();
    await world.submit('orphan', 5_000);
    await world.pass(2_500);
    world.loseWorker();
    await world.pass(JOB_BOUNDS.deadAfterMs - 1_000);
    expect(world.entries).toHaveLength(1);
    await world.until(() => world.told.at(-1)?.state === 'done');
    expect(world.entries[1]).toMatchObject({ id: 'orphan', takeOver: true });
    expect(world.told.at(-1)).toMatchObject({ attempt: 2, progressRatio: 1 });
    const lines = (await world.jobs.output('orphan', 0, 100)).map(({ output }) => output).join('');
    expect(lines.trimEnd().split('\n')).toHaveLength(5_000);
  });

  it('are not queued while they are paused, and again when they go on', async () => {
    const world = new World();
    await world.jobs.start();
    await world.submit('held', 2_000);
    await world.pass(1_200);
    await world.jobs.control('held', 'pause');
    await world.until(() => world.told.at(-1)?.state === 'paused');
    await world.pass(60_000);
    expect(world.entries).toHaveLength(1);
    await world.jobs.control('held', 'resume');
    await world.until(() => world.told.at(-1)?.state === 'done');
    expect(world.entries[1]).toEqual({ id: 'held', turn: '1', takeOver: false });
  });

  it('are heard of again by a house that was away when they ended', async () => {
    const world = new World();
    await world.jobs.start();
    await world.submit('quiet', 1_000);
    await world.pass(500);
    await world.jobs.close();
    await world.pass(10_000);
    expect(await world.jobs.find('quiet')).toMatchObject({ state: 'done' });
  });
});
