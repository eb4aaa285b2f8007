/**
 * A series of ticks or bars as typed columns: one array a field, no object a tick. Times are whole epoch milliseconds with the
 * nanoseconds beside them, prices whole units of 1e-8: both are exact, and no sum or comparison of them ever drifts.
 */

/** Units of a price column in one: the price 8572.25 is 857_225_000_000. */
export const PRICE_SCALE = 100_000_000;

/** The largest price, some 45 million: differences of two are exact as well. */
export const PRICE_UNITS_MAX = 2 ** 52;

/** How many ticks a chunk holds at most: some 3 MB in memory, 64 k rows are enough for a loop to forget its start. */
export const CHUNK_TICKS = 65_536;

/**
 * Ticks in the order of their time. Only the first `length` rows are meant; arrays may be longer. A column is never written after
 * its series was handed out. A print without a quote stands for both sides (`bid` and `ask` may then be the very array of `price`),
 * a quote without a print has its bid as price, and among prints (`both`) its mid: `kind` tells which it was.
 *
 * Float64 for times and prices, because whole numbers up to 2^53 are exact in it and a loop reads them as it calculates with them;
 * Int32 is too small for prices in 1e-8, BigInt64 makes an object a read.
 */
export interface TickColumns {
  readonly kind: TickKind;
  readonly length: number;
  /** Whole epoch milliseconds, UTC. */
  readonly atMs: Float64Array;
  /** Nanoseconds behind that millisecond, 0 to 999,999. */
  readonly subMsNs: Int32Array;
  /** Whole units of 1e-8, see `priceOf`. */
  readonly price: Float64Array;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  /** As the file has it: contracts, units of the base currency. 0 where there is none. */
  readonly volume: Float64Array;
}

/** `prints` have no quote, `quotes` no print, `both` have both. A series read from several files may be mixed: then `both`. */
export type TickKind = 'prints' | 'quotes' | 'both';

/** Bars of one length in the order of their start. A bucket without a tick has no bar. Buckets are aligned to UTC. */
export interface BarColumns {
  readonly length: number;
  readonly timeframeMs: number;
  /** Whole epoch milliseconds, UTC; the bar covers [start, start + timeframeMs). */
  readonly startMs: Float64Array;
  /** Whole units of 1e-8. Of prints where a file has them, of mids where it has only quotes. */
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly ticks: Float64Array;
}

/** The price as the float nearest to its decimal text: what `Number("8572.25")` gives. */
export const priceOf = (units: number): number => units / PRICE_SCALE;

/** Between two sides, in whole units, rounded down: what a quote without a print counts as, wherever it is read. */
export const midUnits = (bid: number, ask: number): number => Math.floor((bid + ask) / 2);

/** The other way round; a price that is finer than 1e-8 is rounded. */
export const unitsOf = (price: number): number => Math.round(price * PRICE_SCALE);
