/** Who restarts whom, when, and how often: the claims S1 to S7 of docs/SAFETY.md, each under two hundred seeds. */
import { describe, expect, test } from 'vitest';
import { setup } from 'xstate';
import type { AgentChild, Effect, Strategy, SupervisorSpec } from './agent.ts';
import type { AgentLifecycle } from './lifecycle.ts';
import type { Message } from './message.ts';
import { agent, answer, counter, counterEntries, fact, outcomeOf, statusOf, underSeeds } from './testing/samples.ts';
import { World } from './testing/world.ts';

const SEEDS = 200;
const NAMES = ['a', 'b', 'c'];
const entries = [...NAMES.flatMap(counterEntries), fact('job'), answer('job.done')];
const QUICK = { minMs: 1, maxMs: 1, resetAfterMs: 60_000 };

const treeOf = (strategy: Strategy, max = 3, children?: AgentChild[]): SupervisorSpec => ({
  name: 'root',
  strategy,
  intensity: { max, periodMs: 5_000 },
  children: children ?? NAMES.map((name) => ({ agent: counter(name), backoff: QUICK })),
});

const lives = (world: World): string[] =>
  world.records
    .filter(({ message }) => message.type.startsWith('agent.') || message.type === 'runtime.failed')
    .map(({ message }) => `${message.type.slice(6)} ${(message as AgentLifecycle).agent}`);

const restartsOf = (world: World): number[] => world.runtime.stats().agents.map(({ restarts }) => restarts);

let ids = 0;
/** Crashes an agent once; the command itself is tried again and then taken. */
function crash(world: World, name = 'b', times = 1): void {
  ids += 1;
  world.runtime.tell({ type: `${name}.break`, id: ids, times } as Message);
}

describe('strategies', () => {
  test('S1: one-for-one restarts only the one that crashed, from its rows, after its last fact is committed', () =>
    underSeeds(SEEDS, async (seed) => {
      const world = await new World({ entries, roster: treeOf('one-for-one'), seed }).start();
      world.runtime.tell({ type: 'b.add', amount: 5 } as Message);
      world.runtime.tell({ type: 'a.add', amount: 1 } as Message);
      crash(world);
      world.runtime.tell({ type: 'b.add', amount: 7 } as Message);
      await world.advance(10);
      expect(restartsOf(world)).toEqual([0, 1, 0]);
      expect(world.runtime.peek('b')).toEqual({ sum: 12 });
      expect(world.runtime.peek('a')).toEqual({ sum: 1 });
      const said = world.types().filter((type) => !type.startsWith('a.'));
      expect(said).toEqual(['b.added', 'agent.crashed', 'agent.restarted', 'b.added']);
    }));

  test('S2: one-for-all stops all in reverse order and starts all in order', () =>
    underSeeds(SEEDS, async (seed) => {
      const world = await new World({ entries, roster: treeOf('one-for-all'), seed }).start();
      crash(world);
      await world.advance(10);
      expect(lives(world)).toEqual(['crashed b', 'restarted a', 'restarted b', 'restarted c']);
    }));

  test('S3: rest-for-one restarts the one that crashed and those after it', () =>
    underSeeds(SEEDS, async (seed) => {
      const world = await new World({ entries, roster: treeOf('rest-for-one'), seed }).start();
      crash(world);
      await world.advance(10);
      expect(lives(world)).toEqual(['crashed b', 'restarted b', 'restarted c']);
    }));
});

describe('intensity', () => {
  const nested: SupervisorSpec = {
    name: 'root',
    strategy: 'one-for-one',
    intensity: { max: 1, periodMs: 60_000 },
    children: [
      { agent: counter('a') },
      {
        name: 'shop',
        strategy: 'one-for-one',
        intensity: { max: 3, periodMs: 5_000 },
        children: [
          { agent: counter('b'), backoff: QUICK },
          { agent: counter('c'), backoff: QUICK },
        ],
      },
    ],
  };
  const crashAt = async (world: World, times: readonly number[]): Promise<void> => {
    const start = world.clock.monotonic();
    for (const at of times) {
      await world.advance(start + at - world.clock.monotonic());
      crash(world);
      await world.settle();
    }
    await world.advance(500);
  };

  test('S4: lets exactly three restarts pass; the fourth stops all children and the parent decides', () =>
    underSeeds(SEEDS, async (seed) => {
      const world = await new World({ entries, roster: nested, seed }).start();
      await crashAt(world, [0, 100, 200]);
      expect(lives(world).filter((each) => each.startsWith('escalated'))).toEqual([]);
      expect(restartsOf(world)).toEqual([0, 3, 0]);
      await crashAt(world, [0]);
      expect(lives(world)).toContain('escalated shop');
      expect(world.of('agent.escalated')).toMatchObject([{ agent: 'shop', agents: ['b', 'c'] }]);
      expect(restartsOf(world)).toEqual([0, 4, 1]);
    }));

  test('S4: counts a restart for exactly its period', () =>
    underSeeds(SEEDS, async (seed) => {
      const world = await new World({ entries, roster: nested, seed }).start();
      await crashAt(world, [0, 10, 20, 5_001]);
      expect(lives(world).filter((each) => each.startsWith('escalated'))).toEqual([]);
      const other = await new World({ entries, roster: nested, seed }).start();
      await crashAt(other, [0, 10, 20, 5_000]);
      expect(lives(other)).toContain('escalated shop');
    }));

  test('S12: a root that gives up stops everybody, says so durably and calls for help', () =>
    underSeeds(SEEDS, async (seed) => {
      const reasons: string[] = [];
      const hooks = { rootFailed: (reason: string) => void reasons.push(reason) };
      const world = await new World({ entries, roster: treeOf('one-for-one', 1), hooks, seed }).start();
      const asked = outcomeOf(world.runtime.ask({ type: 'b.break', times: 9 } as Message));
      await world.advance(100);
      expect(reasons).toEqual(['b failed too often']);
      expect(world.runtime.state).toBe('failed');
      expect(world.disk.records.at(-1)?.type).toBe('runtime.failed');
      expect(asked.error).toMatchObject({ kind: 'unavailable' });
      await expect(world.runtime.ask({ type: 'a.add' })).rejects.toMatchObject({ kind: 'unavailable' });
    }));
});

