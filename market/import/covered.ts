/**
 * Which buckets files of bars have told of. What another import knows of such a bucket adds nothing to it: a bar that a file has told as a whole
 * is never counted twice. Files of bars are imports without ticks, and their bars have the shortest length that they have rows of.
 */
import { decodeBars } from '../series/bar-chunk.ts';
import { type ChunkHead, type SeriesStore, TIMEFRAMES, TIMEFRAMES_MS, type Timeframe } from '../series/store.ts';

const EVER = { fromMs: Number.MIN_SAFE_INTEGER, toMs: Number.MAX_SAFE_INTEGER } as const;

type Reads = Pick<SeriesStore, 'heads' | 'bytes' | 'packing'>;

async function storedStarts(store: Reads, heads: readonly ChunkHead[]): Promise<Float64Array> {
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
  private constructor(
    private readonly store: Reads,
    /** As files of bars have told them. */
    private readonly starts: ReadonlyMap<Timeframe, Float64Array>,
    /** Chunks of bars that were made of ticks, or of shorter bars. */
    private readonly made: ReadonlyMap<Timeframe, readonly ChunkHead[]>,
  ) {}

  /** `published`: chunks of ticks. */
  static async of(store: Reads, symbol: string, published: readonly ChunkHead[]): Promise<Covered> {
    const known = new Set(published.map(({ importId }) => importId));
    const starts = new Map<Timeframe, Float64Array>();
    const made = new Map<Timeframe, readonly ChunkHead[]>();
    for (const series of TIMEFRAMES) {
      const all = await store.heads({ symbol, series, ...EVER });
      const told = all.filter(({ importId }) => !known.has(importId));
      if (told.length > 0) starts.set(series, await storedStarts(store, told));
      made.set(
        series,
        all.filter(({ importId }) => known.has(importId)),
      );
      // Its longer bars are made of these.
      for (const { importId } of told) known.add(importId);
    }
    return new Covered(store, starts, made);
  }

  /** The beginnings of all bars of a length, whoever told of them, ascending; a bucket with several parts stands there as often. */
  async startsOf(timeframe: Timeframe): Promise<Float64Array> {
    const told = this.starts.get(timeframe) ?? new Float64Array(0);
    const made = await storedStarts(this.store, this.made.get(timeframe) ?? []);
    const starts = new Float64Array(told.length + made.length);
    starts.set(told);
    starts.set(made, told.length);
    return starts.sort();
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
