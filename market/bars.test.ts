/** Bars over ticks, and the tick path around them. */
import { expect, test } from 'vitest';
import type { Bar, Doubt, Quote } from '../messages/market.ts';
import { openBarBuilder } from './bars.ts';
import { openTickPath } from './tick-path.ts';

const MINUTE = 60_000;
const T0 = Date.UTC(2026, 0, 5, 10, 0, 0);

test('a bar closes with the first tick of a later bucket and holds exactly the ticks before it', () => {
  const builder = openBarBuilder(MINUTE);
  expect(builder.tick('EURUSD', T0 + 1_500, 10, 1)).toBeUndefined();
  expect(builder.tick('EURUSD', T0 + 2_000, 12, 2)).toBeUndefined();
  expect(builder.tick('EURUSD', T0 + 59_999, 9, 3)).toBeUndefined();
  expect(builder.tick('EURUSD', T0 + MINUTE, 11, 4)).toEqual({
    ...{ type: 'market.bar', at: T0 + MINUTE, symbol: 'EURUSD', timeframeMs: MINUTE, start: T0, end: T0 + MINUTE },
    ...{ open: 10, high: 12, low: 9, close: 9, volume: 6, ticks: 3 },
  });
});

test('buckets without a tick make no bar, and bars are aligned to UTC for any timeframe', () => {
  const builder = openBarBuilder(4 * 60 * MINUTE);
  builder.tick('ES', T0, 10, 0);
  const bar = builder.tick('ES', T0 + 24 * 60 * MINUTE, 11, 0);
  expect(bar?.start).toBe(Date.UTC(2026, 0, 5, 8));
  const next = builder.tick('ES', T0 + 48 * 60 * MINUTE, 11, 0);
  expect(next?.start).toBe(Date.UTC(2026, 0, 6, 8));
});

test('a late tick changes nothing that has closed, and instruments do not mix', () => {
  const builder = openBarBuilder(MINUTE);
  builder.tick('A', T0, 10, 0);
  builder.tick('B', T0, 20, 0);
  builder.tick('A', T0 + MINUTE, 11, 0);
  expect(builder.tick('A', T0 + 100, 99, 0)).toBeUndefined();
  expect(builder.tick('A', T0 + 2 * MINUTE, 12, 0)).toMatchObject({ open: 11, high: 11, ticks: 1 });
  expect(builder.tick('B', T0 + MINUTE, 21, 0)).toMatchObject({ symbol: 'B', close: 20 });
});

test('the tick path tells a closed bar before the quote that closed it and drops bad quotes', () => {
  const told: (Bar | Doubt | Quote)[] = [];
  const path = openTickPath([MINUTE, 5 * MINUTE], (message) => told.push(message));
  const quote = (at: number, bid: number): Quote => ({
    ...{ type: 'market.quote', symbol: 'EURUSD', at, bid, ask: bid + 2, last: bid, volume: 1, simulated: false },
  });
  expect(path.tick(quote(T0, 10))).toBe(true);
  expect(path.tick(quote(T0 + 1, 0))).toBe(false);
  expect(path.tick(quote(T0 + 5 * MINUTE, 12))).toBe(true);
  expect(told.map((message) => (message.type === 'market.bar' ? message.timeframeMs : message.at))).toEqual([
    T0,
    MINUTE,
    5 * MINUTE,
    T0 + 5 * MINUTE,
  ]);
  expect(told[1]).toMatchObject({ open: 11, close: 11 });
  expect(path.dropped['not-positive']).toBe(1);
});
