/** What becomes of a house whose database refuses what it writes: every case ends, with something parked, an agent down, or the house by name. */
import { describe, expect, it, test } from 'vitest';
import { emit, setup } from 'xstate';
import type { AgentDefinition, Effect } from './agent.ts';
import { BOUNDS } from './bounds.ts';
import { after, afterInMemory, functionLogic } from './logic.ts';
import type { Message } from './message.ts';
import { SimulatedClock } from './simulated/clock.ts';
import { FaultyStore } from './simulated/faulty-store.ts';
import { seededRandom } from './simulated/random.ts';
import { Disk, MemoryStore } from './simulated/store.ts';
import type { Group } from './store.ts';
import {
  agent,
  answer,
  command,
  counter,
  counterEntries,
  fact,
  outcomeOf,
  reply,
  statusOf,
} from './testing/samples.ts';
import { oneForOne, World, type WorldOptions } from './testing/world.ts';

const entries = [
  ...counterEntries('a'),
  ...[fact('bad'), fact('fine'), fact('halted', { control: true }), answer('said')],
  ...[command('begin'), command('tick'), command('reserve', { reply: 'reserved' }), reply('reserved')],
  ...[command('release'), command('lost'), command('halt', { reply: 'halt.answered', control: true })],
  reply('halt.answered'),
];

/** More of them only where something goes on for ever; then they end, and the test tells how many they were. */
const ENOUGH = 300;

class House {
  refusals = 0;
  readonly failed: string[] = [];
  readonly downs: string[] = [];
  world!: World;
  store!: FaultyStore;

  constructor(private readonly isRefused: (group: Group) => boolean = holdsBad) {}

  async open(agents: readonly AgentDefinition[], more: Partial<WorldOptions> = {}): Promise<this> {
    const disk = more.disk ?? new Disk();
    const clock = new SimulatedClock(1_000_000);
    const refuses = (group: Group): boolean => {
      if (this.refusals >= ENOUGH || !this.isRefused(group)) return false;
      this.refusals += 1;
      return true;
    };
    this.store = new FaultyStore(new MemoryStore(disk), clock, seededRandom('store'), { refuses });
    const hooks = {
      rootFailed: (reason: string) => void this.failed.push(reason),
      down: (address: string) => void this.downs.push(address),
    };
    const roster = oneForOne(agents, 1_000);
    this.world = await new World({ entries, roster, disk, clock, store: this.store, hooks, ...more }).start();
    return this;
  }

  tell(type: string, more: object = {}): boolean {
    return this.world.runtime.tell({ type, ...more } as Message);
  }

  parked(): unknown[] {
    return this.world.of('agent.parked').map((told) => (told as Message & { messageType: string }).messageType);
  }
}

const holdsBad = ({ records }: Group): boolean => records.some(({ type }) => type === 'bad');
const ofKeys = { key: (message: Message) => (message as { id?: string }).id, creates: ['begin'], ended: () => false };

/** Says what it is told to say, whoever asks. */
const speaker = (address: string, say: Readonly<Record<string, readonly Message[]>>, more: Partial<AgentDefinition>) =>
  agent(
    address,
    { heard: 0 },
    ({ heard }, { type }, tell) => {
      for (const message of say[type] ?? []) tell(message);
      return { heard: heard + 1 };
    },
    { durable: true, ...more },
  );

