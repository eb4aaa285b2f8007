/**
 * The second half of an import: takes ticks chunk by chunk, leaves out what is known, builds bars, compresses and puts. A chunk is
 * compressed and stored while the next one is read; a few are on the way at most.
 */
import { CHUNK_TICKS, type TickKind } from '../columns.ts';
import { BarBuilder } from '../series/bar-builder.ts';
import { encodeBars } from '../series/bar-chunk.ts';
import type { ChunkHead, SeriesName, SeriesStore } from '../series/store.ts';
import { TickBuffer } from '../series/tick-buffer.ts';
import { encodeTicks } from '../series/tick-chunk.ts';
import type { Covered } from './covered.ts';
import { InFlight } from './in-flight.ts';
import { KnownTicks } from './known-ticks.ts';

const IN_FLIGHT_MAX = 4;

export interface ChunkWriterOptions {
  readonly store: SeriesStore;
  readonly importId: string;
  readonly symbol: string;
  /** What is published of the instrument; absent when duplicates are wanted. */
  readonly published: readonly ChunkHead[] | undefined;
  /** What files of bars have told. */
  readonly covered: Covered;
  /** Called after each chunk of ticks that was put. */
  readonly onPut?: () => void;
}

export class ChunkWriter {
  batches = 0;
  uploaded = 0;
  duplicates = 0;
  firstMs: number | null = null;
  lastMs: number | null = null;
  duplicateFirstMs: number | null = null;
  duplicateLastMs: number | null = null;
  private readonly chunk = new TickBuffer(CHUNK_TICKS);
  private readonly inFlight = new InFlight(IN_FLIGHT_MAX);
  private readonly parts = new Map<SeriesName, number>();
  private readonly known: KnownTicks | undefined;
  private readonly bars = new BarBuilder(
    (timeframe, rows) => {
      const [firstMs, lastMs] = span(rows.startMs, rows.length);
      const head = this.head(timeframe, { firstMs, lastMs, count: rows.length });
      const { store } = this.options;
      this.inFlight.start(encodeBars(rows, store.packing).then((bytes) => store.put({ ...head, bytes })));
    },
    (timeframe, minuteMs) => this.options.covered.mayAdd(0, timeframe, minuteMs),
  );

  constructor(private readonly options: ChunkWriterOptions) {
    const { store, published } = options;
    const bytes = async (head: ChunkHead): Promise<Uint8Array> => {
      await this.inFlight.settled();
      return store.bytes(head);
    };
    this.known = published && new KnownTicks(bytes, published, store.packing);
  }

  /** Takes the whole part of a buffer, or all of it. The buffer may be filled again when this resolves. */
  async write(from: TickBuffer, kind: TickKind, count: number): Promise<void> {
    const { chunk, known } = this;
    from.moveTo(chunk, count);
    chunk.sort();
    if (known) {
      const fresh = await known.fresh(chunk, kind);
      this.duplicates += chunk.length - fresh.length;
      if (fresh.length < chunk.length) {
        this.noteDuplicates(fresh);
        chunk.take(fresh);
      }
    }
    if (chunk.length > 0) await this.store(kind);
    chunk.clear();
  }

  /** Everything that was written is put, or an error is thrown. */
  async finish(): Promise<void> {
    this.bars.finish();
    await this.inFlight.settled();
  }

  /** Nothing of this import is on its way any more. */
  abandon(): Promise<void> {
    return this.inFlight.ended();
  }

  /** The chunk is sorted, and `fresh` has rows of it in their order: the first and the last one that it leaves out. */
  private noteDuplicates(fresh: Uint32Array): void {
    const { atMs, length } = this.chunk;
    const left = length - fresh.length;
    let first = 0;
    while (fresh[first] === first) first += 1;
    let last = length - 1;
    while (fresh[last - left] === last) last -= 1;
    this.duplicateFirstMs = Math.min(atMs[first]!, this.duplicateFirstMs ?? atMs[first]!);
    this.duplicateLastMs = Math.max(atMs[last]!, this.duplicateLastMs ?? atMs[last]!);
  }

  private async store(kind: TickKind): Promise<void> {
    const { chunk } = this;
    const [firstMs, lastMs] = [chunk.atMs[0]!, chunk.atMs[chunk.length - 1]!];
    const head = this.head('ticks', { firstMs, lastMs, count: chunk.length });
    this.firstMs = Math.min(firstMs, this.firstMs ?? firstMs);
    this.lastMs = Math.max(lastMs, this.lastMs ?? lastMs);
    this.bars.add(chunk, kind);
    const encoded = encodeTicks(chunk, kind, this.options.store.packing);
    this.known?.add(head, chunk);
    this.inFlight.start(this.put(head, encoded));
    await this.inFlight.room();
  }

  private async put(head: ChunkHead, encoded: Promise<Uint8Array>): Promise<void> {
    await this.options.store.put({ ...head, bytes: await encoded });
    this.batches += 1;
    this.uploaded += head.count;
    this.options.onPut?.();
  }

  private head(series: SeriesName, rows: Pick<ChunkHead, 'firstMs' | 'lastMs' | 'count'>): ChunkHead {
    const { importId, symbol } = this.options;
    const part = (this.parts.get(series) ?? 0) + 1;
    this.parts.set(series, part);
    return { importId, series, part, symbol, ...rows };
  }
}

function span(values: Float64Array, length: number): readonly [first: number, last: number] {
  let [first, last] = [values[0]!, values[0]!];
  for (let index = 1; index < length; index += 1) {
    first = Math.min(first, values[index]!);
    last = Math.max(last, values[index]!);
  }
  return [first, last];
}
