import { describe, expect, it, test } from 'vitest';
import type { AgentDefinition } from './agent.ts';
import { functionLogic } from './logic.ts';
import type { Message } from './message.ts';
import { SimulatedClock } from './simulated/clock.ts';
import { type FaultRates, FaultyStore } from './simulated/faulty-store.ts';
import { seededRandom } from './simulated/random.ts';
import { Disk, MemoryStore } from './simulated/store.ts';
import { CommitError } from './store.ts';
import {
  agent,
  command,
  counter,
  counterEntries,
  fact,
  outcomeOf,
  reply,
  statusOf,
  underSeeds,
} from './testing/samples.ts';
import { oneForOne, World, type WorldOptions } from './testing/world.ts';

interface House {
  readonly world: World;
  readonly store: FaultyStore;
}

async function houseOf(
  rates: FaultRates,
  agents: readonly AgentDefinition[],
  more: Partial<WorldOptions> = {},
): Promise<House> {
  const disk = more.disk ?? new Disk();
  const clock = new SimulatedClock(1_000_000);
  const store = new FaultyStore(new MemoryStore(disk), clock, seededRandom(more.seed ?? 'store'), rates);
  const world = new World({ entries: [], roster: oneForOne(agents, 1_000), disk, clock, store, ...more });
  return { world: await world.start(), store };
}

const entries = [
  ...counterEntries('a'),
  command('halt', { reply: 'halt.answered', control: true }),
  command('resume', { reply: 'halt.answered', control: true }),
  reply('halt.answered'),
  fact('halted', { control: true }),
  command('trade', { reply: 'trade.answered' }),
  reply('trade.answered'),
  fact('traded'),
  command('mark'),
];

/** Whether anything may be traded; a halt is known under its id, so that it may be told twice. */
const breaker = (): AgentDefinition =>
  agent<{ halts: readonly unknown[] }>(
    'breaker',
    { halts: [] },
    (state, message, say) => {
      if (message.type === 'trade') {
        if (state.halts.length === 0) say({ type: 'traded' });
        say({ type: 'trade.answered', allowed: state.halts.length === 0 } as Message);
        return state;
      }
      const known = state.halts.includes(message.id);
      if (!known) say({ type: 'halted', id: message.id } as Message);
      if (message.type !== 'mark') say({ type: 'halt.answered', id: message.id } as Message);
      return known ? state : { halts: [...state.halts, message.id] };
    },
    { accepts: ['halt', 'trade', 'mark'], durable: true },
  );