describe('a message whose data are refused', () => {
  it('and that a fact brings to two readers keeps both down, and the house goes on', async () => {
    const reader = (address: string) => speaker(address, { 'a.added': [{ type: 'bad' }] }, { reads: ['a.added'] });
    const house = await new House().open([counter('a'), reader('r'), reader('s')]);
    // The first is void with what it has brought about; by then turns are committed one by one.
    for (let tries = 0; tries < 2; tries += 1) {
      house.tell('a.add');
      await house.world.advance(60_000);
    }
    expect(house.refusals).toBeLessThan(10);
    expect(['a', 'r', 's'].map((address) => statusOf(house.world, address))).toEqual(['running', 'down', 'down']);
    expect(new Set(house.downs)).toEqual(new Set(['r', 's']));
    expect(house.failed).toEqual([]);
    expect(await house.world.runtime.ask({ type: 'a.add' })).toMatchObject({ sum: 2 });
    house.store.goAway(1_000);
    house.tell('a.add');
    await house.world.advance(60_000);
    expect(['a', 'r', 's'].map((address) => statusOf(house.world, address))).toEqual(['running', 'down', 'down']);
    const { refusals } = house;
    expect(refusals).toBeLessThan(10);
    expect(house.world.runtime.revisit('r', 'retry', 'anna')).toBe(true);
    await house.world.advance(60_000);
    expect([house.refusals, statusOf(house.world, 'r')]).toEqual([refusals + 1, 'down']);
  });

  it('and that comes from outside is tried each time it comes', async () => {
    const house = await new House(({ records }) => records.some(({ payload }) => payload.includes('"sum":13'))).open([
      counter('a'),
    ]);
    for (const amount of [13, 13, 1, 13]) {
      house.tell('a.add', { amount });
      await house.world.advance(1_000);
    }
    expect(house.refusals).toBe(2);
    expect(house.parked()).toEqual(['a.add', 'a.add']);
    expect(house.world.runtime.peek('a')).toEqual({ sum: 14 });
  });

  it('and that comes from deadlines parks each of them, those that are due together too', async () => {
    const due = (id: string) => after(id, 1_000, { type: 'tick', id } as Message);
    const timer = speaker(
      't',
      { begin: [due('1'), due('2'), due('3')], tick: [{ type: 'bad' }] },
      { accepts: ['begin', 'tick'] },
    );
    const house = await new House().open([timer]);
    house.tell('begin');
    await house.world.advance(60_000);
    expect(house.refusals).toBeLessThan(10);
    expect(house.parked()).toEqual(['tick', 'tick', 'tick']);
    expect(house.world.runtime.stats().timers).toBe(0);
    expect(house.world.disk.rows.get('t\n')?.state).not.toContain('tick');
  });

  it('and that a watch in memory brings, which each life begins anew, does not bring the house down each time', async () => {
    const logic = functionLogic<number, Message>(0, (state, { type }, say) => {
      if (type === 'resumed' || type === 'begin') say(afterInMemory('w', 1_000, { type: 'tick' }));
      else say({ type: 'bad' });
      return state + 1;
    });
    const watch = { address: 'w', version: 1, durable: true, accepts: ['begin', 'tick'], logic };
    const house = await new House().open([watch]);
    house.tell('begin');
    await house.world.advance(300_000);
    expect(house.refusals).toBe(1);
    expect(house.parked().length).toBeGreaterThan(0);
    expect(house.world.runtime.state).toBe('running');
  });

  it('and that is the outcome of an effect closes its promise, also when what its agent hears instead is refused as well', async () => {
    const run: Effect['run'] = async () => ({ type: 'said' });
    const doer = speaker(
      'd',
      { begin: [{ type: 'fine' }], said: [{ type: 'bad' }], lost: [{ type: 'bad' }] },
      {
        accepts: ['begin', 'said', 'lost'],
        effects: { fine: { run, repeatable: true } },
        instead: () => ({ type: 'lost' }),
      },
    );
    const house = await new House().open([doer]);
    house.tell('begin');
    await house.world.advance(60_000);
    expect(house.refusals).toBeLessThan(10);
    expect(house.parked()).toEqual(['said', 'lost']);
    expect(house.world.disk.effects.size).toBe(0);
  });

  it('and that releases an effect parks it: neither the release nor the effect comes again', async () => {
    let runs = 0;
    const run: Effect['run'] = async () => {
      runs += 1;
      return undefined;
    };
    const release = { message: (): Message => ({ type: 'release' }), proceedsOn: 'bad' };
    const doer = speaker(
      'd',
      { begin: [{ type: 'fine' }], release: [{ type: 'bad' }] },
      { accepts: ['begin', 'release'], effects: { fine: { run, release, repeatable: true } } },
    );
    const house = await new House().open([doer]);
    house.tell('begin');
    await house.world.advance(60_000);
    expect([house.refusals, runs]).toEqual([1, 1]);
    expect(house.parked()).toEqual(['release']);
    expect(house.world.disk.effects.size).toBe(0);
  });

  it('and that wakes entities is not told to them again, and all others wake up', async () => {
    const logic = functionLogic<{ id: unknown }, Message>({ id: 0 }, (state, message, say) => {
      const { type, id } = message as Message & { id?: string };
      if (type === 'begin') return { id };
      say({ type: String(state.id).startsWith('bad') ? 'bad' : 'fine', of: state.id } as Message);
      return { ...state };
    });
    const desk = { address: 'd', version: 1, durable: true, accepts: ['begin'], logic, keyed: ofKeys };
    const house = await new House().open([desk]);
    for (const id of ['bad 1', 'good', 'bad 2']) house.tell('begin', { id });
    await house.world.settle();
    house.world.crash();
    const next = await new House().open([desk], { disk: house.world.disk });
    await next.world.advance(60_000);
    expect(next.refusals).toBeLessThan(10);
    expect(next.world.of('fine').length).toBeGreaterThan(0);
    expect(new Set(next.parked())).toEqual(new Set(['resumed']));
    expect(next.world.runtime.state).toBe('running');
  });

  /** Asks for room with each life, until it is answered or its deadline comes. */
  const asker = (words: (at: number | undefined) => object): AgentDefinition => {
    const logic = functionLogic<string, Message>('', (state, { type, at }, say) => {
      const reserve = { type: 'reserve', ...words(at) } as Message;
      if (type === 'begin') say(after('late', 5_000, { type: 'lost' }));
      if (type === 'begin' || (type === 'resumed' && state === 'waits')) say(reserve);
      if (type === 'lost') return 'gave up';
      return type === 'begin' ? 'waits' : state;
    });
    return { address: 'd', version: 1, durable: true, accepts: ['begin', 'lost'], awaits: ['reserved'], logic };
  };
  const risk = speaker('risk', { reserve: [{ type: 'bad' }, { type: 'reserved' }] }, { accepts: ['reserve'] });
  const reserving = async (words: (at: number | undefined) => object): Promise<House> => {
    const house = await new House().open([asker(words), risk]);
    for (let tries = 0; tries < 2; tries += 1) {
      house.tell('begin');
      await house.world.advance(60_000);
    }
    return house;
  };

  it('and that an agent asks for again with every life is parked, and who asked waits for its own deadline', async () => {
    const house = await reserving((at) => ({ id: 'o1', at }));
    expect(house.refusals).toBeLessThan(10);
    expect(new Set(house.parked())).toEqual(new Set(['reserve']));
    expect(house.world.runtime.peek('d')).toBe('gave up');
  });

  it('and that comes again in other words each time ends the house by name', async () => {
    let asked = 0;
    const house = await reserving(() => {
      asked += 1;
      return { id: asked };
    });
    expect(house.world.runtime.state).toBe('failed');
    expect(house.failed).toEqual(['the database refuses what risk writes: the database refuses a value']);
    expect(house.refusals).toBeLessThan(BOUNDS.refusedKept + 20);
  });

  it('is found behind more turns than are committed one by one at first', async () => {
    const logic = functionLogic<{ id: string }, Message>({ id: '' }, (state, message, say) => {
      const { id = state.id } = message as Message & { id?: string };
      say({ type: message.type === 'resumed' && id === 'z' ? 'bad' : 'fine' });
      return { id };
    });
    const desk = { address: 'd', version: 1, durable: true, accepts: ['begin'], logic, keyed: ofKeys };
    const house = await new House().open([desk]);
    for (let id = 0; id < BOUNDS.carefulTurns + 100; id += 1) {
      house.tell('begin', { id: String(id) });
      if (id % 500 === 0) await house.world.settle();
    }
    house.tell('begin', { id: 'z' });
    await house.world.advance(1_000);
    house.world.crash();
    const next = await new House().open([desk], { disk: house.world.disk });
    await next.world.advance(60_000);
    expect(next.refusals).toBe(3);
    expect(new Set(next.parked())).toEqual(new Set(['resumed']));
    expect(next.world.runtime.state).toBe('running');
  });
});

