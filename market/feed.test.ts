/** The reasonability filter: what is dropped, what is counted, and that one bad instrument never blocks another. */
import { expect, test } from 'vitest';
import type { Quote } from '../messages/market.ts';
import { openQuoteFilter } from './feed.ts';

const quote = (fields: Partial<Quote> = {}): Quote => ({
  ...{ type: 'market.quote', symbol: 'EURUSD', at: 1_000, bid: 1.08, ask: 1.0802, last: 1.08, simulated: false },
  ...fields,
});

test.each([
  ['not-finite', { bid: Number.NaN }],
  ['not-finite', { ask: Number.POSITIVE_INFINITY }],
  ['not-positive', { bid: 0 }],
  ['not-positive', { last: -1 }],
  ['crossed', { bid: 1.0803 }],
] as const)('drops a quote that is %s and counts it', (reason, fields) => {
  const filter = openQuoteFilter();
  expect(filter.accepts(quote(fields))).toBe(false);
  expect(filter.dropped[reason]).toBe(1);
  expect(filter.accepts(quote())).toBe(true);
});

test('drops a quote without a time, since it has no place in their order', () => {
  const { at: _at, ...timeless } = quote();
  expect(openQuoteFilter().accepts(timeless)).toBe(false);
});

test('drops a quote that is older than the newest of its instrument, not of another one', () => {
  const filter = openQuoteFilter();
  expect(filter.accepts(quote({ at: 2_000 }))).toBe(true);
  expect(filter.accepts(quote({ at: 1_999 }))).toBe(false);
  expect(filter.accepts(quote({ at: 2_000 }))).toBe(true);
  expect(filter.accepts(quote({ symbol: 'XAUUSD', at: 5 }))).toBe(true);
  expect(filter.dropped['out-of-order']).toBe(1);
});

const priced = (at: number, price: number): Quote => quote({ at, bid: price, ask: price, last: price });

test('drops a price that jumps by more than a fifth, until it has lasted for five seconds', () => {
  const filter = openQuoteFilter();
  const seen = (seconds: number, price: number) => filter.accepts(priced(seconds * 1_000, price));
  expect([seen(0, 100), seen(1, 120), seen(2, 100)]).toEqual([true, true, true]);
  expect([seen(3, 200), seen(4, 201), seen(5, 100)]).toEqual([false, false, true]);
  expect([seen(6, 60), seen(7, 61), seen(10.999, 60), seen(11, 60), seen(12, 61)]).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
  expect(filter.dropped.jump).toBe(5);
  // A last price alone that is out of all reason.
  expect(filter.accepts(quote({ at: 13_000, bid: 60, ask: 60, last: 120 }))).toBe(false);
  expect(seen(14, 60)).toBe(true);
});

test('what jumps about does not last, and one instrument’s jump is not another’s', () => {
  const filter = openQuoteFilter();
  const seen = (seconds: number, price: number) => filter.accepts(priced(seconds * 1_000, price));
  seen(0, 100);
  expect([seen(1, 200), seen(3, 300), seen(5, 200), seen(7, 300), seen(9, 150)]).toEqual(Array(5).fill(false));
  expect(filter.accepts(quote({ symbol: 'XAUUSD', at: 9_000 }))).toBe(true);
});

test('says that prices are doubted, with each of them, and that they are believed again', () => {
  const told: (readonly [last: number, isDoubted: boolean])[] = [];
  const filter = openQuoteFilter(({ last }, isDoubted) => told.push([last, isDoubted]));
  for (const [seconds, price] of [
    [0, 100],
    [1, 200],
    [2, 201],
    [3, 101],
    [4, 102],
  ] as const)
    filter.accepts(priced(seconds * 1_000, price));
  expect(told).toEqual([
    [200, true],
    [201, true],
    [101, false],
  ]);
});

test('recorded prices jump as they did', () => {
  const filter = openQuoteFilter(() => expect.unreachable());
  expect([100, 200, 50].map((price, seconds) => filter.accepts(priced(seconds * 1_000, price), true))).toEqual([
    ...[true, true, true],
  ]);
  // Past its end the market may be a living one.
  expect(filter.dropped.jump).toBe(0);
});

test('a dropped quote from the future does not make the true ones late', () => {
  const filter = openQuoteFilter();
  expect(filter.accepts(quote({ at: 9_000, bid: Number.NaN }))).toBe(false);
  expect(filter.accepts(quote({ at: 1_000 }))).toBe(true);
});
