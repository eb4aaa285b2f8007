import { describe, expect, it, test } from 'vitest';
import { assign, emit, sendTo, setup } from 'xstate';
import { BOUNDS } from './bounds.ts';
import { afterInMemory } from './logic.ts';
import type { Message } from './message.ts';
import { SimulatedClock } from './simulated/clock.ts';
import { FaultyStore } from './simulated/faulty-store.ts';
import { seededRandom } from './simulated/random.ts';
import { Disk, MemoryStore } from './simulated/store.ts';
import type { Group } from './store.ts';
import {
  agent,
  command,
  counter,
  counterEntries,
  fact,
  market,
  outcomeOf,
  reply,
  statusOf,
  underSeeds,
} from './testing/samples.ts';
import { oneForOne, World } from './testing/world.ts';

interface Seen {
  readonly seen: readonly unknown[];
}

/** Remembers the values of what it takes. */
const notary = (address: string, more: object) =>
  agent<Seen>(address, { seen: [] }, ({ seen }, { value }) => ({ seen: [...seen, value] }), more);

const seenBy = (world: World, address: string): readonly unknown[] => (world.runtime.peek(address) as Seen).seen;

describe('commands', () => {
  test('arrive in the order in which one agent sent them to another', () =>
    underSeeds(200, async (seed) => {
      const senders = ['x', 'y'].map((name) =>
        agent(
          name,
          {},
          (state, _message, say) => {
            for (let value = 0; value < 5; value += 1) say({ type: 'put', value: `${name}${value}` } as Message);
            return state;
          },
          { accepts: [`${name}.go`] },
        ),
      );
      const roster = oneForOne([...senders, notary('n', { accepts: ['put'] })]);
      const entries = [command('x.go'), command('y.go'), command('put')];
      const world = await new World({ entries, roster, seed }).start();
      for (const name of ['x', 'y', 'y', 'x']) world.runtime.tell({ type: `${name}.go` });
      await world.settle();
      for (const name of ['x', 'y']) {
        const mine = seenBy(world, 'n').filter((value) => String(value).startsWith(name));
        expect(mine.map((value) => Number(String(value).slice(1)))).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
      }
    }));

  it('beyond the bound of a mailbox are refused to their sender and counted by type', async () => {
    const world = await new World({ entries: counterEntries('a'), roster: oneForOne([counter('a')]) }).start();
    const taken = Array.from({ length: 10_000 }, () => world.runtime.tell({ type: 'a.add' })).filter(Boolean);
    expect(taken).toHaveLength(BOUNDS.mailbox);
    expect(world.runtime.stats().deadLetters.get('a.add refused')).toBe(9_000);
    await world.settle();
    expect(world.runtime.peek('a')).toEqual({ sum: BOUNDS.mailbox });
  });

  it('that no state takes are dead letters, and a request among them is refused', async () => {
    const roster = oneForOne([agent('a', {}, (state) => state, { accepts: ['ask', 'hint'], ignores: ['hint'] })]);
    const entries = [command('ask', { reply: 'said' }), command('hint'), reply('said'), command('stray')];
    const world = await new World({ entries, roster }).start();
    await expect(world.runtime.ask({ type: 'ask' })).rejects.toMatchObject({ kind: 'refused' });
    world.runtime.tell({ type: 'hint' });
    expect(world.runtime.tell({ type: 'stray' })).toBe(false);
    await world.settle();
    expect([...world.runtime.stats().deadLetters]).toEqual([
      ['ask not taken', 1],
      ['stray no receiver', 1],
    ]);
  });

  it('that are emitted many times as one object keep their own times', async () => {
    const constant: Message = { type: 'put' };
    const times = agent<Seen>('n', { seen: [] }, ({ seen }, message) => ({ seen: [...seen, message] }), {
      accepts: ['put'],
    });
    const world = await new World({ entries: [command('put')], roster: oneForOne([times]) }).start();
    for (let at = 0; at < 3; at += 1) {
      world.runtime.tell(constant);
      await world.advance(10);
    }
    expect(seenBy(world, 'n').map((message) => (message as Message).at)).toEqual([1_000_000, 1_000_010, 1_000_020]);
  });
});

