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

test('a dropped quote from the future does not make the true ones late', () => {
  const filter = openQuoteFilter();
  expect(filter.accepts(quote({ at: 9_000, bid: Number.NaN }))).toBe(false);
  expect(filter.accepts(quote({ at: 1_000 }))).toBe(true);
});
