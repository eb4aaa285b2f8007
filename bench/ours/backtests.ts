/** Backtests of ours: whole runs with their book, log and equity, made anew each time. Invariant: the trades are those of the rules. */
import { findInstrument, type Instrument } from '../../domain/instrument.ts';
import type { BarColumns, TickColumns } from '../../market/columns.ts';
import { readTicks } from '../../market/series/read-ticks.ts';
import type { RunPart } from '../../runs/engine/log.ts';
import { Run } from '../../runs/engine/run.ts';
import { NO_COSTS, termsOf } from '../../runs/engine/terms.ts';
import { renderReport } from '../../runs/report/html.ts';
import { runWhole } from '../../runs/report/run-whole.ts';
import { max } from '../../strategies/max.ts';
import { smaCross } from '../../strategies/sma-cross.ts';
import type { StrategyDefinition } from '../../strategies/strategy.ts';
import { manyBars, manyTicks, WARM_REPETITIONS } from '../backtests.ts';
import { bestRate, type Measure } from '../measure.ts';
import { EVER, importFile, onPostgres, SYMBOL } from './imports.ts';

export const MAX_TRADES = 187;
export const CROSS_TRADES = 44_711;

const terms = termsOf(findInstrument('NQ') as Instrument);

/** A whole run with the strategy's own parameters; its trades. */
export function runOnce(strategy: StrategyDefinition, columns: TickColumns | BarColumns): RunPart['trades'] {
  const run = new Run({ strategy, parameters: {}, terms });
  run.advance(columns);
  run.finish();
  return run.take().trades;
}

function backtest(strategy: StrategyDefinition, columns: TickColumns | BarColumns, trades: number): void {
  const found = runOnce(strategy, columns).length;
  if (found !== trades) throw new Error(`Invariant: ${strategy.name} makes ${trades} trades, not ${found}`);
}

/** Ticks a second; of the first run of the process for one repetition. */
export const maxBacktest = (repetitions: number) => (): Promise<number> => {
  const ticks = manyTicks();
  return bestRate(ticks.length, repetitions, () => backtest(max, ticks, MAX_TRADES));
};

export const smaBacktest = (): Promise<number> => {
  const bars = manyBars();
  return bestRate(bars.length, WARM_REPETITIONS, () => backtest(smaCross, bars, CROSS_TRADES));
};

/** Ticks a second from the database to the finished page of the report, in a cold process. */
export const storeBacktest: Measure = () =>
  onPostgres(async (place) => {
    const { ticks } = await importFile(place);
    const about = { name: 'Bench', symbol: SYMBOL, costs: NO_COSTS, simulatedMarket: false };
    const startedMs = performance.now();
    const pieces = readTicks(place.series, { symbol: SYMBOL, ...EVER });
    const report = await runWhole({ strategy: max, parameters: {}, terms }, about, pieces);
    const page = report && renderReport(report);
    const seconds = (performance.now() - startedMs) / 1_000;
    if (report?.processed !== ticks || !page?.includes('</html>')) throw new Error('Invariant: every tick is reported');
    return ticks / seconds;
  });
