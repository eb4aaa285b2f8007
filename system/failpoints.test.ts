/** Failpoints: each disturbs exactly the moment that it names, and nothing before the product is ready. */
import { describe, expect, it } from 'vitest';
import type { Venue, VenueOrder } from '../agents/venue.ts';
import type { AgentChild, AgentDefinition, SupervisorSpec } from '../runtime/agent.ts';
import { SimulatedClock } from '../runtime/simulated/clock.ts';
import type { Group, Store } from '../runtime/store.ts';
import { openFailpoint, parseFailpoint } from './failpoints.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const group = (...types: string[]): Group =>
  ({ records: types.map((type) => ({ type, payload: `{"traderId":"agent-${type}"}` })) }) as unknown as Group;
const order = { clientOrderId: 'order-1', accountId: 'acct-agent-1' } as VenueOrder;
const signal = new AbortController().signal;

function setUp(text: string) {
  const clock = new SimulatedClock(0);
  const seen: string[] = [];
  const store = {
    commit: async () => void seen.push('commit'),
    takeEpoch: async () => ({ sequence: 0, hash: '', epoch: 1, world: 'live' }),
  } as unknown as Store;
  const venue = {
    submit: async () => {
      seen.push('submit');
      return { orderId: 'order-1', status: 'filled', fills: [] };
    },
  } as unknown as Venue;
  const die = () => void seen.push('death');
  const failing = openFailpoint(parseFailpoint(text), { store, venue, clock, log: silent, die });
  /** How a promise stands once everything that is ready has run. */
  async function outcomeOf(work: Promise<unknown>): Promise<string> {
    let outcome = 'pending';
    work.then(
      () => (outcome = 'done'),
      (error: Error & { fault?: string }) => (outcome = error.fault ?? error.message),
    );
    await new Promise((resolve) => setImmediate(resolve));
    return outcome;
  }
  return { ...failing, clock, seen, outcomeOf };
}

describe('a failpoint', () => {
  it('counts from when the product is ready, and only what it is about', async () => {
    const { store, ready, outcomeOf, seen } = setUp('commit.before@2:order.sent/agent-order');
    expect(await outcomeOf(store.commit(group('order.sent')))).toBe('done');
    ready();
    expect(await outcomeOf(store.commit(group('order.sent')))).toBe('done');
    expect(await outcomeOf(store.commit(group('order.filled')))).toBe('done');
    expect(await outcomeOf(store.commit(group('order.filled', 'order.sent')))).toBe('pending');
    expect(seen).toEqual(['commit', 'commit', 'commit', 'death']);
  });

  it.each([
    ['commit.before@1', 'pending', ['death']],
    ['commit.during@1', 'pending', ['commit', 'death']],
    ['commit.after@1', 'pending', ['commit', 'death']],
    ['commit.fail@1', 'certain', []],
    ['commit.unknown@1', 'unknown', ['commit']],
    ['commit.slow@1', 'pending', ['commit']],
    ['db.down@1', 'certain', []],
  ])('%s leaves the commit %s', async (text, outcome, seen) => {
    const world = setUp(text);
    world.ready();
    expect(await world.outcomeOf(world.store.commit(group('order.sent')))).toBe(outcome);
    while (world.clock.step(60_000));
    await world.outcomeOf(Promise.resolve());
    expect(world.seen).toEqual(seen);
  });

  it('breaks an agent for good from its turn on, and lets nobody restart it', () => {
    const { defect, ready } = setUp('agent.broken@2/quota');
    const agent = (address: string) => ({ agent: { address } as AgentDefinition });
    const intensity = { max: 3, periodMs: 1_000 };
    const group: SupervisorSpec = { name: 'g', strategy: 'one-for-one', intensity, children: [agent('quota')] };
    const roster = defect({ ...group, children: [group, agent('risk')] });
    const [inner, other] = roster.children as [SupervisorSpec, AgentChild];
    const quota = inner.children[0] as AgentChild;
    const turn = ({ agent: { prepare } }: AgentChild) => prepare?.({ type: 'any' }, undefined, () => undefined);
    turn(quota);
    ready();
    turn(quota);
    for (let more = 0; more < 3; more += 1) expect(() => turn(quota)).toThrow('quota is broken');
    expect(turn(other)).toEqual({ type: 'any' });
    expect([roster.intensity.max, inner.intensity.max]).toEqual([0, 0]);
  });

  it.each([
    ['venue.before-submit@1', 'pending', ['death']],
    ['venue.after-submit@1', 'pending', ['submit', 'death']],
    ['commit.hold-after-submit@1', 'done', ['submit', 'death']],
    ['venue.before-submit@1/another', 'done', ['submit']],
  ])('%s leaves the submit %s', async (text, outcome, seen) => {
    const world = setUp(text);
    world.ready();
    expect(await world.outcomeOf(world.venue.submit(order, signal))).toBe(outcome);
    while (world.clock.step(60_000));
    expect(world.seen).toEqual(seen);
  });

  it('that holds commits lets none pass after the order has left', async () => {
    const { store, venue, ready, outcomeOf } = setUp('commit.hold-after-submit@1');
    ready();
    await venue.submit(order, signal);
    expect(await outcomeOf(store.commit(group('order.sent')))).toBe('pending');
  });

  it('that takes the database away gives it back', async () => {
    const { store, ready, clock, outcomeOf } = setUp('db.down@1');
    ready();
    expect(await outcomeOf(store.commit(group()))).toBe('certain');
    expect(await outcomeOf(store.takeEpoch())).toBe('certain');
    clock.at('monotonic', 3_000, () => undefined);
    while (clock.step(60_000));
    expect(await outcomeOf(store.takeEpoch())).toBe('done');
    expect(await outcomeOf(store.commit(group()))).toBe('done');
  });
});
