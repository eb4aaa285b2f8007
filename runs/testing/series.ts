/** Series for tests: from plain numbers, from a seeded walk, and from the real samples where they are at hand. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type BarColumns, type TickColumns, unitsOf } from '../../market/columns.ts';
import { seededRandom } from '../../runtime/simulated/random.ts';

export const T0 = Date.UTC(2026, 0, 5, 10);

const units = (prices: ArrayLike<number>): Float64Array => Float64Array.from(prices, unitsOf);

/** Prints, one a second. */
export function printsOf(prices: readonly number[], stepMs = 1_000): TickColumns {
  const price = units(prices);
  const atMs = Float64Array.from(prices, (_, index) => T0 + index * stepMs);
  return ticksOf('prints', atMs, price, price, price);
}

/** Quotes, one a second, as pairs of bid and ask. */
export function quotesOf(quotes: readonly (readonly [number, number])[], stepMs = 1_000): TickColumns {
  const bid = units(quotes.map(([bid]) => bid));
  const atMs = Float64Array.from(quotes, (_, index) => T0 + index * stepMs);
  return ticksOf('quotes', atMs, bid, bid, units(quotes.map(([, ask]) => ask)));
}

function ticksOf(
  kind: TickColumns['kind'],
  atMs: Float64Array,
  price: Float64Array,
  bid: Float64Array,
  ask: Float64Array,
): TickColumns {
  const { length } = atMs;
  return { kind, length, atMs, subMsNs: new Int32Array(length), price, bid, ask, volume: new Float64Array(length) };
}

/** Whole ticks of a quarter up and down from 21,000, the same for the same seed. */
export function walkOf(seed: string, length: number, stepMs = 1_000): TickColumns {
  const random = seededRandom(seed);
  let price = 21_000;
  const prices = Array.from({ length }, () => {
    price += Math.round((random.next() - 0.5) * 12) * 0.25;
    return price;
  });
  return printsOf(prices, stepMs);
}

/** Quotes of EUR/USD with a changing spread, the same for the same seed. */
export function quoteWalkOf(seed: string, length: number): TickColumns {
  const random = seededRandom(seed);
  let pips = 10_800;
  const quotes = Array.from({ length }, () => {
    pips += Math.round((random.next() - 0.5) * 16);
    return [pips / 1e4, (pips + 1 + Math.floor(random.next() * 2)) / 1e4] as const;
  });
  return quotesOf(quotes);
}

export function barsOf(rows: readonly (readonly [number, number, number, number])[], timeframeMs = 60_000): BarColumns {
  const column = (at: 0 | 1 | 2 | 3) => units(rows.map((row) => row[at]));
  const { length } = rows;
  return {
    ...{ length, timeframeMs, startMs: Float64Array.from(rows, (_, index) => T0 + index * timeframeMs) },
    ...{ open: column(0), high: column(1), low: column(2), close: column(3) },
    ...{ volume: new Float64Array(length), ticks: new Float64Array(length) },
  };
}

const NQ = join(process.cwd(), '..', 'shared', 'data', 'NQH0_ticks_2019-12-16.csv.gz');
export const hasSamples = existsSync(NQ);

/** The real NQ day, tiled day after day. */
export function nqTicks(tiles = 1): TickColumns {
  const rows = gunzipSync(readFileSync(NQ)).toString('latin1').trim().split('\n').slice(1);
  const cells = rows.map((row) => row.split(','));
  const day = cells.map(([at]) => Date.parse(at ?? ''));
  const prices = units(cells.map(([, price]) => Number(price)));
  const atMs = new Float64Array(day.length * tiles);
  const price = new Float64Array(day.length * tiles);
  for (let tile = 0; tile < tiles; tile += 1) {
    atMs.set(
      day.map((at) => at + tile * 86_400_000),
      tile * day.length,
    );
    price.set(prices, tile * day.length);
  }
  return ticksOf('prints', atMs, price, price, price);
}

/** Open-stamped minutes of ticks; minutes without a print are left out. */
export function minutesOf(ticks: TickColumns): BarColumns {
  const MINUTE = 60_000;
  const bars: { start: number; row: [number, number, number, number] }[] = [];
  for (let index = 0; index < ticks.length; index += 1) {
    const start = Math.floor(ticks.atMs[index]! / MINUTE) * MINUTE;
    const price = ticks.price[index]! / 1e8;
    const bar = bars.at(-1);
    if (bar?.start === start) {
      const [open, high, low] = bar.row;
      bar.row = [open, Math.max(high, price), Math.min(low, price), price];
    } else bars.push({ start, row: [price, price, price, price] });
  }
  const columns = barsOf(bars.map(({ row }) => row));
  return { ...columns, startMs: Float64Array.from(bars, ({ start }) => start) };
}

/** The same bars day after day. */
export function tiledBars(bars: BarColumns, tiles: number): BarColumns {
  const tiled = (column: Float64Array, shift = 0): Float64Array => {
    const long = new Float64Array(bars.length * tiles);
    for (let index = 0; index < long.length; index += 1)
      long[index] = column[index % bars.length]! + Math.floor(index / bars.length) * shift;
    return long;
  };
  return {
    ...{ length: bars.length * tiles, timeframeMs: bars.timeframeMs, startMs: tiled(bars.startMs, 86_400_000) },
    ...{ open: tiled(bars.open), high: tiled(bars.high), low: tiled(bars.low), close: tiled(bars.close) },
    ...{ volume: tiled(bars.volume), ticks: tiled(bars.ticks) },
  };
}