describe('the control lane', () => {
  const entries = [command('put'), command('stop', { control: true }), fact('stopped')];
  const roster = () => oneForOne([notary('n', { accepts: ['put', 'stop'] })]);

  it('is bounded too, and overflowing it fails the agent without losing what is in it', async () => {
    const world = await new World({ entries, roster: roster() }).start();
    for (let value = 0; value <= BOUNDS.controlLane; value += 1) world.runtime.tell({ type: 'stop', value } as Message);
    expect(statusOf(world, 'n')).toBe('restarting');
    await world.advance(1_000);
    expect(statusOf(world, 'n')).toBe('running');
    expect(seenBy(world, 'n')).toHaveLength(BOUNDS.controlLane);
  });

  it('that an agent overflows for another one leaves the turn of the first whole', async () => {
    const flood = agent(
      'f',
      { done: 0 },
      (_state, _message, say) => {
        say({ type: 'stopped' });
        for (let value = 0; value < BOUNDS.controlLane + 5; value += 1) say({ type: 'stop', value } as Message);
        say({ type: 'stopped' });
        return { done: 1 };
      },
      { accepts: ['put'], durable: true },
    );
    const sink = notary('n', { accepts: ['stop'], durable: true });
    const disk = new Disk();
    const store = new MemoryStore(disk);
    const groups: Group[] = [];
    const commit = store.commit.bind(store);
    store.commit = (group) => {
      groups.push(group);
      return commit(group);
    };
    const world = await new World({ entries, roster: oneForOne([flood, sink]), disk, store }).start();
    world.runtime.tell({ type: 'put' });
    await world.advance(1_000);
    expect(statusOf(world, 'n')).toBe('running');
    const ofFlood = groups.filter(({ rows, records }) =>
      [...rows.map(({ agent: owner }) => owner), ...records.map(({ source }) => source)].includes('f'),
    );
    expect(ofFlood).toHaveLength(1);
    expect(ofFlood[0]?.rows[0]?.state).toBe('{"state":{"done":1}}');
  });
});

describe('facts', () => {
  test('are read up to the head before any message from a mailbox', () =>
    underSeeds(200, async (seed) => {
      const publisher = agent(
        'p',
        0,
        (count, _message, say) => {
          say({ type: 'news', value: count + 1 } as Message);
          say({ type: 'check', value: count + 1 } as Message);
          return count + 1;
        },
        { accepts: ['go'], durable: true },
      );
      const reader = agent<{ known: number; behind: number }>(
        'r',
        { known: 0, behind: 0 },
        (state, message) => {
          const value = message.value as number;
          if (message.type === 'news') return { ...state, known: value };
          return state.known >= value ? { ...state } : { ...state, behind: state.behind + 1 };
        },
        { accepts: ['check'], reads: ['news'], durable: true },
      );
      const entries = [command('go'), command('check'), fact('news')];
      const world = await new World({ entries, roster: oneForOne([publisher, reader]), seed }).start();
      for (let at = 0; at < 20; at += 1) world.runtime.tell({ type: 'go' });
      await world.settle();
      expect(world.runtime.peek('r')).toEqual({ known: 20, behind: 0 });
    }));

  it.each([
    ['the table', 0],
    ['memory', 1],
  ])(
    'that come faster than they are read are read from %s, in order, before anything else',
    async (_from, slow) => {
      const many = 2 * BOUNDS.factBacklog + BOUNDS.recentRecords;
      const publisher = agent(
        'p',
        0,
        (count, _message, say) => {
          for (let value = 0; value < many; value += 1) say({ type: 'news', value });
          say({ type: 'check' });
          return count;
        },
        { accepts: ['go'] },
      );
      const reader = agent<{ next: number; gaps: number; checkedAt: number }>(
        'r',
        { next: 0, gaps: 0, checkedAt: -1 },
        (state, { type, value }) =>
          type === 'check'
            ? { ...state, checkedAt: state.next }
            : { ...state, next: state.next + 1, gaps: state.gaps + (value === state.next ? 0 : 1) },
        { reads: ['news'], accepts: ['check'], durable: true },
      );
      const clock = new SimulatedClock(1_000_000);
      const disk = new Disk();
      const store = new FaultyStore(new MemoryStore(disk), clock, seededRandom('slow'), { slow, slowMaxMs: 10_000 });
      const entries = [command('go'), command('check'), fact('news')];
      const world = await new World({ entries, roster: oneForOne([publisher, reader]), clock, disk, store }).start();
      await world.advance(10_000);
      world.runtime.tell({ type: 'go' });
      await world.settle();
      while (!world.runtime.idle) await world.advance(10_000);
      expect(world.runtime.peek('r')).toEqual({ next: many, gaps: 0, checkedAt: many });
    },
    60_000,
  );

  it('with NUL or a lone surrogate fail the turn that brought them', async () => {
    const echo = agent(
      'e',
      0,
      (count, message, say) => {
        say({ type: 'said', text: message.text } as Message);
        return count + 1;
      },
      { accepts: ['say'], durable: true },
    );
    const entries = [command('say', { reply: 'none' }), reply('none'), fact('said')];
    const world = await new World({ entries, roster: oneForOne([echo], 100) }).start();
    for (const text of ['a\0b', 'a\ud800', '\udc00']) world.runtime.tell({ type: 'say', text } as Message);
    for (const text of ['a\\u0000', '😀', '\\\\ud800']) world.runtime.tell({ type: 'say', text } as Message);
    await world.advance(60_000);
    expect(world.of('said').map((said) => (said as unknown as { text: string }).text)).toEqual([
      'a\\u0000',
      '😀',
      '\\\\ud800',
    ]);
    expect(world.of('agent.parked')).toHaveLength(3);
  });
});

