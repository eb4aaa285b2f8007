import { expect, it } from 'vitest';
import { LiveBar } from './live-bar.ts';

const T0 = Date.UTC(2026, 0, 5, 12);
const MINUTE_MS = 60_000;

function taken(bar: LiveBar, seconds: number, price: number, volume: number): boolean {
  return bar.take({ at: T0 + seconds * 1_000, bid: price, ask: price, price, volume }, MINUTE_MS);
}

it('closes a bar with the first tick behind it, each with its own prices and volume', () => {
  const bar = new LiveBar();
  const ticks = [
    [5, 100, 1],
    [20, 103, 2],
    [40, 99, 3],
    [59, 101, 4],
  ] as const;
  for (const [seconds, price, volume] of ticks) expect(taken(bar, seconds, price, volume)).toBe(false);
  expect(taken(bar, 60, 90, 5)).toBe(true);
  expect(bar.closed).toEqual({ at: T0 + MINUTE_MS, open: 100, high: 103, low: 99, close: 101, volume: 10 });
  expect(taken(bar, 61, 91, 6)).toBe(false);
  expect(taken(bar, 240, 95, 1)).toBe(true);
  expect(bar.closed).toEqual({ at: T0 + 2 * MINUTE_MS, open: 90, high: 91, low: 90, close: 91, volume: 11 });
});

it('is not changed by a tick that is older than it', () => {
  const bar = new LiveBar();
  taken(bar, 60, 100, 1);
  expect(taken(bar, 59, 500, 7)).toBe(false);
  taken(bar, 120, 100, 1);
  expect(bar.closed).toMatchObject({ open: 100, high: 100, low: 100, close: 100, volume: 1 });
});
