import { describe, expect, it, test } from 'vitest';
import type { Effect } from './agent.ts';
import { BOUNDS } from './bounds.ts';
import type { Message } from './message.ts';
import { SimulatedClock } from './simulated/clock.ts';
import { FaultyStore } from './simulated/faulty-store.ts';
import { seededRandom } from './simulated/random.ts';
import { Disk, MemoryStore } from './simulated/store.ts';
import type { Group } from './store.ts';
import { agent, answer, command, fact, outcomeOf, reply, statusOf, underSeeds } from './testing/samples.ts';
import { oneForOne, World, type WorldOptions } from './testing/world.ts';

const entries = [
  command('order', { reply: 'ordered' }),
  reply('ordered'),
  command('release'),
  command('break'),
  command('panic', { control: true }),
  command('stop', { control: true }),
  fact('intended'),
  fact('sent'),
  fact('stopped', { control: true }),
  answer('venue.said'),
  fact('done'),
];

interface State {
  readonly done: number;
  readonly stopped: boolean;
}

let broken = 0;
/** Orders something outside, hears what the venue says, and hands over nothing once it is stopped. */
const buyer = (effects: Readonly<Record<string, Effect>>) =>
  agent<State>(
    'buyer',
    { done: 0, stopped: false },
    (state, { type, times }, say) => {
      if (type === 'break' || type === 'panic') {
        broken += 1;
        if (broken <= ((times as number | undefined) ?? 1)) throw new Error('broken on purpose');
        return state;
      }
      if (type === 'stop') {
        say({ type: 'stopped' });
        return { ...state, stopped: true };
      }
      if (type === 'order') {
        say({ type: 'ordered' });
        say({ type: 'intended' });
        return { ...state };
      }
      if (type === 'release') {
        if (state.stopped) return state;
        say({ type: 'sent' });
        return { ...state };
      }
      say({ type: 'done' });
      return { ...state, done: state.done + 1 };
    },
    { accepts: ['order', 'release', 'venue.said', 'break', 'panic', 'stop'], durable: true, effects },
  );

const said: Message = { type: 'venue.said' };
const start = async (effect: Effect, more: Partial<WorldOptions> = {}): Promise<World> => {
  broken = 0;
  return new World({ entries, roster: oneForOne([buyer({ intended: effect })], 1_000), ...more }).start();
};
const order = (world: World): boolean => world.runtime.tell({ type: 'order' });