describe('market data', () => {
  const entries = [market('quote'), command('put')];
  it('is conflated to the newest of an instrument, or seen every one', async () => {
    const eager = notary('every', { observes: { quote: 'every' } });
    const lazy = notary('newest', { observes: { quote: 'newest' } });
    const world = await new World({ entries, roster: oneForOne([eager, lazy]) }).start();
    for (let value = 0; value < 10; value += 1)
      for (const symbol of ['A', 'B'])
        world.runtime.publish({ type: 'quote', value: `${symbol}${value}` } as Message, symbol);
    await world.settle();
    expect(seenBy(world, 'every')).toHaveLength(20);
    expect(seenBy(world, 'newest')).toEqual(['A9', 'B9']);
    expect(world.runtime.latest('quote', 'B')).toMatchObject({ value: 'B9' });
  });

  it('is no turn for an agent that wants it while it holds something, and for the first that it holds from then on', async () => {
    const fanOut = (_: Message, states: ReadonlyMap<string, unknown>) => [...states.keys()];
    const keyed = { key: ({ id }: Message & { id?: string }) => id, creates: ['put'], ended: () => false, fanOut };
    const holder = notary('held', { observes: { quote: 'held' }, accepts: ['put'], ignores: ['quote'], keyed });
    const world = await new World({ entries, roster: oneForOne([holder]) }).start();
    const publish = (value: number) => world.runtime.publish({ type: 'quote', value } as Message, 'A');
    const before = world.runtime.stats().turns;
    publish(1);
    await world.settle();
    expect(world.runtime.stats().turns).toBe(before);
    world.runtime.tell({ type: 'put', id: 'first', value: 2 } as Message);
    publish(3);
    await world.settle();
    expect(world.runtime.peek('held', 'first')).toEqual({ seen: [2, 3] });
  });
});

describe('what waits at an entity', () => {
  const entries = [command('open'), command('get', { reply: 'got' }), reply('got'), command('bump'), command('later')];
  /** Takes `get` only when it is open. */
  const door = (more: object) =>
    agent<{ open: boolean }>(
      'd',
      { open: false },
      (state, { type }, say) => {
        if (type === 'open') say({ type: 'got', open: true } as Message);
        if (type === 'open') return { open: true };
        if (type === 'get' && state.open) say({ type: 'got', open: true } as Message);
        return state;
      },
      { accepts: ['open', 'get', 'bump'], ...more },
    );

  it.each(['stashes', 'parks'])('is answered when the state has changed (%s)', async (how) => {
    const world = await new World({ entries, roster: oneForOne([door({ [how]: ['get'] })]) }).start();
    const waiting = [outcomeOf(world.runtime.ask({ type: 'get' })), outcomeOf(world.runtime.ask({ type: 'get' }))];
    await world.settle();
    expect(waiting).toEqual([{}, {}]);
    world.runtime.tell({ type: 'open' });
    await world.settle();
    expect(waiting.map(({ value }) => value)).toMatchObject([{ open: true }, { open: true }]);
    expect(world.runtime.stats().asks).toBe(0);
  });

  it('is bounded', async () => {
    const world = await new World({ entries, roster: oneForOne([door({ stashes: ['get'] })]) }).start();
    const waiting = Array.from({ length: BOUNDS.stash + 1 }, () => outcomeOf(world.runtime.ask({ type: 'get' })));
    await world.settle();
    expect(waiting.filter(({ error }) => error)).toHaveLength(1);
    expect(world.runtime.stats().deadLetters.get('get stash full')).toBe(1);
  });
});

