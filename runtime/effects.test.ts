import { describe, expect, it, test } from 'vitest';
import type { Effect } from './agent.ts';
import { BOUNDS } from './bounds.ts';
import type { Message } from './message.ts';
import { Disk } from './simulated/store.ts';
import { entries, order, said, startBuyer } from './testing/buyer.ts';
import { agent, outcomeOf, underSeeds } from './testing/samples.ts';
import { oneForOne, World } from './testing/world.ts';

describe('an effect', () => {
  test('runs after the commit of its fact, and its promise is kept until the outcome is committed', () =>
    underSeeds(200, async (seed) => {
      const seen: number[] = [];
      const disk = new Disk();
      const run: Effect['run'] = async (_fact, { record }) => {
        seen.push(disk.head.sequence - record.sequence, disk.effects.size);
        return said;
      };
      const world = await startBuyer({ repeatable: true, run }, { seed, disk });
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
    const world = await startBuyer(effect(false));
    order(world);
    await world.settle();
    world.crash();
    const next = await startBuyer(effect(true), { disk: world.disk, clock: world.clock });
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
      const world = await startBuyer({ run, resume: async () => said }, { seed });
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
      const world = await startBuyer({ repeatable: true, run });
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
    const world = await startBuyer({
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
    const world = await startBuyer({ run: reject('run'), resume: reject('resume') });
    order(world);
    await world.advance(60_000);
    expect(calls).toEqual(['run', ...Array.from({ length: BOUNDS.effectTries - 1 }, () => 'resume')]);
    expect(world.of('agent.parked')).toMatchObject([{ agent: 'buyer', messageType: 'intended' }]);
    expect(world.disk.effects.size).toBe(0);
  });

  it('without an answer is done when it resolves', async () => {
    const world = await startBuyer({ repeatable: true, run: async () => undefined });
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
    const world = await startBuyer({ immediate: true, repeatable: true, run }, { disk });
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
    const world = await startBuyer({ repeatable: true, run });
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

describe('an answer', () => {
  it('tells of nothing that is not durable, facts after it in its turn included', async () => {
    const disk = new Disk();
    const world = await startBuyer({ repeatable: true, run: async () => undefined }, { disk });
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
