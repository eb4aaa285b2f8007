/**
 * Builds bars of any timeframe from ticks, aligned to UTC. A bar closes when a tick of a later bucket comes, never before and
 * only once; buckets without a tick make no bar. Between closes a tick allocates nothing.
 */
import type { Bar, Quote } from '../messages/market.ts';

interface Building {
  start: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  ticks: number;
}

export interface BarBuilder {
  readonly timeframeMs: number;
  /** The bar that this tick closed, if it did. A tick older than the open bar is ignored: what has closed never changes. */
  tick(symbol: string, at: number, price: number, volume: number): Bar | undefined;
}

export function openBarBuilder(timeframeMs: number): BarBuilder {
  if (!(Number.isInteger(timeframeMs) && timeframeMs > 0)) throw new RangeError(`timeframeMs: ${timeframeMs}`);
  const building = new Map<string, Building>();
  return {
    timeframeMs,
    tick(symbol, at, price, volume) {
      const start = at - (at % timeframeMs);
      const bar = building.get(symbol);
      if (bar === undefined) {
        building.set(symbol, { start, open: price, high: price, low: price, close: price, volume, ticks: 1 });
        return undefined;
      }
      if (start < bar.start) return undefined;
      if (start === bar.start) {
        extend(bar, price, volume);
        return undefined;
      }
      const closed = close(bar, symbol, timeframeMs);
      reopen(bar, start, price, volume);
      return closed;
    },
  };
}

function extend(bar: Building, price: number, volume: number): void {
  if (price > bar.high) bar.high = price;
  if (price < bar.low) bar.low = price;
  bar.close = price;
  bar.volume += volume;
  bar.ticks += 1;
}

function reopen(bar: Building, start: number, price: number, volume: number): void {
  bar.start = start;
  bar.open = price;
  bar.high = price;
  bar.low = price;
  bar.close = price;
  bar.volume = volume;
  bar.ticks = 1;
}

/** The bar's `at` is the end of its bucket: the first moment at which it is known to be complete. */
function close(bar: Building, symbol: string, timeframeMs: number): Bar {
  const end = bar.start + timeframeMs;
  return { type: 'market.bar', at: end, symbol, timeframeMs, end, ...bar };
}

/** The price a bar is made of. */
export const midOf = (quote: Quote): number => (quote.bid + quote.ask) / 2;
