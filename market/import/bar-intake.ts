/**
 * The bars of a file on their way into the store: their length is found from the first of them, what is stored already is left out, and
 * longer bars are made of them. Invariant: a bucket that the store knows stays as it is, whoever told of it.
 */
import { midUnits } from '../columns.ts';
import type { BarRow, Ohlc } from '../importers/bar-reader.ts';
import { OUTCOME, type Outcome } from '../importers/outcome.ts';
import { FileRefusal } from '../importers/refusal.ts';
import { BarBuffer } from '../series/bar-buffer.ts';
import { CHUNK_BARS, encodeBars } from '../series/bar-chunk.ts';
import { type SeriesStore, TIMEFRAMES, TIMEFRAMES_MS, type Timeframe } from '../series/store.ts';
import type { Covered } from './covered.ts';
import { InFlight } from './in-flight.ts';

const IN_FLIGHT_MAX = 4;
/** So many bars tell how long one is; a session's gaps are longer. */
const SAMPLE_BARS = 2_000;
const DAY = '1d';

export interface BarIntakeOptions {
  readonly store: SeriesStore;
  readonly importId: string;
  readonly symbol: string;
  /** What the store knows already. */
  readonly covered: Covered;
}

/** A line and what it was: told once it is known, which the first ones have to wait for. */
export type Judge = (line: number, outcome: Outcome | 'duplicate') => void;

interface Held {
  readonly line: number;
  readonly row: BarRow;
}

/** Throws FileRefusal for bars of a length that is not kept. */
export function timeframeOf(startsMs: readonly number[]): Timeframe {
  let smallest = Number.POSITIVE_INFINITY;
  for (let index = 1; index < startsMs.length; index += 1) {
    const gap = startsMs[index]! - startsMs[index - 1]!;
    if (gap > 0) smallest = Math.min(smallest, gap);
  }
  if (!Number.isFinite(smallest)) throw new FileRefusal('bar-length', 'a single bar tells no length');
  // A day is not always 24 hours long where clocks change.
  const found = TIMEFRAMES.find((name) => Math.abs(TIMEFRAMES_MS[name] - smallest) <= (name === DAY ? 3_600_000 : 0));
  if (found) return found;
  const kept = TIMEFRAMES.join(', ');
  throw new FileRefusal('bar-length', `the file's bars are ${smallest / 1_000} s long; kept are bars of ${kept}`);
}

/** How far a moment is behind the last whole multiple of a length, before 1970 too. */
const behindOf = (atMs: number, lengthMs: number): number => ((atMs % lengthMs) + lengthMs) % lengthMs;

export class BarIntake {
  uploaded = 0;
  duplicates = 0;
  batches = 0;
  firstMs: number | null = null;
  lastMs: number | null = null;
  duplicateFirstMs: number | null = null;
  duplicateLastMs: number | null = null;
  timeframe: Timeframe | undefined;
  private held: Held[] = [];
  private lengthMs = 0;
  private beforeMs = Number.NEGATIVE_INFINITY;
  private known: Float64Array = new Float64Array(0);
  private knownRow = 0;
  private readonly bar = new BarBuffer(1);
  private readonly buffers = new Map<Timeframe, BarBuffer>();
  private readonly parts = new Map<Timeframe, number>();
  private readonly inFlight = new InFlight(IN_FLIGHT_MAX);

  constructor(
    private readonly options: BarIntakeOptions,
    private readonly judge: Judge,
  ) {}

  /** Bars in the order of the file, which has to be that of their time. What is given back has to be waited for. */
  take(line: number, row: BarRow): Promise<void> | undefined {
    if (this.timeframe === undefined) {
      this.held.push({ line, row });
      return this.held.length === SAMPLE_BARS ? this.begin() : undefined;
    }
    const { batches } = this;
    this.put(line, row);
    return this.batches > batches ? this.inFlight.room() : undefined;
  }