describe('a house whose own words are refused', () => {
  const anyRecord = ({ records }: Group): boolean => records.length > 0;

  it('gives up by name instead of recovering for ever', async () => {
    const house = await new House(anyRecord).open([counter('a')]);
    house.tell('a.add');
    await house.world.advance(600_000);
    expect(house.world.runtime.state).toBe('failed');
    expect(house.failed).toEqual([expect.stringContaining('the database refuses a value')]);
    expect(house.refusals).toBeLessThan(20);
  });

  it('gives up by name when an agent can only begin with what is refused', async () => {
    const logic = setup({ types: { emitted: {} as Message } }).createMachine({ entry: emit({ type: 'bad' }) });
    const house = await new House().open([{ address: 'x', version: 1, durable: true, accepts: [], logic }]);
    await house.world.advance(60_000);
    expect(house.failed).toEqual(['the database refuses what x writes: the database refuses a value']);
    expect(house.world.of('runtime.failed')).toHaveLength(1);
    expect(house.refusals).toBeLessThan(20);
  });

  it('tells a control message again that is never void, and at last gives up', async () => {
    const breaker = speaker('b', { halt: [{ type: 'halted' }, { type: 'halt.answered' }] }, { accepts: ['halt'] });
    const house = await new House(({ records }) => records.some(({ type }) => type === 'halted')).open([breaker]);
    const halt = outcomeOf(house.world.runtime.ask({ type: 'halt' }, { deadlineMs: 1_000_000 }));
    await house.world.advance(60_000);
    expect(house.world.runtime.state).toBe('failed');
    expect(halt.error).toMatchObject({ kind: 'unavailable' });
    expect(house.refusals).toBeLessThan(20);
  });

  it('ends by name when a recovery finds a row that nobody can read', async () => {
    const house = await new House().open([counter('a')]);
    const { rows } = house.world.disk;
    rows.set('a\n', { agent: 'a', entity: '', version: 9, state: '{}' });
    house.store.goAway(1_000);
    house.tell('a.add');
    await house.world.advance(60_000);
    expect(house.failed).toEqual([expect.stringContaining('the row has version 9, this build knows 1')]);
  });

  test('waits for ever for a database that is away', async () => {
    const house = await new House().open([counter('a')]);
    house.store.goAway(86_400_000);
    house.tell('a.add');
    await house.world.advance(86_400_000);
    expect(house.failed).toEqual([]);
    await house.world.advance(10_000);
    expect(await house.world.runtime.ask({ type: 'a.add' })).toMatchObject({ sum: 1 });
  });
});
