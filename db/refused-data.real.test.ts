/** Whole runtimes over the twin and over the embedded database: what their columns refuse ends alike in both, and is never tried for ever. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentDefinition } from '../runtime/agent.ts';
import type { Message } from '../runtime/message.ts';
import type { Projector } from '../runtime/projector.ts';
import { SimulatedClock } from '../runtime/simulated/clock.ts';
import type { Store } from '../runtime/store.ts';
import { agent, command, counter, counterEntries, fact, outcomeOf, statusOf } from '../runtime/testing/samples.ts';
import { oneForOne, World } from '../runtime/testing/world.ts';
import { openMemory } from './memory/open.ts';
import { openEmbedded } from './open.ts';
import { orderRow, upsertOrder } from './testing/groups.ts';

const entries = [...counterEntries('a'), command('say'), fact('said')];

/** Tells a fraction of a millisecond where the platform's clock tells whole ones. */
class FractionalClock extends SimulatedClock {
  broken = false;

  override wallNow(): number {
    return super.wallNow() + (this.broken ? 0.5 : 0);
  }
}

/** A row a fact, with the time that the fact tells. */
const projector: Projector = {
  apply: ({ message }) => {
    const { id, submittedAt } = message as Message & { id?: string; submittedAt?: number };
    return id === undefined ? [] : [upsertOrder(orderRow(id, { submittedAt: submittedAt! }))];
  },
  publish: () => undefined,
  discard: () => undefined,
  load: async () => undefined,
};

const speaker = agent<{ said: number }>(
  'speaker',
  { said: 0 },
  ({ said }, { id, submittedAt }, say) => {
    say({ type: 'said', id, submittedAt } as Message);
    return { said: said + 1 };
  },
  { accepts: ['say'], durable: true },
);
const reader = agent(
  'reader',
  0,
  (read, _message, say) => {
    say({ type: 'said', id: 'read', submittedAt: 0.5 } as Message);
    return read + 1;
  },
  { reads: ['a.added'], durable: true },
);
const hoarder = agent<{ hoard: unknown }>('hoarder', { hoard: 0 }, () => ({ hoard: 1n }), {
  accepts: ['say'],
  durable: true,
});

describe.each(['memory', 'embedded'])('on %s', (name) => {
  const directory = mkdtempSync(join(tmpdir(), 'pitwall-refused-'));
  let store: Store;
  let clock: FractionalClock;
  let epochs: number;
  let failed: string[];

  beforeEach(() => {
    const inner =
      name === 'memory'
        ? openMemory().store
        : openEmbedded({ directory: mkdtempSync(join(directory, 'place-')) }).store;
    epochs = 0;
    store = new Proxy(inner, {
      get(target, what: keyof Store) {
        if (what === 'takeEpoch') epochs += 1;
        return target[what].bind(target);
      },
    });
    clock = new FractionalClock(1_000_000);
    failed = [];
  });
  afterEach(() => store.close());
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const open = (agents: readonly AgentDefinition[]): Promise<World> => {
    const hooks = { rootFailed: (reason: string) => void failed.push(reason) };
    return new World({ entries, roster: oneForOne(agents), store, clock, hooks, projector }).start();
  };
  /** Virtual time passes while the database does its work: each look at it comes behind what was asked before. */
  const until = async (world: World, isSo: () => boolean): Promise<void> => {
    for (let looks = 0; looks < 500 && !isSo(); looks += 1) {
      await store.records(0, 1);
      await world.advance(100);
    }
    expect(isSo()).toBe(true);
  };
  const say = (world: World, id: string, submittedAt: number): boolean =>
    world.runtime.tell({ type: 'say', id, submittedAt } as Message);

  it('a command whose row is refused is parked, and the next one is taken', async () => {
    const world = await open([speaker]);
    say(world, 'o1', 0.5);
    await until(world, () => world.of('agent.parked').length === 1);
    say(world, 'o2', 5);
    await until(world, () => world.of('said').length === 1);
    expect(world.of('agent.parked')).toMatchObject([{ agent: 'speaker', messageType: 'say' }]);
    expect(world.of('said')).toMatchObject([{ id: 'o2' }]);
    expect(epochs).toBe(2);
  });

  it('a reader whose row is refused stays down, and the house goes on', async () => {
    const world = await open([counter('a'), reader]);
    // The first is void with what it has brought about; by then turns are committed one by one.
    const first = outcomeOf(world.runtime.ask({ type: 'a.add' }));
    await until(world, () => first.error !== undefined && world.runtime.state === 'running');
    world.runtime.tell({ type: 'a.add' });
    await until(world, () => statusOf(world, 'reader') === 'down' && world.runtime.idle);
    world.runtime.tell({ type: 'a.add' });
    await until(world, () => world.of('a.added').length === 2);
    expect(epochs).toBe(3);
    expect(failed).toEqual([]);
  });

  it("a clock that tells fractions ends the house by name, because the house's own words are refused", async () => {
    const world = await open([counter('a')]);
    clock.broken = true;
    world.runtime.tell({ type: 'a.add' });
    await until(world, () => failed.length > 0);
    expect(failed[0]).toContain('the database refuses what the house writes');
    expect(world.runtime.state).toBe('failed');
    expect(epochs).toBeLessThan(15);
    expect(await store.records(0, 10)).toEqual([]);
  });

  // Memory keeps a state as it is, and spells it when somebody loads it.
  if (name === 'embedded')
    it('a state that nothing can spell is refused as data, not taken for a lost answer', async () => {
      const world = await open([hoarder]);
      world.runtime.tell({ type: 'say' });
      await until(world, () => world.of('agent.parked').length === 1);
      expect(epochs).toBe(2);
    });
});