describe('a lost commit', () => {
  it('drops everything that was not durable, fails who waited, and goes on from the rows', async () => {
    const { world, store } = await houseOf({}, [counter('a')], { entries });
    await world.runtime.ask({ type: 'a.add', amount: 5 } as Message);
    store.goAway(3_000);
    const lost = outcomeOf(world.runtime.ask({ type: 'a.add', amount: 7 } as Message));
    await world.settle();
    expect(lost.error).toMatchObject({ kind: 'unavailable' });
    expect(world.runtime.state).toBe('recovering');
    await expect(world.runtime.ask({ type: 'a.get' })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(world.runtime.tell({ type: 'a.add' })).toBe(false);
    await world.advance(10_000);
    expect(await world.runtime.ask({ type: 'a.get' })).toMatchObject({ sum: 5 });
    expect(world.of('agent.recovered')).toHaveLength(1);
    expect(world.runtime.stats().deadLetters.size).toBe(0);
  });

  it('that landed all the same is found again, and is not done twice', async () => {
    const { world } = await houseOf({ commitUnknown: 1 }, [counter('a')], { entries, seed: 'landing' });
    await world.advance(60_000);
    const { records } = world.disk;
    expect(new Set(records.map(({ sequence }) => sequence)).size).toBe(records.length);
    expect(world.disk.head.sequence).toBe(records.at(-1)?.sequence ?? 0);
  });

  it('makes recovery wait longer each time until a commit succeeds', async () => {
    const { world, store } = await houseOf({}, [counter('a')], { entries });
    const head = world.disk.head.epoch;
    let refusing = true;
    const commit = store.commit.bind(store);
    store.commit = async (group) => {
      await world.clock.sleep(200);
      if (refusing) throw new CommitError('certain', 'disk full');
      await commit(group);
    };
    expect(world.runtime.commitsLand).toBe(true);
    world.runtime.tell({ type: 'a.add' });
    await world.advance(300);
    const seen = new Set<string>();
    for (let look = 0; look < 600; look += 1) {
      await world.advance(100);
      seen.add(`${world.runtime.state} ${world.runtime.commitsLand}`);
    }
    expect([...seen].sort()).toEqual(['recovering false', 'running false']);
    expect(world.disk.head.epoch - head).toBeLessThan(30);
    refusing = false;
    await world.advance(10_000);
    expect(world.runtime.state).toBe('running');
    expect(world.runtime.commitsLand).toBe(true);
  });

  it('to another writer ends the house', async () => {
    const reasons: string[] = [];
    const hooks = { rootFailed: (reason: string) => void reasons.push(reason) };
    const { world } = await houseOf({}, [counter('a')], { entries, hooks });
    world.disk.head = { ...world.disk.head, epoch: world.disk.head.epoch + 1 };
    const asked = outcomeOf(world.runtime.ask({ type: 'a.add' }));
    await world.settle();
    expect(asked.error).toMatchObject({ kind: 'unavailable' });
    expect(world.runtime.state).toBe('failed');
    expect(reasons).toHaveLength(1);
    expect(statusOf(world, 'a')).toBe('stopped');
  });

  test('takes no restart of a single agent with it, whenever it comes', () =>
    underSeeds(200, async (seed) => {
      const { world, store } = await houseOf({}, [counter('a')], { entries, seed });
      const random = seededRandom(seed);
      world.runtime.tell({ type: 'a.add' });
      world.runtime.tell({ type: 'a.break', id: 1 } as Message);
      for (let step = Math.floor(random.next() * 4); step > 0; step -= 1) await Promise.resolve();
      await world.advance(random.next() * 150);
      store.goAway(random.next() * 1_000);
      world.runtime.tell({ type: 'a.add' });
      await world.advance(random.next() * 200);
      await world.advance(10_000);
      expect(statusOf(world, 'a')).toBe('running');
      const sum = world.of('a.added').length;
      expect(world.runtime.peek('a')).toEqual({ sum });
    }));

  it('does not stop the house when it is being stopped', async () => {
    const { world, store } = await houseOf({}, [counter('a')], { entries });
    store.goAway(1_000_000);
    world.runtime.tell({ type: 'a.add' });
    const stopped = outcomeOf(world.runtime.stop(5_000));
    await world.advance(6_000);
    expect(stopped).toHaveProperty('value');
    expect(world.runtime.state).toBe('stopped');
  });
});

describe('a halt', () => {
  test('during an outage is latched, told first afterwards, and its receipt is given then', () =>
    underSeeds(200, async (seed) => {
      const latched: string[] = [];
      const hooks = { latched: (message: Message) => void latched.push(message.type) };
      const { world, store } = await houseOf({}, [breaker(), counter('a')], { entries, hooks, seed });
      store.goAway(2_000);
      world.runtime.tell({ type: 'a.add' });
      await world.settle();
      expect(world.runtime.state).toBe('recovering');
      const halt = outcomeOf(world.runtime.ask({ type: 'halt', id: 1 } as Message, { deadlineMs: 60_000 }));
      await world.advance(1_000);
      expect(halt).toEqual({});
      expect(latched).toEqual(['halt']);
      await world.advance(9_000);
      expect(halt.value).toMatchObject({ type: 'halt.answered', id: 1 });
      expect(world.types()).toEqual(['agent.recovered', 'halted']);
      expect(await world.runtime.ask({ type: 'trade' })).toMatchObject({ allowed: false });
    }));

  test('whose own commit is lost is recorded first by the recovery, and its answer waits for that', () =>
    underSeeds(200, async (seed) => {
      const { world, store } = await houseOf({ commitUnknown: 0.5, commitError: 0.3 }, [breaker()], { entries, seed });
      const halt = outcomeOf(world.runtime.ask({ type: 'halt', id: 1 } as Message, { deadlineMs: 600_000 }));
      await world.settle();
      for (let minute = 0; minute < 5 && !halt.value && !halt.error; minute += 1) await world.advance(20_000);
      store.heal();
      await world.advance(60_000);
      expect(halt).toMatchObject({ value: { id: 1 } });
      expect(world.disk.records.filter(({ type }) => type === 'halted')).toHaveLength(1);
      expect(await world.runtime.ask({ type: 'trade' })).toMatchObject({ allowed: false });
    }));

  test('that another message than a halt brought about is recorded first, too', () =>
    underSeeds(50, async (seed) => {
      const logic = functionLogic<{ woke: number }, Message>({ woke: 0 }, ({ woke }, _, say) => {
        say({ type: 'traded' });
        return { woke: woke + 1 };
      });
      const desk = { address: 'desk', version: 1, durable: true, accepts: [], logic };
      const { world, store } = await houseOf({}, [desk, breaker()], { entries, seed });
      store.goAway(2_000);
      world.runtime.tell({ type: 'mark', id: 1 } as Message);
      await world.advance(10_000);
      expect(world.types().slice(-3)).toEqual(['agent.recovered', 'halted', 'traded']);
    }));

  test('is heard by nobody who does not know yet that he woke up, not even by one who is told something himself', () =>
    underSeeds(50, async (seed) => {
      const logic = functionLogic<{ told: number }, Message>({ told: 0 }, (state, message, say) => {
        if (message.type === 'withdraw') say({ type: 'halt.answered', id: 2 } as Message);
        else say({ type: 'traded', when: message.type } as Message);
        return { told: state.told + 1 };
      });
      const reads = ['halted'];
      const desk = { address: 'desk', version: 1, durable: true, accepts: ['withdraw'], reads, logic };
      const withdraw = command('withdraw', { reply: 'halt.answered', control: true });
      const agents = [breaker(), desk, counter('a')];
      const { world, store } = await houseOf({}, agents, { entries: [...entries, withdraw], seed });
      store.goAway(2_000);
      world.runtime.tell({ type: 'a.add' });
      await world.settle();
      void outcomeOf(world.runtime.ask({ type: 'halt', id: 1 } as Message, { deadlineMs: 60_000 }));
      void outcomeOf(world.runtime.ask({ type: 'withdraw' } as Message, { deadlineMs: 60_000 }));
      await world.advance(10_000);
      const told = world.of('traded').map((fact) => (fact as Message & { when: string }).when);
      expect(told.slice(-2)).toEqual(['resumed', 'halted']);
    }));

  it('does not keep anybody waiting when the house closes', async () => {
    const { world, store } = await houseOf({}, [breaker()], { entries });
    store.goAway(10_000);
    const halt = outcomeOf(world.runtime.ask({ type: 'halt', id: 1 } as Message));
    await world.settle();
    world.runtime.close();
    await world.settle();
    expect(halt.error).toMatchObject({ kind: 'unavailable' });
  });
});

describe('data that the database refuses', () => {
  const refuses: NonNullable<FaultRates['refuses']> = ({ records }) =>
    records.some(({ payload }) => payload.includes('"sum":13'));

  it('is found turn by turn, and only its message is parked', async () => {
    const { world } = await houseOf({ refuses }, [counter('a')], { entries });
    await world.runtime.ask({ type: 'a.add', amount: 12 } as Message);
    const add = async (amount: number): Promise<string> => {
      try {
        const { sum } = await world.runtime.ask<Message & { sum: number }>({ type: 'a.add', amount } as Message);
        return String(sum);
      } catch (error) {
        return (error as { kind: string }).kind;
      }
    };
    const together = [add(1), add(2)];
    await world.advance(1_000);
    expect(await Promise.all(together)).toEqual(['unavailable', 'unavailable']);
    expect(world.of('agent.parked')).toHaveLength(0);
    const again = [add(2), add(-1)];
    await world.advance(1_000);
    expect(await Promise.all(again)).toEqual(['14', 'unavailable']);
    expect(world.of('agent.parked')).toMatchObject([{ agent: 'a', messageType: 'a.add' }]);
    expect(world.runtime.peek('a')).toEqual({ sum: 14 });
  });

  it('and that a fact brings keeps its reader down, not the house', async () => {
    const reader = agent(
      'r',
      { sum: 0 },
      (state, _message, say) => {
        say({ type: 'traded', sum: state.sum + 13 } as Message);
        return { sum: state.sum + 13 };
      },
      { reads: ['a.added'], durable: true },
    );
    const { world } = await houseOf({ refuses }, [counter('a'), reader], { entries });
    for (let tries = 0; tries < 2; tries += 1) {
      world.runtime.tell({ type: 'a.add', amount: 1 } as Message);
      await world.advance(60_000);
    }
    expect(statusOf(world, 'r')).toBe('down');
    expect(statusOf(world, 'a')).toBe('running');
    expect(world.runtime.revisit('r', 'skip', 'anna')).toBe(true);
    await world.advance(1_000);
    expect(statusOf(world, 'r')).toBe('running');
    expect(world.of('agent.revisited')).toMatchObject([{ agent: 'r', by: 'anna', reason: 'skip' }]);
    expect(world.disk.cursors.get('r')?.sequence).toBeGreaterThan(0);
  });
});

describe('what is given to the house', () => {
  it('may throw without stopping it', async () => {
    const hooks = {
      latched: () => {
        throw new Error('hook');
      },
    };
    const { world, store } = await houseOf({}, [counter('a'), breaker()], { entries, hooks });
    world.runtime.onCommitted(() => {
      throw new Error('listener');
    });
    await world.runtime.ask({ type: 'a.add' });
    store.goAway(500);
    world.runtime.tell({ type: 'a.add' });
    await world.settle();
    expect(world.runtime.tell({ type: 'halt', id: 1 } as Message)).toBe(true);
    await world.advance(5_000);
    expect(await world.runtime.ask({ type: 'trade' })).toMatchObject({ allowed: false });
  });
});

describe('rows', () => {
  it('of an older version are brought up, and of an unknown one refuse the start by name', async () => {
    const world = await new World({ entries, roster: oneForOne([counter('a')]) }).start();
    await world.runtime.ask({ type: 'a.add', amount: 4 } as Message);
    world.crash();
    const upgrade = (version: number, state: unknown): unknown => {
      if (version !== 1) throw new Error(`version ${version}`);
      return { sum: (state as { sum: number }).sum * 10 };
    };
    const newer = { ...counter('a'), version: 2, upgrade };
    const next = await new World({ entries, roster: oneForOne([newer]), disk: world.disk }).start();
    expect(next.runtime.peek('a')).toEqual({ sum: 40 });
    next.crash();
    const unknown = new World({ entries, roster: oneForOne([{ ...counter('a'), version: 3 }]), disk: world.disk });
    await expect(unknown.start()).rejects.toThrow('a : the row has version 1, this build knows 3');
    unknown.crash();
    const unable = {
      ...newer,
      upgrade: () => {
        throw new Error('no sum is told');
      },
    };
    const refused = new World({ entries, roster: oneForOne([unable]), disk: world.disk });
    await expect(refused.start()).rejects.toThrow('a : no sum is told');
  });

  it('of another world refuse the start', async () => {
    const world = await new World({ entries, roster: oneForOne([counter('a')]) }).start();
    world.crash();
    world.disk.head = { ...world.disk.head, world: 'live' };
    const other = new World({ entries, roster: oneForOne([counter('a')]), disk: world.disk });
    await expect(other.start()).rejects.toThrow('belongs to the world live');
  });
});
