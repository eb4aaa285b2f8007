/** The twin: conforms when nothing fails, fails as asked for, counts it, and its truth stays sound under any mixture of faults. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { VenueReport } from '../../agents/venue.ts';
import { compare, plus } from '../../domain/decimal.ts';
import { SimulatedClock } from '../../runtime/simulated/clock.ts';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { describeVenue } from './conformance.ts';
import { drawRates, NO_FAULTS, type VenueFaults } from './faults.ts';
import { NEVER, orderOf, quoteOf, T0 } from './fixtures.ts';
import { openSimulatedVenue, type SimulatedVenue } from './simulated.ts';

function open(faults: Partial<VenueFaults> = {}, seed = 'twin'): { world: SimulatedVenue; clock: SimulatedClock } {
  const clock = new SimulatedClock(T0);
  const world = openSimulatedVenue({
    ...{ clock, random: seededRandom(seed), sleep: (ms) => clock.sleep(ms), faults: { ...NO_FAULTS, ...faults } },
  });
  void world.onQuote(quoteOf());
  return { world, clock };
}

/** Lets everything happen that is due up to `ms` from now. */
async function pass(clock: SimulatedClock, ms: number): Promise<void> {
  const until = clock.marketNow() + ms;
  do for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  while (clock.step(until));
}

describeVenue('of a simulated world', async () => {
  const clock = new SimulatedClock(T0);
  const world = openSimulatedVenue({ clock, random: seededRandom('x'), sleep: (ms) => clock.sleep(ms) });
  const { venue, cut } = world.connect();
  return { venue, quote: async (quote) => world.onQuote(quote), close: async () => cut() };
});

test('a dropped request is unresolved and never was; a lost acknowledgement is unresolved and filled', async () => {
  const dropped = open({ dropRatio: 1 });
  expect((await dropped.world.connect().venue.submit(orderOf(), NEVER)).status).toBe('unresolved');
  expect(dropped.world.orders().size).toBe(0);
  expect(dropped.world.faultCounts.drop).toBe(1);
  const { world } = open({ ackLostRatio: 1 });
  const { venue } = world.connect();
  expect((await venue.submit(orderOf(), NEVER)).status).toBe('unresolved');
  expect(world.orders().get('order-1')?.status).toBe('filled');
  world.setFaults(NO_FAULTS);
  expect((await venue.lookup('order-1', NEVER)).status).toBe('filled');
  expect(world.calls.map(({ call, clientOrderId, told }) => [call, clientOrderId, told])).toEqual([
    ['submit', 'order-1', 'unresolved'],
    ['lookup', 'order-1', 'filled'],
  ]);
});

test('latency lets market time pass both ways', async () => {
  const { world, clock } = open({ latencyMaxMs: 60_000 });
  let told: VenueReport | undefined;
  void world
    .connect()
    .venue.submit(orderOf(), NEVER)
    .then((report) => {
      told = report;
    });
  await pass(clock, 0);
  expect(told).toBeUndefined();
  await pass(clock, 120_000);
  expect(told?.status).toBe('filled');
});

test('a rejected order is remembered as rejected', async () => {
  const { world } = open({ rejectRatio: 1 });
  const { venue } = world.connect();
  expect((await venue.submit(orderOf(), NEVER)).status).toBe('rejected');
  world.setFaults(NO_FAULTS);
  expect((await venue.submit(orderOf(), NEVER)).status).toBe('rejected');
});

test('an outage answers nothing and holds news back until it is over', async () => {
  const { world, clock } = open();
  const { venue } = world.connect();
  const news: VenueReport[] = [];
  venue.onReport((report) => news.push(report));
  await venue.submit(orderOf({ orderType: 'limit', price: '1.079' }), NEVER);
  world.setFaults({ ...NO_FAULTS, outagePerMinuteRatio: 1, outageMaxMs: 30_000 });
  await pass(clock, 60_000);
  clock.step(T0 + 60_000);
  void world.onQuote(quoteOf(1.07));
  await pass(clock, 0);
  expect(news).toEqual([]);
  expect((await venue.lookup('order-1', NEVER)).status).toBe('unresolved');
  await pass(clock, 40_000);
  expect(news).toMatchObject([{ orderId: 'order-1', status: 'filled' }]);
});

test('a dead instance hears nothing, its late call is thrown, and the next one finds its orders', async () => {
  const { world } = open();
  const dead = world.connect();
  const heard: VenueReport[] = [];
  dead.venue.onReport((report) => heard.push(report));
  await dead.venue.submit(orderOf({ orderType: 'limit', price: '1.079' }), NEVER);
  dead.cut();
  await world.onQuote(quoteOf(1.07));
  expect(heard).toEqual([]);
  await expect(dead.venue.lookup('order-1', NEVER)).rejects.toThrow('Invariant: a dead product instance');
  expect((await world.connect().venue.lookup('order-1', NEVER)).status).toBe('filled');
});

