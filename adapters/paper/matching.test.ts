/** Matching for any order and any walk of quotes: never more than the quantity, never worse than the limit, never after the end. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { absolute, compare, minus, plus } from '../../domain/decimal.ts';
import { findInstrument, type Instrument } from '../../domain/instrument.ts';
import { isOnTick } from '../../domain/money.ts';
import { ORDER_TYPES, SIDES, TIMES_IN_FORCE } from '../../domain/order.ts';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { orderOf, quoteOf, T0 } from './fixtures.ts';
import { acceptOrder, expiryOf, listingOf, type MatchingOptions, matchOrder, type PaperOrder } from './matching.ts';

const listing = listingOf(findInstrument('EURUSD') as Instrument);
const DAY_MS = 86_400_000;

const plain = (options: Partial<MatchingOptions> = {}): MatchingOptions => ({
  ...{ slippageTicks: 0, commissionBps: '0', partialFillRatio: 0, random: seededRandom('matching') },
  ...options,
});

const price = fc.integer({ min: 107_000, max: 109_000 }).map((ticks) => String(ticks / 1e5));
const anyOrder = fc
  .record({
    side: fc.constantFrom(...SIDES),
    orderType: fc.constantFrom(...ORDER_TYPES),
    timeInForce: fc.constantFrom(...TIMES_IN_FORCE),
    quantity: fc.integer({ min: 1, max: 100_000 }).map(String),
    price,
    stopPrice: price,
  })
  .map(orderOf);
const anyQuotes = fc.array(
  fc.record({ bid: fc.integer({ min: 107_000, max: 109_000 }), spread: fc.integer({ min: 0, max: 30 }) }),
  { minLength: 1, maxLength: 40 },
);

const filled = ({ fills }: PaperOrder): string => fills.reduce((sum, { quantity }) => plus(sum, quantity), '0');

test('for any order and market the fills stay within the quantity, on the tick and within the limit', () => {
  fc.assert(
    fc.property(anyOrder, anyQuotes, fc.double({ min: 0, max: 1, noNaN: true }), (order, walk, partialFillRatio) => {
      const options = plain({ partialFillRatio, slippageTicks: 2 });
      let state: PaperOrder | undefined;
      let at = T0;
      for (const { bid, spread } of walk) {
        const quote = quoteOf(bid / 1e5, (bid + spread) / 1e5, { at });
        const before: PaperOrder | undefined = state;
        state = before ? matchOrder(before, listing, quote, options) : acceptOrder(order, listing, quote, at, options);
        if (before && before.status !== 'accepted') expect(state).toBe(before);
        expect(compare(filled(state), order.quantity)).toBeLessThanOrEqual(0);
        expect(minus(order.quantity, filled(state))).toBe(state.leavesQuantity);
        expect(state.status === 'filled').toBe(state.leavesQuantity === '0');
        at += 3_600_000;
      }
      for (const [index, fill] of (state?.fills ?? []).entries()) {
        expect(fill.executionId).toBe(`order-1-${index + 1}`);
        expect(isOnTick(fill.price, '0.00001')).toBe(true);
        const beyond = compare(fill.price, order.price);
        if (order.orderType === 'limit') expect(order.side === 'buy' ? beyond <= 0 : beyond >= 0).toBe(true);
      }
    }),
    { seed: 7, numRuns: 500 },
  );
});

test('a market order goes on after a partial fill until all of it is done', () => {
  const options = plain({ partialFillRatio: 0.9 });
  let state = acceptOrder(orderOf(), listing, quoteOf(), T0, options);
  expect(state).toMatchObject({ status: 'accepted' });
  expect(state.fills).toHaveLength(1);
  for (let step = 0; step < 200 && state.status === 'accepted'; step += 1)
    state = matchOrder(state, listing, quoteOf(), options);
  expect(state.status).toBe('filled');
  expect(filled(state)).toBe('1000');
});

test('slippage goes against market and stop orders only', () => {
  const options = plain({ slippageTicks: 3 });
  const at = (fields: Parameters<typeof orderOf>[0]): string | undefined =>
    acceptOrder(orderOf(fields), listing, quoteOf(), T0, options).fills[0]?.price;
  expect(at({})).toBe('1.08013');
  expect(at({ side: 'sell' })).toBe('1.07997');
  expect(at({ orderType: 'stop', stopPrice: '1.08' })).toBe('1.08013');
  expect(at({ orderType: 'limit', price: '1.09' })).toBe('1.0801');
});

test('commission is exact and in cents', () => {
  const options = plain({ commissionBps: '0.25' });
  const [fill] = acceptOrder(orderOf({ quantity: '100000' }), listing, quoteOf(), T0, options).fills;
  expect(fill?.commission).toBe('2.7');
});

test('a day order expires at 00:00 UTC and does not match at that moment', () => {
  const order = orderOf({ orderType: 'limit', price: '1.07', timeInForce: 'DAY' });
  const state = acceptOrder(order, listing, quoteOf(), T0, plain());
  const midnight = Date.UTC(2026, 0, 6);
  expect(expiryOf(state)).toBe(midnight);
  expect(matchOrder(state, listing, quoteOf(1.06, 1.0601, { at: midnight }), plain())).toMatchObject({
    status: 'expired',
    fills: [],
  });
  expect(matchOrder(state, listing, quoteOf(1.06, 1.0601, { at: midnight - 1 }), plain()).status).toBe('filled');
  expect(expiryOf({ ...state, acceptedAt: midnight })).toBe(midnight + DAY_MS);
});

test('an off-tick quote fills at the nearest tick', () => {
  const gold = listingOf(findInstrument('XAUUSD') as Instrument);
  const quote = quoteOf(1291.677, 1292.033, { symbol: 'XAUUSD' });
  const state = acceptOrder(orderOf({ symbol: 'XAUUSD', side: 'sell' }), gold, quote, T0, plain());
  expect(state.fills[0]?.price).toBe('1291.68');
});

test.each([
  ['a quantity of zero', { quantity: '0' }],
  ['a negative quantity', { quantity: '-5' }],
  ['a limit of zero', { orderType: 'limit', price: '0' }],
  ['a stop without its price', { orderType: 'stop' }],
] as const)('%s is rejected', (_case, fields) => {
  expect(acceptOrder(orderOf(fields), listing, quoteOf(), T0, plain())).toMatchObject({
    status: 'rejected',
    fills: [],
  });
});

test('what a partial fill leaves is exact for fractions too', () => {
  const bitcoin = listingOf(findInstrument('BTCUSD') as Instrument);
  const quote = quoteOf(65_000, 65_010, { symbol: 'BTCUSD' });
  const options = plain({ partialFillRatio: 1 });
  const state = acceptOrder(orderOf({ symbol: 'BTCUSD', quantity: '0.123' }), bitcoin, quote, T0, options);
  expect(plus(filled(state), state.leavesQuantity)).toBe('0.123');
  expect(compare(absolute(state.leavesQuantity), '0')).toBe(1);
});