describe('an agent with entities', () => {
  const entries = [
    command('open'),
    command('touch'),
    command('all'),
    command('count', { reply: 'counted' }),
    reply('counted'),
    fact('touched'),
  ];
  /** Doors under their keys, and how many messages came as common knowledge. */
  const doors = (more: object = {}) => ({
    ...agent<{ touched: number }>(
      'doors',
      { touched: 0 },
      ({ touched }, message, say) => {
        say({ type: 'touched', by: message.type });
        return { touched: touched + 1 };
      },
      {
        accepts: ['open', 'touch', 'all', 'count'],
        durable: true,
      },
    ),
    shared: agent<number>('shared', 0, (count) => count + 1).logic,
    keyed: {
      key: (message: Message) => (message as Message & { key?: string }).key,
      creates: ['open'],
      ended: (state: unknown) => (state as { touched: number }).touched === 9,
      fanOut: ({ type }: Message, entities: ReadonlyMap<string, unknown>) =>
        type === 'all' || type === 'open' ? [...entities.keys(), ...entities.keys()] : [],
      scans: {
        count: (_message: Message, entities: ReadonlyMap<string, unknown>) => [
          { type: 'counted', keys: [...entities.keys()], size: entities.size } as Message,
        ],
      },
      unknown: ({ type }: Message) => (type === 'touch' ? [{ type: 'counted' }] : []),
      ...more,
    },
  });
  const open = async (more: object = {}) => new World({ entries, roster: oneForOne([doors(more)]) }).start();
  const tell = (world: World, type: string, key?: string) => world.runtime.tell({ type, key } as Message);

  it('reaches each of them once in a fan-out, one that is born in the same turn too', async () => {
    const world = await open();
    tell(world, 'open', 'a');
    tell(world, 'open', 'b');
    tell(world, 'all');
    await world.settle();
    expect(world.of('touched')).toHaveLength(5);
    expect(world.runtime.peek('doors', 'a')).toEqual({ touched: 3 });
    expect(world.runtime.peek('doors', 'b')).toEqual({ touched: 2 });
  });

  it('keeps what it has learned in common when the entity is unknown', async () => {
    const world = await open();
    tell(world, 'touch', 'nobody');
    await world.settle();
    expect(world.runtime.peek('doors')).toBe(1);
  });

  it('answers about all of them', async () => {
    const world = await open();
    tell(world, 'open', 'a');
    tell(world, 'open', 'b');
    expect(await world.runtime.ask({ type: 'count' })).toMatchObject({ keys: ['a', 'b'], size: 2 });
  });

  it('has no turn at all when any part of it throws', async () => {
    const world = await open({
      ended: () => {
        throw new Error('in the last part');
      },
    });
    tell(world, 'open', 'a');
    await world.advance(5_000);
    expect(world.runtime.entities('doors')).toEqual([]);
    expect(world.runtime.peek('doors')).toBe(0);
    expect(world.of('agent.parked')).toHaveLength(1);
  });

  it('refuses a key that no database can hold', async () => {
    const world = await open();
    tell(world, 'open', 'a\0');
    await world.advance(5_000);
    expect(world.runtime.entities('doors')).toEqual([]);
    expect(world.of('agent.parked')).toHaveLength(1);
  });
});