async function storm(seed: string): Promise<{ world: SimulatedVenue; news: VenueReport[] }> {
  const random = seededRandom(seed);
  const { world, clock } = open(drawRates(random), seed);
  const { venue } = world.connect();
  const news: VenueReport[] = [];
  venue.onReport((report) => news.push(report));
  for (let step = 0; step < 60; step += 1) {
    const clientOrderId = `order-${Math.floor(random.next() * 20)}`;
    const price = String(Math.round(107_900 + random.next() * 200) / 1e5);
    const orderType = random.next() < 0.5 ? ('limit' as const) : ('market' as const);
    const kind = random.next();
    if (kind < 0.6) void venue.submit(orderOf({ clientOrderId, orderType, price }), NEVER);
    else if (kind < 0.8) void venue.cancel(clientOrderId, NEVER);
    else void venue.lookup(clientOrderId, NEVER);
    void world.onQuote(quoteOf(1.079 + random.next() * 0.002, undefined, { at: clock.marketNow() }));
    await pass(clock, random.next() * 30_000);
  }
  await pass(clock, 600_000);
  return { world, news };
}

test('under any mixture of faults fills stay within the quantity and news of an order only grow', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (seed) => {
      const { world, news } = await storm(seed);
      for (const { order, fills } of world.orders().values()) {
        expect(
          compare(
            fills.reduce((sum, { quantity }) => plus(sum, quantity), '0'),
            order.quantity,
          ),
        ).toBeLessThanOrEqual(0);
      }
      const known = new Map<string, number>();
      for (const { orderId, fills } of news) {
        expect(fills.length).toBeGreaterThanOrEqual(known.get(orderId) ?? 0);
        known.set(orderId, fills.length);
      }
    }),
    { numRuns: 40, seed: 3 },
  );
});

test('the same seed gives the same calls, news and faults', async () => {
  const [first, second] = [await storm('again'), await storm('again')];
  expect(second.news).toEqual(first.news);
  expect(second.world.calls).toEqual(first.world.calls);
  expect(second.world.faultCounts).toEqual(first.world.faultCounts);
});

test('a request that is under way when the line breaks never arrives, an answer that is under way is lost', async () => {
  for (const [cutAfterMs, arrived] of [
    [0, 0],
    [60_001, 1],
  ] as const) {
    // Each way takes the same time here, so that the request has arrived after a minute, and its answer after two.
    const clock = new SimulatedClock(T0);
    const world = openSimulatedVenue({
      ...{ clock, sleep: (ms) => clock.sleep(ms), faults: { ...NO_FAULTS, latencyMaxMs: 60_000 } },
      random: { next: () => 0.999_999, fork: () => ({ next: () => 0.999_999, fork: () => seededRandom('none') }) },
    });
    void world.onQuote(quoteOf());
    let told: VenueReport | undefined;
    void world
      .connect()
      .venue.submit(orderOf(), NEVER)
      .then((report) => {
        told = report;
      });
    await pass(clock, cutAfterMs);
    world.interrupt('connection-cut', clock.marketNow() + 1_000);
    await pass(clock, 200_000);
    expect(told?.status).toBe('unresolved');
    expect(world.orders().size).toBe(arrived);
    expect(world.faultCounts['connection-cut']).toBe(1);
  }
});

test('out of reach until a time, the venue answers nothing; behind it everything, and news come then', async () => {
  const { world, clock } = open();
  const { venue } = world.connect();
  const news: VenueReport[] = [];
  venue.onReport((report) => news.push(report));
  await venue.submit(orderOf({ orderType: 'limit', price: '1.05' }), NEVER);
  world.setFaults({ ...NO_FAULTS, outageUntilMs: T0 + 60_000 });
  expect((await venue.lookup('order-1', NEVER)).status).toBe('unresolved');
  void world.onQuote(quoteOf(1.04));
  await pass(clock, 59_000);
  expect(news).toEqual([]);
  await pass(clock, 2_000);
  expect(news.map(({ status }) => status)).toEqual(['filled']);
  expect((await venue.lookup('order-1', NEVER)).status).toBe('filled');
  expect(world.faultCounts.outage).toBe(1);
});

test('an instrument whose trading is halted takes no new order, and leaves what rests', async () => {
  const { world } = open();
  const { venue } = world.connect();
  await venue.submit(orderOf({ orderType: 'limit', price: '1' }), NEVER);
  world.setHalted(new Set([orderOf().symbol]));
  expect(await venue.submit(orderOf({ clientOrderId: 'order-2' }), NEVER)).toMatchObject({ status: 'rejected' });
  expect((await venue.lookup('order-1', NEVER)).status).toBe('accepted');
  world.setHalted(new Set());
  expect((await venue.submit(orderOf({ clientOrderId: 'order-3' }), NEVER)).status).toBe('filled');
});
