/** Venues that know no repeated submit: each is one more order there, and what they do not find is certain only where it is. */
import { expect, test } from 'vitest';
import type { Venue } from '../../agents/venue.ts';
import { SimulatedClock } from '../../runtime/simulated/clock.ts';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { NO_FAULTS } from './faults.ts';
import { NEVER, orderOf, quoteOf, T0 } from './fixtures.ts';
import { openSimulatedVenue } from './simulated.ts';

function open(idempotency: Venue['idempotency'], latencyMaxMs = 0) {
  const clock = new SimulatedClock(T0);
  const world = openSimulatedVenue({
    ...{ clock, random: seededRandom('repeats'), sleep: (ms) => clock.sleep(ms), idempotency },
    faults: { ...NO_FAULTS, latencyMaxMs },
  });
  void world.onQuote(quoteOf());
  return { world, clock, venue: world.connect().venue };
}

const quantities = ({ world }: ReturnType<typeof open>): string[] =>
  [...world.orders().values()].map(({ order, status }) => `${order.clientOrderId} ${status}`);

test.each([
  ['clientOrderId', ['order-1 filled']],
  ['lookup', ['order-1 filled', 'order-1/2 filled']],
  ['none', ['order-1 filled', 'order-1/2 filled']],
] as const)('an order that is submitted twice to a venue with %s', async (idempotency, orders) => {
  const opened = open(idempotency);
  const { venue } = opened;
  expect(venue.idempotency).toBe(idempotency);
  const [first, second] = [await venue.submit(orderOf(), NEVER), await venue.submit(orderOf(), NEVER)];
  expect(quantities(opened)).toEqual(orders);
  expect([first.orderId, second.orderId]).toEqual(['order-1', 'order-1']);
  const fills = new Set([...first.fills, ...second.fills].map(({ executionId }) => executionId));
  expect(fills.size).toBe(orders.length);
});

test('only a venue that can tell says that it never had an order', async () => {
  const said = async (idempotency: Venue['idempotency']) => {
    const { venue } = open(idempotency);
    return [(await venue.lookup('order-9', NEVER)).status, (await venue.cancel('order-9', NEVER)).status];
  };
  expect(await said('clientOrderId')).toEqual(['absent', 'absent']);
  expect(await said('lookup')).toEqual(['absent', 'absent']);
  expect(await said('none')).toEqual(['unresolved', 'unresolved']);
});

test('a venue that doubles what comes again calls no order absent whose request is on its way', async () => {
  const { venue, clock, world } = open('lookup', 60_000);
  const submitted = venue.submit(orderOf(), NEVER);
  world.setFaults(NO_FAULTS);
  expect(await venue.lookup('order-1', NEVER)).toMatchObject({
    status: 'unresolved',
    reason: 'not found, but a request may still arrive',
  });
  const until = clock.marketNow() + 120_000;
  do for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  while (clock.step(until));
  expect((await submitted).status).toBe('filled');
  expect((await venue.lookup('order-1', NEVER)).status).toBe('filled');
});