describe('restart types', () => {
  /** Ends as it should: a machine that comes to its final state. */
  const finishing = (): AgentChild['agent'] => ({
    address: 'a',
    version: 1,
    durable: true,
    accepts: ['a.add', 'a.break', 'a.get'],
    logic: setup({ types: { events: {} as { type: 'a.add' } } }).createMachine({
      initial: 'working',
      states: { working: { on: { 'a.add': 'done', 'a.get': 'working' } }, done: { type: 'final' } },
    }),
  });
  const RESTARTS = {
    permanent: { 'ends normally': true, crashes: true, 'is stopped by its sibling': true },
    transient: { 'ends normally': false, crashes: true, 'is stopped by its sibling': true },
    temporary: { 'ends normally': false, crashes: false, 'is stopped by its sibling': false },
  } as const;
  const CASES = (['permanent', 'transient', 'temporary'] as const).flatMap((type) =>
    Object.entries(RESTARTS[type]).map(([ending, restarts]) => ({ type, ending, restarts })),
  );

  test.each(CASES)('S5: a $type agent that $ending is restarted: $restarts', ({ type, ending, restarts }) =>
    underSeeds(SEEDS, async (seed) => {
      const isNormal = ending === 'ends normally';
      const children: AgentChild[] = [
        { agent: isNormal ? finishing() : counter('a'), restart: type, backoff: QUICK },
        { agent: counter('b'), backoff: QUICK },
      ];
      const strategy = ending === 'is stopped by its sibling' ? 'one-for-all' : 'one-for-one';
      const world = await new World({ entries, roster: treeOf(strategy, 3, children), seed }).start();
      if (isNormal) world.runtime.tell({ type: 'a.add' });
      else crash(world, ending === 'crashes' ? 'a' : 'b');
      await world.advance(10);
      expect(statusOf(world, 'a')).toBe(restarts ? 'running' : 'stopped');
      expect(statusOf(world, 'b')).toBe('running');
      expect(lives(world).filter((life) => life === 'restarted a')).toHaveLength(restarts ? 1 : 0);
      expect(world.runtime.tell({ type: 'a.get' })).toBe(restarts);
    }),
  );
});

test('an agent that has stopped for good gathers nothing', async () => {
  const reader = counter('a', { reads: ['b.added'] });
  const children: AgentChild[] = [{ agent: reader, restart: 'temporary' }, { agent: counter('b') }];
  const world = await new World({ entries, roster: treeOf('one-for-one', 3, children) }).start();
  crash(world, 'a');
  await world.advance(10);
  for (let at = 0; at < 10; at += 1) await world.runtime.ask({ type: 'b.add' });
  expect(world.runtime.stats().agents[0]).toMatchObject({ status: 'stopped', facts: 0, mailbox: 0 });
});

describe('backoff', () => {
  test('S6: doubles up to its maximum, within a fifth, and starts again after a healthy time', () =>
    underSeeds(SEEDS, async (seed) => {
      const backoff = { minMs: 1_000, maxMs: 30_000, resetAfterMs: 60_000 };
      const roster = treeOf('one-for-one', 100, [{ agent: counter('b'), backoff }]);
      const world = await new World({ entries, roster, seed }).start();
      for (let crashes = 0; crashes < 6; crashes += 1) {
        crash(world);
        await world.advance(40_000);
      }
      await world.advance(100_000);
      crash(world);
      await world.advance(40_000);
      const delays = world.of<AgentLifecycle>('agent.restarted').map(({ delayMs }) => delayMs!);
      const bases = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 1_000];
      for (const [at, base] of bases.entries()) {
        expect(delays[at]).toBeGreaterThanOrEqual(base * 0.8);
        expect(delays[at]).toBeLessThanOrEqual(base * 1.2);
      }
    }));
});

describe('stopping', () => {
  const signals: AbortSignal[] = [];
  const untilKilled: Effect['run'] = (_fact, { signal }) => {
    signals.push(signal);
    return new Promise(() => undefined);
  };
  /** Records a fact whose effect never ends, whatever it is told. */
  const stubborn = agent(
    'c',
    {},
    (state, message, emit) => {
      if (message.type === 'c.add') emit({ type: 'job' });
      return state;
    },
    {
      accepts: ['c.add', 'c.break', 'job.done'],
      durable: true,
      effects: { job: { repeatable: true, run: untilKilled } },
    },
  );

  test('S7: a child that ignores its stop is killed at its deadline, and the supervisor goes on', () =>
    underSeeds(SEEDS, async (seed) => {
      signals.length = 0;
      const children = [
        { agent: counter('b'), backoff: QUICK },
        { agent: stubborn, shutdownMs: 5_000 },
      ];
      const world = await new World({ entries, roster: treeOf('one-for-all', 3, children), seed }).start();
      world.runtime.tell({ type: 'c.add' });
      await world.settle();
      crash(world);
      await world.advance(4_999);
      expect(restartsOf(world)).toEqual([0, 0]);
      await world.advance(5);
      expect(restartsOf(world)).toEqual([1, 1]);
      expect(lives(world)).toEqual(['crashed b', 'stopped c', 'restarted b', 'restarted c']);
      expect(world.runtime.stats()).toMatchObject({ timers: 0, asks: 0 });
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    }));
});