  /** Everything that was taken is stored, or an error is thrown. */
  async finish(): Promise<void> {
    if (this.held.length > 0) await this.begin();
    for (const timeframe of this.buffers.keys()) this.flush(timeframe);
    await this.inFlight.settled();
  }

  abandon(): Promise<void> {
    return this.inFlight.ended();
  }

  private async begin(): Promise<void> {
    const { held } = this;
    const timeframe = timeframeOf(held.map(({ row }) => row.startMs));
    this.held = [];
    this.timeframe = timeframe;
    this.lengthMs = TIMEFRAMES_MS[timeframe];
    for (const name of TIMEFRAMES.slice(TIMEFRAMES.indexOf(timeframe)))
      this.buffers.set(name, new BarBuffer(CHUNK_BARS));
    this.known = await this.options.covered.startsOf(timeframe);
    for (const { line, row } of held) this.put(line, row);
  }

  private put(line: number, row: BarRow): void {
    const startMs = this.startOf(row.startMs);
    if (startMs === undefined) this.judge(line, OUTCOME.edge);
    else if (startMs < this.beforeMs) throw new FileRefusal('not-rising', 'the bars of the file do not rise in time');
    else if (startMs === this.beforeMs || this.isKnown(startMs)) {
      this.duplicates += 1;
      this.duplicateFirstMs ??= startMs;
      this.duplicateLastMs = startMs;
      this.judge(line, 'duplicate');
    } else {
      this.add(startMs, row);
      this.judge(line, OUTCOME.row);
    }
    this.beforeMs = Math.max(this.beforeMs, startMs ?? this.beforeMs);
  }

  /** Undefined for one that begins elsewhere than its length says. A day's stamp is its date, whatever clock wrote it. */
  private startOf(atMs: number): number | undefined {
    const behind = behindOf(atMs, this.lengthMs);
    return behind === 0 || this.timeframe === DAY ? atMs - behind : undefined;
  }

  private isKnown(startMs: number): boolean {
    const { known } = this;
    while (this.knownRow < known.length && known[this.knownRow]! < startMs) this.knownRow += 1;
    return known[this.knownRow] === startMs;
  }

  private add(startMs: number, { bid, ask, volume }: BarRow): void {
    const { bar, lengthMs } = this;
    const mid = (name: keyof Ohlc): number => midUnits(bid[name], ask[name]);
    bar.startMs[0] = startMs;
    for (const name of ['open', 'high', 'low', 'close'] as const) bar[name][0] = mid(name);
    bar.volume[0] = volume;
    bar.closedMs[0] = lengthMs - 1;
    this.uploaded += 1;
    this.firstMs ??= startMs;
    this.lastMs = startMs;
    for (const [timeframe, rows] of this.buffers) {
      if (!this.options.covered.mayAdd(lengthMs, timeframe, startMs)) continue;
      const bucketMs = startMs - behindOf(startMs, TIMEFRAMES_MS[timeframe]);
      if (rows.length > 0 && rows.startMs[rows.length - 1] === bucketMs) {
        rows.absorb(rows.length - 1, bar, 0);
        continue;
      }
      if (rows.isFull) this.flush(timeframe);
      rows.append(bucketMs, bar, 0);
    }
  }

  private flush(timeframe: Timeframe): void {
    const rows = this.buffers.get(timeframe)!;
    if (rows.length === 0) return;
    const { store, importId, symbol } = this.options;
    const part = (this.parts.get(timeframe) ?? 0) + 1;
    this.parts.set(timeframe, part);
    const [firstMs, lastMs] = [rows.startMs[0]!, rows.startMs[rows.length - 1]!];
    const head = { importId, series: timeframe, part, symbol, firstMs, lastMs, count: rows.length };
    const put = encodeBars(rows, store.packing).then((bytes) => store.put({ ...head, bytes }));
    this.inFlight.start(put);
    this.batches += 1;
    rows.length = 0;
  }
}
