/**
 * The stored series of a simulated world: any real store behind a port whose answers arrive at virtual times, with faults by seeded rates.
 * It outlives the product's crashes. Invariants: a chunk lands whole or not at all, never after its writer has died; what a dead writer
 * had under way is forgotten at the next start.
 */
import type { Packing } from '../../market/series/pack.ts';
import type { ChunkHead, SeriesStore } from '../../market/series/store.ts';
import type { Random } from '../../runtime/ports.ts';

export const SERIES_FAULT_KINDS = ['chunk-error', 'chunk-slow', 'chunk-corrupt', 'chunk-disk-full'] as const;
export type SeriesFaultKind = (typeof SERIES_FAULT_KINDS)[number];

export interface SeriesFaults {
  /** Chance that a chunk cannot be stored. */
  readonly errorRatio: number;
  /** Chance that it takes up to `slowMaxMs` to store one. */
  readonly slowRatio: number;
  readonly slowMaxMs: number;
  /** Chance that a chunk is read with a damaged byte. */
  readonly corruptRatio: number;
}

export const NO_SERIES_FAULTS: SeriesFaults = { errorRatio: 0, slowRatio: 0, slowMaxMs: 0, corruptRatio: 0 };

/** Rates for one world, each off in a third of the worlds. */
export function drawSeriesFaults(random: Random): SeriesFaults {
  const rate = (max: number): number => (random.next() < 1 / 3 ? 0 : random.next() * max);
  return { errorRatio: rate(0.05), slowRatio: rate(0.1), slowMaxMs: rate(5_000), corruptRatio: rate(0.02) };
}

/** One product instance's line, as the whole database knows it. */
export interface SeriesLine {
  readonly isDead: () => boolean;
  /** The answer at the next virtual moment, in the order of asking. */
  readonly parked: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface SimulatedSeriesOptions {
  readonly inner: SeriesStore;
  readonly random: Random;
  readonly sleep: (ms: number) => Promise<void>;
  /** Packs without other threads, so that the runner sees the end of it. */
  readonly packing: Packing;
  readonly isDiskFull: () => boolean;
}

const PUT_MIN_MS = 1;
const PUT_SPREAD_MS = 4;
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export class SimulatedSeries {
  readonly faultCounts: Record<SeriesFaultKind, number> = {
    'chunk-error': 0,
    'chunk-slow': 0,
    'chunk-corrupt': 0,
    'chunk-disk-full': 0,
  };
  /** Imports that were begun and neither published nor given up. */
  readonly underWay = new Set<string>();
  private faults = NO_SERIES_FAULTS;

  constructor(private readonly options: SimulatedSeriesOptions) {}

  setFaults(faults: SeriesFaults): void {
    this.faults = faults;
  }

  /** A new writer begins: nobody works on what is not published. */
  async sweep(): Promise<void> {
    for (const id of this.underWay) await this.options.inner.discard(id);
    this.underWay.clear();
  }

  connect(line: SeriesLine): SeriesStore {
    const { inner, packing } = this.options;
    const { parked } = line;
    return {
      packing,
      begin: (started) =>
        parked(async () => {
          this.refuseWhenFull();
          const isOpen = await inner.begin(started);
          if (isOpen) this.underWay.add(started.id);
          return isOpen;
        }),
      put: (chunk) => this.put(line, () => inner.put(chunk)),
      publish: (record) =>
        parked(async () => {
          this.refuseWhenFull();
          await inner.publish(record);
          this.underWay.delete(record.id);
        }),
      discard: (id) =>
        parked(async () => {
          await inner.discard(id);
          this.underWay.delete(id);
        }),
      remove: (id) => parked(() => inner.remove(id)),
      heads: (range) => parked(() => inner.heads(range)),
      bytes: (head) => parked(() => this.bytes(head)),
      imports: (symbol) => parked(() => inner.imports(symbol)),
    };
  }

  /** It lands at the end of its way. Every rate draws, so that one rate does not shift the others. */
  private async put({ isDead, parked }: SeriesLine, land: () => Promise<void>): Promise<void> {
    const { random, sleep } = this.options;
    const [error, slow, long, way] = [random.next(), random.next(), random.next(), random.next()];
    const isSlow = slow < this.faults.slowRatio;
    if (isSlow) this.faultCounts['chunk-slow'] += 1;
    const slowMs = isSlow ? Math.round(long * this.faults.slowMaxMs) : 0;
    await parked(async () => undefined);
    await sleep(PUT_MIN_MS + Math.floor(way * PUT_SPREAD_MS) + slowMs);
    if (isDead()) return never();
    this.refuseWhenFull();
    if (error < this.faults.errorRatio) {
      this.faultCounts['chunk-error'] += 1;
      throw new Error('simulated: the chunk could not be stored');
    }
    return parked(land);
  }

  private async bytes(head: ChunkHead): Promise<Uint8Array> {
    const { inner, random } = this.options;
    const bytes = await inner.bytes(head);
    const [happens, where] = [random.next(), random.next()];
    if (happens >= this.faults.corruptRatio || bytes.length === 0) return bytes;
    this.faultCounts['chunk-corrupt'] += 1;
    const damaged = Uint8Array.from(bytes);
    const at = Math.floor(where * damaged.length);
    damaged[at] = damaged[at]! ^ 0xff;
    return damaged;
  }

  private refuseWhenFull(): void {
    if (!this.options.isDiskFull()) return;
    this.faultCounts['chunk-disk-full'] += 1;
    throw new Error('simulated: no space is left on the disk');
  }
}
