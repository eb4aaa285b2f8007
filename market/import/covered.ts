/**
 * Which buckets files of bars have told of. What another import knows of such a bucket adds nothing to it: a bar that a file has told as a whole
 * is never counted twice. Files of bars are imports without ticks, and their bars have the shortest length that they have rows of.
 */
import { decodeBars } from '../series/bar-chunk.ts';
import { type ChunkHead, type SeriesStore, TIMEFRAMES, TIMEFRAMES_MS, type Timeframe } from '../series/store.ts';

const EVER = { fromMs: Number.MIN_SAFE_INTEGER, toMs: Number.MAX_SAFE_INTEGER } as const;

type Reads = Pick<SeriesStore, 'heads' | 'bytes' | 'packing'>;

/** The beginnings of all bars of a length that the store has, ascending; a bucket with several parts stands there as often. */
export async function storedStarts(store: Reads, heads: readonly ChunkHead[]): Promise<Float64Array> {
  const starts = new Float64Array(heads.reduce((sum, { count }) => sum + count, 0));
  let length = 0;
  for (const head of heads) {
    const bars = await decodeBars(await store.bytes(head), store.packing);
    starts.set(bars.startMs.subarray(0, bars.length), length);
    length += bars.length;
  }
  return starts.sort();
}

export class Covered {
  private constructor(private readonly starts: ReadonlyMap<Timeframe, Float64Array>) {}

  static async of(store: Reads, symbol: string): Promise<Covered> {
    const ticks = await store.heads({ symbol, series: 'ticks', ...EVER });
    const known = new Set(ticks.map(({ importId }) => importId));
    const starts = new Map<Timeframe, Float64Array>();
    for (const series of TIMEFRAMES) {
      const heads = (await store.heads({ symbol, series, ...EVER })).filter(({ importId }) => !known.has(importId));
      if (heads.length > 0) starts.set(series, await storedStarts(store, heads));
      // Its longer bars are made of these.
      for (const { importId } of heads) known.add(importId);
    }
    return new Covered(starts);
  }

  /** May rows of `lengthMs`, at this moment, add to the bar of `timeframe`? Not where a file has told a bar between the two. */
  mayAdd(lengthMs: number, timeframe: Timeframe, atMs: number): boolean {
    if (this.starts.size === 0) return true;
    for (const [length, starts] of this.starts) {
      const ms = TIMEFRAMES_MS[length];
      if (ms > lengthMs && ms <= TIMEFRAMES_MS[timeframe] && has(starts, atMs - (((atMs % ms) + ms) % ms)))
        return false;
    }
    return true;
  }
}

function has(sorted: Float64Array, value: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value;
}
