/** The rows that a command runs over: a file read into memory and kept nowhere, or the stored series of a house. */
import { createReadStream } from 'node:fs';
import { MemorySeries } from '../../../db/memory/series.ts';
import { findInstrument } from '../../../domain/instrument.ts';
import type { BarColumns, TickColumns } from '../../../market/columns.ts';
import { importTicks } from '../../../market/import/import-ticks.ts';
import { readBarFile } from '../../../market/import/read-bar-file.ts';
import { FileRefusal } from '../../../market/importers/refusal.ts';
import type { Zone } from '../../../market/importers/zones.ts';
import { sourceOf } from '../../../runs/backtest/backtest.ts';
import type { BacktestPayload } from '../../../runs/backtest/payload.ts';
import { printsOfBars, type Source } from '../../../runs/backtest/source.ts';
import { importsNow, type SeriesReads } from '../../../runs/backtest/store-source.ts';
import { liveIds } from '../../../runtime/live/ambient.ts';
import { liveClock } from '../../../runtime/live/clock.ts';
import { seededRandom } from '../../../runtime/simulated/random.ts';
import type { StrategyDefinition } from '../../../strategies/strategy.ts';
import type { FileImport } from '../operations.ts';
import { badUsage } from '../outcome.ts';
import { ProgressBar, readRatio } from '../progress-bar.ts';
import { unreadableFile } from '../refused-file.ts';
import type { Session } from '../session.ts';
import { sizeOf, symbolOf } from '../tick-file.ts';
import type { SeriesFlags } from './flags.ts';

const PIECE_BYTES = 1 << 18;

/** What is run over. Ended rows are forgotten: each reading of `source` begins at the first. */
export interface OpenedSeries {
  readonly symbol: string;
  readonly source: Source;
}

export type Rows = TickColumns | BarColumns;

/** Opens what the options name, hands it over, and lets go of it. Ends the command where there is nothing to run over. */
export async function withSeries(
  session: Session,
  flags: SeriesFlags,
  strategy: StrategyDefinition,
  work: (series: OpenedSeries) => Promise<void>,
): Promise<void> {
  if ((flags.file === undefined) === (flags.instrument === undefined))
    throw badUsage('give either --file or --instrument');
  if (flags.from !== undefined && flags.to !== undefined && flags.to <= flags.from)
    throw badUsage('--to is the first moment that is left out: it must be later than --from');
  if (flags.file !== undefined) {
    await work(await fromFile(session, flags.file, flags, strategy));
    return;
  }
  const instrument = findInstrument(flags.instrument ?? '');
  if (!instrument) throw badUsage(`"${flags.instrument}" is not a known instrument`);
  const { symbol } = instrument;
  await session.operate(async (house) => work(await stored(house.series, symbol, flags, strategy)));
}

async function fromFile(
  session: Session,
  path: string,
  flags: SeriesFlags,
  strategy: StrategyDefinition,
): Promise<OpenedSeries> {
  const sizeBytes = sizeOf(path);
  const symbol = symbolOf(path, flags.symbol);
  const { store, result } = await readTickFile(session, { path, sizeBytes }, symbol, flags.zone);
  if (result.outcome === 'stored') return stored(store, symbol, flags, strategy);
  if (result.code === 'not-ticks') return barsFromFile(path, symbol, flags, strategy);
  throw unreadableFile(result.reason, result.badLines);
}

/** A file of ticks as a series of this name that is kept nowhere. */
export async function readTickFile(
  session: Session,
  { path, sizeBytes }: Pick<FileImport, 'path' | 'sizeBytes'>,
  name: string,
  zone?: Zone,
) {
  const bar = new ProgressBar(session.terminal);
  const stream = createReadStream(path, { highWaterMark: PIECE_BYTES });
  const clock = liveClock();
  const store = new MemorySeries(new Map());
  const options = { store, importId: liveIds(clock).uuid(), clock, symbol: name, skipDuplicates: true, fileName: path };
  const result = await importTicks(stream, { ...options, ...(zone && { zone }) }, ({ uploaded }) => {
    if (uploaded > 0)
      bar.show(readRatio(stream.bytesRead, sizeBytes), `${uploaded.toLocaleString('en-US')} ticks read`);
  }).finally(() => bar.clear());
  return { store, result };
}

async function barsFromFile(
  path: string,
  symbol: string,
  { zone, stampsStart, bars: asked, from = 0, to = Number.MAX_SAFE_INTEGER }: SeriesFlags,
  strategy: StrategyDefinition,
): Promise<OpenedSeries> {
  if (asked !== undefined) throw badUsage('the file holds bars already: leave --bars out');
  const bars = await readBarFile(createReadStream(path), {
    zone,
    stampsStart,
    fileName: path,
    instrument: findInstrument(symbol),
  }).catch((error: unknown) => {
    throw error instanceof FileRefusal ? unreadableFile(error.message, []) : error;
  });
  const first = bars.startMs.findIndex((start) => start >= from);
  const behind = bars.startMs.findIndex((start) => start >= to);
  const cut = sliceBars(bars, first < 0 ? bars.length : first, behind < 0 ? bars.length : behind);
  const columns: Rows = strategy.input === 'ticks' ? printsOfBars(cut) : cut;
  async function* chunks() {
    if (columns.length > 0) yield { columns, anchor: { rowsBefore: 0, place: 0 }, rowsBefore: 0 };
  }
  return { symbol, source: { rows: columns.length, chunks } };
}

function sliceBars(bars: BarColumns, from: number, to: number): BarColumns {
  const cut = (column: Float64Array): Float64Array => column.subarray(from, to);
  const { timeframeMs, startMs, open, high, low, close, volume, ticks } = bars;
  return {
    ...{ length: Math.max(0, to - from), timeframeMs, startMs: cut(startMs), open: cut(open), high: cut(high) },
    ...{ low: cut(low), close: cut(close), volume: cut(volume), ticks: cut(ticks) },
  };
}

async function stored(
  store: SeriesReads,
  symbol: string,
  { bars, from, to }: SeriesFlags,
  { name: strategyType, input }: StrategyDefinition,
): Promise<OpenedSeries> {
  const granularity: BacktestPayload['granularity'] = bars ?? (input === 'ticks' ? 'ticks' : '1m');
  const period = { startAt: from ?? null, endAt: to ?? null };
  const asked = { strategyType, symbol, granularity, dataSource: 'store' as const, ...period };
  return { symbol, source: await sourceOf(asked, await importsNow(store, symbol), store, seededRandom) };
}

/** All rows, telling how far they are read. */
export async function* rowsOf({ source }: OpenedSeries, bar: ProgressBar, what: string): AsyncGenerator<Rows, void> {
  let rows = 0;
  for await (const { columns } of source.chunks(undefined)) {
    yield columns;
    rows += columns.length;
    bar.show(rows / Math.max(1, source.rows), `${rows.toLocaleString('en-US')} rows ${what}`);
  }
}
