/**
 * A backtest as a job: rows in slices, a part of output with every checkpoint. Invariant: one that goes on from a checkpoint says exactly
 * what an undisturbed one would have said.
 */
import { findInstrument } from '../../domain/instrument.ts';
import type { BarColumns, TickColumns } from '../../market/columns.ts';
import type { Packing } from '../../market/series/pack.ts';
import { TIMEFRAMES_MS } from '../../market/series/store.ts';
import type { JobCheckpoint, JobKind, JobRun, JobSlice, JobWork } from '../../runtime/jobs.ts';
import type { Random } from '../../runtime/ports.ts';
import { findStrategy } from '../../strategies/all.ts';
import { Run, type RunCheckpoint, type RunPlan } from '../engine/run.ts';
import { termsOf } from '../engine/terms.ts';
import { summaryOf } from '../summary.ts';
import { type BacktestPart, type BacktestPayload, backtestPayload } from './payload.ts';
import { simulatedSource } from './simulated-source.ts';
import { type Anchor, type Chunk, printsOfBars, type Source } from './source.ts';
import { barSource, importsNow, type SeriesReads, tickSource } from './store-source.ts';

export const BACKTEST = 'backtest';
const TRIES_MAX = 5;
/** Rows of a slice: a few milliseconds, and never more output than a part can hold. */
const SLICE_ROWS = 8_192;
/** Lines that are waiting to be saved; more of them are saved at once. */
const LINES_MAX = 5_000;

interface Checkpoint {
  readonly run: RunCheckpoint;
  readonly anchor: Anchor | null;
  /** Imports that it reads. */
  readonly imports: readonly string[];
}

/** A refusal that no repetition changes. */
const refuse = (reason: string): never => {
  throw Object.assign(new Error(reason), { retryable: false });
};

/** Throws what no repetition changes: an unknown strategy or instrument. */
export function planOf(asked: Pick<BacktestPayload, 'strategyType' | 'symbol' | 'parameters' | 'costs'>): RunPlan {
  const { strategyType, symbol, parameters, costs = {} } = asked;
  const strategy = findStrategy(strategyType) ?? refuse(`there is no strategy ${strategyType}`);
  const instrument = findInstrument(symbol) ?? refuse(`there is no instrument ${symbol}`);
  const given = Object.fromEntries(Object.entries(costs).filter(([, cost]) => cost !== undefined));
  return { strategy, parameters, terms: termsOf(instrument, given) };
}

export type Seeded = (seed: string) => Random;

/** The name under which the rows are stored. */
export const seriesOf = ({ series, symbol }: Pick<BacktestPayload, 'series' | 'symbol'>): string => series ?? symbol;

/** The rows of a backtest, of these imports when they come from the store. Throws for an invented market without a beginning and an end. */
export async function sourceOf(
  payload: Omit<BacktestPayload, 'parameters' | 'costs'>,
  imports: readonly string[],
  store: SeriesReads,
  seeded: Seeded,
): Promise<Source> {
  const { symbol, granularity, dataSource, startAt, endAt, strategyType } = payload;
  const isOverTicks = findStrategy(strategyType)?.input === 'ticks';
  const as = (bars: BarColumns): BarColumns | TickColumns => (isOverTicks ? printsOfBars(bars) : bars);
  if (dataSource === 'simulated') {
    const instrument = findInstrument(symbol) ?? refuse(`there is no instrument ${symbol}`);
    if (startAt === null || endAt === null) return refuse('an invented market needs a beginning and an end');
    const timeframeMs = granularity === 'ticks' ? undefined : TIMEFRAMES_MS[granularity];
    return simulatedSource({ instrument, startAt, endAt, timeframeMs }, seeded, as);
  }
  const range = { symbol: seriesOf(payload), fromMs: startAt ?? 0, toMs: endAt ?? Number.MAX_SAFE_INTEGER };
  return granularity === 'ticks'
    ? tickSource(store, imports, range)
    : barSource(store, imports, granularity, range, as);
}

class Backtest implements JobRun {
  private readonly chunks: AsyncIterator<Chunk>;
  private chunk: Chunk | undefined;
  private progressRatio = 0;

  constructor(
    private readonly run: Run,
    private readonly source: Source,
    private anchor: Anchor | null,
    private readonly imports: readonly string[],
  ) {
    this.chunks = source.chunks(anchor ?? undefined)[Symbol.asyncIterator]();
  }

  async advance(): Promise<JobSlice> {
    const { run } = this;
    if (!this.chunk || run.processed >= this.chunk.rowsBefore + this.chunk.columns.length) {
      const next = await this.chunks.next();
      if (next.done) return this.finish();
      this.chunk = next.value;
      this.anchor = next.value.anchor;
    }
    const { columns, rowsBefore } = this.chunk;
    const from = run.processed - rowsBefore;
    run.advance(columns, from, Math.min(from + SLICE_ROWS, columns.length));
    this.progressRatio = Math.min(0.999, run.processed / Math.max(1, this.source.rows));
    return { done: false, progressRatio: this.progressRatio, full: run.untaken >= LINES_MAX };
  }

  checkpoint(): JobCheckpoint {
    const { run, anchor, imports } = this;
    const { events, trades, equity } = run.take();
    const part: BacktestPart = {
      ...{ events: [...events], trades: [...trades], equity: [...equity] },
      ...{ figures: summaryOf(run), marketAt: run.span?.lastAt ?? null, progressRatio: this.progressRatio },
    };
    const state: Checkpoint = { run: run.checkpoint(), anchor, imports };
    return { state: JSON.stringify(state), output: JSON.stringify(part) };
  }

  close(): void {
    void this.chunks.return?.();
  }

  private finish(): JobSlice {
    this.run.finish();
    this.progressRatio = 1;
    return { done: true, result: JSON.stringify(summaryOf(this.run)) };
  }
}

/** The series as the process that holds the database serves them. */
const storeOf = ({ call }: JobWork, packing: Packing | undefined): SeriesReads => ({
  heads: (range) => call('series.heads', range) as ReturnType<SeriesReads['heads']>,
  bytes: (head) => call('series.bytes', head) as ReturnType<SeriesReads['bytes']>,
  imports: (symbol) => call('series.imports', symbol) as ReturnType<SeriesReads['imports']>,
  packing,
});

/** One that goes on would miss the rows of an import that was taken back since, and nobody would see it. */
async function assertThere(store: SeriesReads, symbol: string, imports: readonly string[]): Promise<void> {
  const there = new Set(await importsNow(store, symbol));
  const gone = imports.find((id) => !there.has(id));
  if (gone !== undefined) refuse(`the import ${gone} of ${symbol}, which this run has read, was taken back`);
}

/** `packing`: who unpacks stored rows; threads when absent. */
export const backtestKind = (seeded: Seeded, packing?: Packing): JobKind => ({
  kind: BACKTEST,
  triesMax: TRIES_MAX,
  async open(work) {
    const payload = backtestPayload.parse(work.payload);
    const plan = planOf(payload);
    const store = storeOf(work, packing);
    const saved = work.checkpoint === undefined ? undefined : (JSON.parse(work.checkpoint) as Checkpoint);
    const imports =
      saved?.imports ?? (payload.dataSource === 'store' ? await importsNow(store, seriesOf(payload)) : []);
    if (saved && imports.length > 0) await assertThere(store, seriesOf(payload), imports);
    const source = await sourceOf(payload, imports, store, seeded);
    if (source.rows === 0) return refuse(`there is no data of ${payload.symbol} in this period`);
    return new Backtest(saved ? Run.resume(plan, saved.run) : new Run(plan), source, saved?.anchor ?? null, imports);
  },
});