describe('an effect', () => {
  test('runs after the commit of its fact, and its promise is kept until the outcome is committed', () =>
    underSeeds(200, async (seed) => {
      const seen: number[] = [];
      const disk = new Disk();
      const run: Effect['run'] = async (_fact, { record }) => {
        seen.push(disk.head.sequence - record.sequence, disk.effects.size);
        return said;
      };
      const world = await start({ repeatable: true, run }, { seed, disk });
      order(world);
      await world.settle();
      expect(seen).toEqual([0, 1]);
      expect(disk.effects.size).toBe(0);
      expect(world.types()).toEqual(['intended', 'done']);
    }));

  it('that the process left open is resumed, not run, in the next epoch', async () => {
    const calls: string[] = [];
    const effect = (answers: boolean): Effect => ({
      run: () => {
        calls.push('run');
        return answers ? Promise.resolve(said) : new Promise(() => undefined);
      },
      async resume() {
        calls.push('resume');
        return said;
      },
    });
    const world = await start(effect(false));
    order(world);
    await world.settle();
    world.crash();
    const next = await start(effect(true), { disk: world.disk, clock: world.clock });
    expect(calls).toEqual(['run', 'resume']);
    expect(next.types()).toEqual(['done']);
    expect(next.disk.effects.size).toBe(0);
  });

  test('S8: whose agent crashes is aborted, resumed by the next life, and its late answer is a dead letter', () =>
    underSeeds(200, async (seed) => {
      const resolvers: ((message: Message) => void)[] = [];
      const signals: AbortSignal[] = [];
      const run: Effect['run'] = (_fact, { signal }) => {
        signals.push(signal);
        return new Promise((resolve) => void resolvers.push(resolve));
      };
      const world = await start({ run, resume: async () => said }, { seed });
      order(world);
      await world.settle();
      world.runtime.tell({ type: 'break' });
      await world.settle();
      expect(signals[0]?.aborted).toBe(true);
      await world.advance(1_000);
      resolvers[0]!(said);
      await world.settle();
      expect(world.runtime.stats().deadLetters.get('venue.said late answer')).toBe(1);
      expect(world.runtime.peek('buyer')).toMatchObject({ done: 1 });
      expect(world.disk.effects.size).toBe(0);
    }));

  it('whose answer already waits when its agent crashes is not asked for again', async () => {
    let waited = 0;
    for (let ticks = 0; ticks < 20; ticks += 1) {
      let respond: (message: Message) => void = () => undefined;
      let runs = 0;
      const run: Effect['run'] = () => {
        runs += 1;
        if (runs > 1) return Promise.resolve(said);
        return new Promise((resolve) => {
          respond = resolve;
        });
      };
      const world = await start({ repeatable: true, run });
      order(world);
      await world.settle();
      respond(said);
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
      const isWaiting = world.runtime.stats().agents[0]?.mailbox === 1;
      // A control message goes first, so that the answer is still in the mailbox when its agent crashes.
      world.runtime.tell({ type: 'panic' });
      await world.advance(1_000);
      expect(world.runtime.peek('buyer')).toMatchObject({ done: 1 });
      if (isWaiting) expect(runs).toBe(1);
      if (isWaiting) waited += 1;
    }
    expect(waited).toBeGreaterThan(0);
  });

  it('whose answer is kept for later stays promised until the answer is taken', async () => {
    const shy = agent<{ open: boolean }>(
      'shy',
      { open: false },
      (state, { type }, say) => {
        if (type === 'order') say({ type: 'intended' });
        if (type === 'venue.said' && state.open) say({ type: 'done' });
        return type === 'release' ? { open: true } : state;
      },
      {
        accepts: ['order', 'release', 'venue.said'],
        stashes: ['venue.said'],
        durable: true,
        effects: { intended: { repeatable: true, run: async () => said } },
      },
    );
    const world = await new World({ entries, roster: oneForOne([shy]) }).start();
    order(world);
    await world.settle();
    expect(world.disk.effects.size).toBe(1);
    world.runtime.tell({ type: 'release' });
    await world.settle();
    expect(world.types()).toEqual(['intended', 'done']);
    expect(world.disk.effects.size).toBe(0);
  });

  it('that waits for its next try does not survive the life that it belongs to', async () => {
    const calls: string[] = [];
    const world = await start({
      async run() {
        calls.push('run');
        throw new Error('no route');
      },
      async resume() {
        calls.push('resume');
        return said;
      },
    });
    order(world);
    await world.settle();
    world.runtime.tell({ type: 'panic' });
    await world.advance(10_000);
    expect(calls).toEqual(['run', 'resume']);
    expect(world.runtime.peek('buyer')).toMatchObject({ done: 1 });
  });

  it('that is rejected is tried again with growing pauses, by its resume, and at last parked', async () => {
    const calls: string[] = [];
    const reject = (name: string) => async (): Promise<Message> => {
      calls.push(name);
      throw new Error('no route');
    };
    const world = await start({ run: reject('run'), resume: reject('resume') });
    order(world);
    await world.advance(60_000);
    expect(calls).toEqual(['run', ...Array.from({ length: BOUNDS.effectTries - 1 }, () => 'resume')]);
    expect(world.of('agent.parked')).toMatchObject([{ agent: 'buyer', messageType: 'intended' }]);
    expect(world.disk.effects.size).toBe(0);
  });

  it('without an answer is done when it resolves', async () => {
    const world = await start({ repeatable: true, run: async () => undefined });
    order(world);
    await world.settle();
    expect(world.disk.effects.size).toBe(0);
    expect(world.runtime.idle).toBe(true);
  });

  it('that is immediate does not wait for the commit', async () => {
    const sequences: number[] = [];
    const disk = new Disk();
    const run: Effect['run'] = async (_fact, { record }) => {
      sequences.push(record.sequence - disk.head.sequence);
      return undefined;
    };
    const world = await start({ immediate: true, repeatable: true, run }, { disk });
    order(world);
    await world.settle();
    expect(sequences).toEqual([1]);
    expect(disk.effects.size).toBe(0);
  });

  it('shows what is not a fact, and a watcher that throws harms nobody', async () => {
    const shown: string[] = [];
    const run: Effect['run'] = async (_fact, { show }) => {
      show({ type: 'token' });
      return said;
    };
    const world = await start({ repeatable: true, run });
    world.runtime.onShown(() => {
      throw new Error('watcher');
    });
    world.runtime.onShown(({ type }) => void shown.push(type));
    order(world);
    await world.settle();
    expect(shown).toEqual(['token']);
    expect(world.runtime.peek('buyer')).toMatchObject({ done: 1 });
  });
});

