/** Whatever crashes, and whenever: each fact changes what is durable exactly once. */
import { expect, test } from 'vitest';
import type { AgentDefinition } from './agent.ts';
import { chainHash, GENESIS_HASH } from './chain.ts';
import type { Message } from './message.ts';
import type { Random } from './ports.ts';
import { SimulatedClock } from './simulated/clock.ts';
import { FaultyStore } from './simulated/faulty-store.ts';
import { seededRandom } from './simulated/random.ts';
import { Disk, MemoryStore } from './simulated/store.ts';
import { agent, command, fact, reply, underSeeds } from './testing/samples.ts';
import { oneForOne, World } from './testing/world.ts';

const entries = [
  command('count', { reply: 'counted' }),
  reply('counted'),
  fact('one'),
  fact('two'),
  fact('three'),
  fact('copied'),
];

/** Throws now and then, as often as its fuse says. */
const mayBreak = (fuse: Random): void => {
  if (fuse.next() < 0.03) throw new Error('by chance');
};

interface Counts {
  readonly count: number;
  readonly last: number;
}

/**
 * A chain: `one` is told by the first, each `one` makes a `two` of the second agent, each `two` a `three` of the third, keyed one. The
 * numbers in the facts are consecutive, so that a fact that is missed or read twice shows.
 */
function chain(fuse: Random): AgentDefinition[] {
  const first = agent<Counts>(
    'first',
    { count: 0, last: 0 },
    ({ count }, _message, say) => {
      mayBreak(fuse);
      say({ type: 'counted' });
      say({ type: 'one', number: count + 1 } as Message);
      return { count: count + 1, last: 0 };
    },
    { accepts: ['count'], durable: true },
  );
  const follow = (name: string, reads: string, tells: string): AgentDefinition =>
    agent<Counts>(
      name,
      { count: 0, last: 0 },
      ({ count, last }, { number }, say) => {
        mayBreak(fuse);
        if (number !== last + 1) throw new Error(`Invariant: ${name} read ${number} after ${last}`);
        say({ type: tells, number } as Message);
        return { count: count + 1, last: number as number };
      },
      { reads: [reads], durable: true },
    );
  const third = follow('third', 'two', 'three');
  // Says something about each fact, and remembers nothing of it: only its cursor tells what it has read.
  const copyist = agent(
    'copyist',
    0,
    (state, { number }, say) => {
      mayBreak(fuse);
      say({ type: 'copied', number } as Message);
      return state;
    },
    { reads: ['one'], durable: true },
  );
  const keyed: AgentDefinition = {
    ...agent<Counts>('keyed', { count: 0, last: 0 }, ({ count }, { number }) => {
      mayBreak(fuse);
      return { count: count + 1, last: number as number };
    }),
    reads: ['three'],
    durable: true,
    keyed: {
      key: (message) => String((message as Message & { number: number }).number % 5),
      creates: ['three'],
      ended: (state) => (state as Counts).count === 3,
    },
  };
  return [first, follow('second', 'one', 'two'), third, copyist, keyed];
}

function check(disk: Disk): void {
  const count = (type: string): number => disk.records.filter((record) => record.type === type).length;
  const row = (name: string): Counts => {
    const state = disk.rows.get(`${name}\n`)?.state;
    return state ? (JSON.parse(state) as { state: Counts }).state : { count: 0, last: 0 };
  };
  expect(row('first').count).toBe(count('one'));
  expect(row('second').count).toBe(count('two'));
  expect(row('third').count).toBe(count('three'));
  expect(count('one')).toBeGreaterThanOrEqual(count('two'));
  expect(count('two')).toBeGreaterThanOrEqual(count('three'));
}

function checkChain(disk: Disk): void {
  let hash = GENESIS_HASH;
  for (const [at, record] of disk.records.entries()) {
    expect(record.sequence).toBe(at + 1);
    hash = chainHash(hash, record);
    expect(record.hash).toBe(hash);
  }
}

test(
  'a fact is applied exactly once across crashes of the process, of agents, and lost commits',
  () =>
    underSeeds(200, async (seed) => {
      const random = seededRandom(seed);
      const fuse = random.fork('fuse');
      const disk = new Disk();
      const clock = new SimulatedClock(1_000_000);
      let acknowledged = 0;
      for (let life = 0; life < 4; life += 1) {
        const rates = {
          commitError: random.next() * 0.1,
          commitUnknown: random.next() * 0.1,
          slow: random.next() * 0.3,
          slowMaxMs: 500,
          outage: random.next() * 0.02,
          outageMaxMs: 3_000,
        };
        const store = new FaultyStore(new MemoryStore(disk), clock, random.fork(`store ${life}`), rates);
        const roster = oneForOne(chain(fuse), 10_000);
        const world = new World({ entries, roster, seed: `${seed} ${life}`, disk, clock, store });
        try {
          await world.start();
        } catch {
          // The database was away at the start: the next life tries again.
          world.crash();
          continue;
        }
        for (let step = 0; step < 15; step += 1) {
          const asked = world.runtime.ask({ type: 'count' });
          asked.then(
            () => {
              acknowledged += 1;
            },
            () => undefined,
          );
          await world.advance(random.next() * 300);
          check(disk);
          for (const address of ['second', 'third', 'copyist', 'keyed'])
            world.runtime.revisit(address, 'retry', 'test');
        }
        world.crash();
        await clock.step(clock.marketNow() + 1_000);
        check(disk);
      }
      const quiet = seededRandom('quiet');
      const world = await new World({
        entries,
        roster: oneForOne(chain({ ...quiet, next: () => 1 })),
        disk,
        clock,
      }).start();
      await world.advance(120_000);
      check(disk);
      checkChain(disk);
      const total = disk.records.filter(({ type }) => type === 'one').length;
      expect(total).toBeGreaterThanOrEqual(acknowledged);
      const copied = disk.records
        .filter(({ type }) => type === 'copied')
        .map(({ payload }) => JSON.parse(payload).number);
      expect(copied).toEqual(Array.from({ length: total }, (_, at) => at + 1));
      expect(world.runtime.peek('third')).toMatchObject({ count: total, last: total });
      const inKeys = [0, 1, 2, 3, 4].map((key) => Math.floor((total + 4 - ((key + 4) % 5)) / 5) % 3);
      for (const [key, count] of inKeys.entries())
        expect((world.runtime.peek('keyed', String(key)) as Counts | undefined)?.count ?? 0).toBe(count);
    }),
  120_000,
);
