import { describe, expect, it, test } from 'vitest';
import type { Effect } from './agent.ts';
import { BOUNDS } from './bounds.ts';
import { SimulatedClock } from './simulated/clock.ts';
import { FaultyStore } from './simulated/faulty-store.ts';
import { seededRandom } from './simulated/random.ts';
import { Disk, MemoryStore } from './simulated/store.ts';
import type { Group } from './store.ts';
import { entries, order, type State, said, startBuyer } from './testing/buyer.ts';
import { agent, statusOf, underSeeds } from './testing/samples.ts';
import { oneForOne, World } from './testing/world.ts';

describe('a release', () => {
  const released = (run: Effect['run'], resume = run): Effect => ({
    run,
    resume,
    release: { message: () => ({ type: 'release' }), proceedsOn: 'sent' },
  });

  test('is one step with the hand-over, after everything the agent has been told to stop', () =>
    underSeeds(200, async (seed) => {
      let handedOver = 0;
      const world = await startBuyer(
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
    const quick = await startBuyer(released(async () => said));
    const before = quick.runtime.stats().groups;
    order(quick);
    await quick.settle();
    expect(quick.types()).toEqual(['intended', 'sent', 'done']);
    expect(quick.runtime.stats().groups).toBe(before + 2);

    const slow = await startBuyer(released(() => new Promise(() => undefined)));
    order(slow);
    await slow.settle();
    expect(slow.types()).toEqual(['intended']);
    await slow.advance(BOUNDS.releaseWaitMs);
    expect(slow.types()).toEqual(['intended', 'sent']);
  });

  it('holds others up only for its time, and nothing urgent', async () => {
    const slow = await startBuyer(released(() => new Promise(() => undefined)));
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
    return startBuyer(never, { clock, store: new SlowStore(new Disk()) });
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
    const world = await startBuyer(open, { disk, clock, store });
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

  it('waits while an agent that crashed over a halt is being restarted', async () => {
    let crashes = 0;
    const guard = agent<State>(
      'guard',
      { done: 0, stopped: false },
      (state, _, say) => {
        crashes += 1;
        if (crashes === 1) throw new Error('broken on purpose');
        say({ type: 'stopped' });
        return { ...state, stopped: true };
      },
      { accepts: ['stop'], durable: true },
    );
    const obedient = agent<State>(
      'buyer',
      { done: 0, stopped: false },
      (state, { type }, say) => {
        if (type === 'order') say({ type: 'intended' });
        if (type === 'release' && !state.stopped) say({ type: 'sent' });
        return type === 'stopped' ? { ...state, stopped: true } : { ...state };
      },
      {
        accepts: ['order', 'release', 'venue.said'],
        reads: ['stopped'],
        durable: true,
        effects: { intended: released(async () => said) },
      },
    );
    const world = await new World({ entries, roster: oneForOne([guard, obedient], 1_000) }).start();
    world.runtime.tell({ type: 'stop' });
    await world.settle();
    expect(statusOf(world, 'guard')).toBe('restarting');
    order(world);
    await world.advance(10_000);
    expect(world.types().filter((type) => !type.startsWith('agent.'))).toEqual(['intended', 'stopped']);
    expect(world.disk.effects.size).toBe(0);
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