describe('a release', () => {
  const released = (run: Effect['run'], resume = run): Effect => ({
    run,
    resume,
    release: { message: () => ({ type: 'release' }), proceedsOn: 'sent' },
  });

  test('is one step with the hand-over, after everything the agent has been told to stop', () =>
    underSeeds(200, async (seed) => {
      let handedOver = 0;
      const world = await start(
        released(async () => {
          handedOver += 1;
          return said;
        }),
        { seed },
      );
      order(world);
      if (Number(seed.slice(5)) % 2 === 0) world.runtime.tell({ type: 'stop' });
      await world.settle();
      const types = world.types();
      expect(handedOver).toBe(types.filter((type) => type === 'sent').length);
      if (types.includes('stopped')) expect(types.indexOf('sent')).toBeLessThan(types.indexOf('stopped'));
      expect(world.disk.effects.size).toBe(0);
    }));

  it('travels with its outcome in one commit, and alone when the outcome takes its time', async () => {
    const quick = await start(released(async () => said));
    const before = quick.runtime.stats().groups;
    order(quick);
    await quick.settle();
    expect(quick.types()).toEqual(['intended', 'sent', 'done']);
    expect(quick.runtime.stats().groups).toBe(before + 2);

    const slow = await start(released(() => new Promise(() => undefined)));
    order(slow);
    await slow.settle();
    expect(slow.types()).toEqual(['intended']);
    await slow.advance(BOUNDS.releaseWaitMs);
    expect(slow.types()).toEqual(['intended', 'sent']);
  });

  it('holds others up only for its time, and nothing urgent', async () => {
    const slow = await start(released(() => new Promise(() => undefined)));
    order(slow);
    await slow.settle();
    const answered: string[] = [];
    void slow.runtime.ask({ type: 'order' }).then(({ type }) => answered.push(type));
    await slow.settle();
    expect(answered).toEqual([]);
    await slow.advance(BOUNDS.releaseWaitMs);
    expect(answered).toEqual(['ordered']);
    expect(slow.types()).toEqual(['intended', 'sent', 'intended']);
    slow.runtime.tell({ type: 'stop' });
    await slow.settle();
    expect(slow.types()).toEqual(['intended', 'sent', 'intended', 'sent', 'stopped']);
  });

  const slowlyStored = (commitMs: number): Promise<World> => {
    const clock = new SimulatedClock(1_000_000);
    class SlowStore extends MemoryStore {
      override async commit(group: Group): Promise<void> {
        await new Promise<void>((resolve) => void clock.at('monotonic', clock.monotonic() + commitMs, resolve));
        await super.commit(group);
      }
    }
    const never = released(() => new Promise(() => undefined));
    return start(never, { clock, store: new SlowStore(new Disk()) });
  };

  it.each([
    [
      'holds up no crowd that has gathered before it: that leaves with the ack that brings the release',
      BOUNDS.crowdRecords,
      false,
    ],
    ['holds up a few, who travel with its outcome', BOUNDS.crowdRecords - 1, true],
  ])('%s', async (_, gathered, waits) => {
    const commitMs = 20;
    const world = await slowlyStored(commitMs);
    await world.advance(commitMs);
    order(world);
    await world.advance(commitMs / 2);
    for (let n = 0; n < gathered; n += 1) order(world);
    await world.advance(commitMs / 2);
    expect(world.types()).toEqual(['intended']);
    await world.advance(commitMs);
    expect(world.types().length).toBe(waits ? 1 : 1 + gathered);
  });

  it.each([
    ['as long as a commit takes', 12, 12],
    ['within a bound', 60, BOUNDS.releaseWaitMaxMs],
  ])('waits for its outcome %s', async (_, commitMs, waitMs) => {
    const world = await slowlyStored(commitMs);
    order(world);
    // The agent's own first row, then the intent.
    await world.advance(2 * commitMs);
    await world.advance(waitMs + commitMs - 1);
    expect(world.types()).toEqual(['intended']);
    await world.advance(1);
    expect(world.types()).toEqual(['intended', 'sent']);
  });

  it('is not repeated before a halt that came during an outage has been heard', async () => {
    const disk = new Disk();
    const clock = new SimulatedClock(1_000_000);
    const store = new FaultyStore(new MemoryStore(disk), clock, seededRandom('outage'), {});
    const open: Effect = {
      repeatable: true,
      run: () => new Promise(() => undefined),
      release: { message: () => ({ type: 'release' }), proceedsOn: 'sent' },
    };
    const world = await start(open, { disk, clock, store });
    order(world);
    // The release is durable, with or without an outcome.
    await world.advance(10);
    store.goAway(1_000);
    order(world);
    await world.settle();
    expect(world.runtime.state).toBe('recovering');
    expect(world.runtime.tell({ type: 'stop' })).toBe(true);
    await world.advance(10_000);
    expect(world.types()).toEqual(['intended', 'sent', 'agent.recovered', 'stopped']);
    expect(disk.effects.size).toBe(0);
  });

  it('whose turn crashes is not done behind the back of its effect', async () => {
    let runs = 0;
    const fragile = agent<State>(
      'buyer',
      { done: 0, stopped: false },
      (state, { type }, say) => {
        if (type === 'release') throw new Error('never');
        if (type === 'order') say({ type: 'intended' });
        return { ...state };
      },
      {
        accepts: ['order', 'release', 'venue.said'],
        durable: true,
        effects: {
          intended: {
            repeatable: true,
            release: { message: () => ({ type: 'release' }), proceedsOn: 'sent' },
            async run() {
              runs += 1;
              return said;
            },
          },
        },
      },
    );
    const world = await new World({ entries, roster: oneForOne([fragile], 100) }).start();
    order(world);
    await world.advance(60_000);
    expect(runs).toBe(0);
    expect(world.of('agent.parked')).toMatchObject([{ messageType: 'release' }]);
    expect(world.disk.effects.size).toBe(0);
    expect(statusOf(world, 'buyer')).toBe('running');
  });
});

