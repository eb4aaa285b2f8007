/** What the market's door remembers: bounded bars, and a day's open that stays the first price of its day over a start. */
import { expect, test } from 'vitest';
import type { Bar, Quote } from '../messages/market.ts';
import { MarketMemory } from './market-memory.ts';

const DAY_MS = 86_400_000;
const quoteOf = (day: number, mid: number): Quote => ({
  ...{ type: 'market.quote', symbol: 'AAPL', at: day * DAY_MS + 5, bid: mid - 1, ask: mid + 1, last: mid },
  simulated: true,
});
const barOf = (index: number, timeframeMs = 60_000): Bar => ({
  ...{ type: 'market.bar', symbol: 'AAPL', timeframeMs, start: index * timeframeMs, end: (index + 1) * timeframeMs },
  ...{ open: 1, high: 1, low: 1, close: index, volume: 1, ticks: 1 },
});

test('a day opens once, with its first price, and a quote of an earlier day opens nothing', () => {
  const memory = new MarketMemory();
  expect(memory.noteDay(quoteOf(3, 100))).toEqual({ AAPL: { day: 3, open: 100 } });
  expect(memory.noteDay(quoteOf(3, 101))).toBeUndefined();
  expect(memory.noteDay(quoteOf(2, 90))).toBeUndefined();
  expect(memory.openOf('AAPL')).toBe(100);
  expect(memory.noteDay(quoteOf(4, 120))).toEqual({ AAPL: { day: 4, open: 120 } });
});

test('an open that was kept holds for its day, and no longer', () => {
  const memory = new MarketMemory();
  memory.recall({ AAPL: { day: 3, open: 95 } });
  expect(memory.noteDay(quoteOf(3, 100))).toBeUndefined();
  expect(memory.openOf('AAPL')).toBe(95);
  memory.noteDay(quoteOf(4, 120));
  expect(memory.openOf('AAPL')).toBe(120);
});

test('the newest bars are kept, each timeframe for itself', () => {
  const memory = new MarketMemory();
  for (let index = 0; index < 1_000; index += 1) memory.noteBar(barOf(index));
  memory.noteBar(barOf(7, 300_000));
  const { bars } = memory.historyOf(barOf(0));
  expect(bars).toHaveLength(240);
  expect(bars.at(-1)?.close).toBe(999);
  expect(memory.historyOf(barOf(0, 300_000)).bars).toHaveLength(1);
});