describe('a roster', () => {
  const world = (agents: Parameters<typeof oneForOne>[0], entries = [command('put'), fact('news')]) =>
    new World({ entries, roster: oneForOne(agents) });
  const run = async () => undefined;

  it.each([
    ['two agents have the address n', [notary('n', {}), notary('n', {})]],
    ['put has 2 receivers: n, m', [notary('n', { accepts: ['put'] }), notary('m', { accepts: ['put'] })]],
    ['n reads put, which is no fact', [notary('n', { reads: ['put'] })]],
    ['n accepts news, which is a fact', [notary('n', { accepts: ['news'] })]],
    ['unknown message type other', [notary('n', { accepts: ['other'] })]],
    ['n: the effect of news has no resume and is not repeatable', [notary('n', { effects: { news: { run } } })]],
    ['n: the effect of put is no reaction to a fact', [notary('n', { effects: { put: { run, repeatable: true } } })]],
  ])('is refused: %s', (reason, agents) => {
    expect(() => world(agents)).toThrow(reason);
  });
});

describe('a machine', () => {
  const entries = [command('go'), command('put'), fact('went'), fact('begun')];
  const around = (logic: object, more = {}) =>
    oneForOne([{ address: 'm', version: 1, durable: true, accepts: ['go'], logic, ...more } as never], 100);

  it('may emit, raise later and cancel, and nothing of it happens when its turn throws', async () => {
    let fuse = 1;
    const count = ({ context }: { context: { count: number } }): number => {
      fuse -= 1;
      if (fuse >= 0) throw new Error('explosion');
      return context.count + 1;
    };
    const machine = setup({
      types: { context: {} as { count: number }, events: {} as { type: 'go' }, emitted: {} as { type: 'went' } },
    }).createMachine({
      context: { count: 0 },
      on: { go: { actions: [emit({ type: 'went' }), assign({ count })] } },
    });
    const world = await new World({ entries, roster: around(machine) }).start();
    world.runtime.tell({ type: 'go' });
    await world.advance(1_000);
    expect(world.types().filter((type) => type === 'went')).toHaveLength(1);
    expect(world.runtime.peek('m')).toMatchObject({ context: { count: 1 } });
  });

  it('may not send by itself', async () => {
    const machine = setup({ types: { events: {} as { type: 'go' } } }).createMachine({
      on: { go: { actions: sendTo('somebody', { type: 'put' }) } },
    });
    const world = await new World({ entries, roster: around(machine) }).start();
    world.runtime.tell({ type: 'go' });
    await world.settle();
    expect(world.of('agent.crashed')[0]).toMatchObject({ messageType: 'go' });
  });

  it('says what it has to say on entry once, not again from its row', async () => {
    const machine = setup({ types: { events: {} as { type: 'go' }, emitted: {} as { type: 'begun' } } }).createMachine({
      initial: 'waiting',
      states: { waiting: { entry: emit({ type: 'begun' }), on: { go: 'waiting' } } },
    });
    const world = await new World({ entries, roster: around(machine) }).start();
    expect(world.types()).toEqual(['begun']);
    world.crash();
    const next = await new World({ entries, roster: around(machine), disk: world.disk }).start();
    expect(next.types()).toEqual([]);
  });

  it('that has ended starts afresh when it is permanent', async () => {
    const machine = setup({ types: { events: {} as { type: 'go' } } }).createMachine({
      initial: 'on',
      states: { on: { on: { go: 'off' } }, off: { type: 'final' } },
    });
    const world = await new World({ entries, roster: around(machine) }).start();
    world.runtime.tell({ type: 'go' });
    await world.advance(1_000);
    expect(world.types()).toEqual(['agent.stopped', 'agent.restarted']);
    expect(world.runtime.peek('m')).toMatchObject({ value: 'on' });
    expect(world.disk.rows.size).toBe(0);
  });

  it('has deadlines in memory only when it says so', async () => {
    const ticker = agent(
      'm',
      0,
      (count, { type }, say) => {
        say(afterInMemory('tick', 1_000, { type: 'put' }));
        return type === 'put' ? count + 1 : count;
      },
      { accepts: ['go', 'put'] },
    );
    const world = await new World({ entries, roster: oneForOne([ticker]) }).start();
    world.runtime.tell({ type: 'go' });
    await world.advance(3_500);
    expect(world.runtime.peek('m')).toBe(3);
    expect(world.disk.rows.size).toBe(0);
  });
});