describe('an answer', () => {
  it('tells of nothing that is not durable, facts after it in its turn included', async () => {
    const disk = new Disk();
    const world = await start({ repeatable: true, run: async () => undefined }, { disk });
    let durable = -1;
    const asked = world.runtime.ask({ type: 'order' }).then(() => {
      durable = disk.records.length;
    });
    await asked;
    expect(durable).toBe(1);
  });

  it('that is too late is a dead letter, and so is one for somebody who has gone', async () => {
    const slow = agent(
      'slow',
      {},
      (state, { type }, say) => {
        if (type === 'venue.said') say({ type: 'ordered' });
        else say({ type: 'intended' });
        return state;
      },
      {
        accepts: ['order', 'venue.said'],
        durable: true,
        effects: { intended: { repeatable: true, run: () => new Promise((resolve) => setAnswer(resolve)) } },
      },
    );
    let respond: (message: Message) => void = () => undefined;
    const setAnswer = (resolve: (message: Message) => void): void => {
      respond = resolve;
    };
    const world = await new World({ entries, roster: oneForOne([slow]) }).start();
    const gone = new AbortController();
    const asked = [
      outcomeOf(world.runtime.ask({ type: 'order' }, { deadlineMs: 500 })),
      outcomeOf(world.runtime.ask({ type: 'order' }, { signal: gone.signal })),
    ];
    await world.settle();
    gone.abort();
    await world.advance(501);
    expect(asked.map(({ error }) => (error as unknown as { kind: string }).kind)).toEqual(['timeout', 'aborted']);
    expect(world.runtime.stats().asks).toBe(0);
    respond(said);
    await world.settle();
    expect(world.runtime.stats().deadLetters.get('ordered late answer')).toBeGreaterThan(0);
  });
});
