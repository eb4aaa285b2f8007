/** A backtest from the first piece of a series to its report, in one go: for whoever has no need to pause, watch or resume it. */

import type { EquityPoint, RunTrade } from '../../domain/run.ts';
import type { BarColumns, TickColumns } from '../../market/columns.ts';
import { Run, type RunPlan } from '../engine/run.ts';
import { measuredOf } from '../summary.ts';
import { addVolumes } from './day-volumes.ts';
import { type CurvePoint, EquityCurve } from './equity-curve.ts';
import { type ReportOf, type RunReport, reportOf, sketchOf } from './report.ts';

/** Of each piece; the report thins them together. */
const STRETCHES_A_PIECE = 500;

export type ReportAbout = Omit<ReportOf, 'processed' | 'span' | 'prices' | 'strategy' | 'parameters'>;

/** Undefined where the series has no row: there is nothing to report. */
export async function runWhole(
  plan: RunPlan,
  about: ReportAbout,
  pieces: AsyncIterable<TickColumns | BarColumns>,
): Promise<RunReport | undefined> {
  const run = new Run(plan);
  const trades: RunTrade[] = [];
  const balances: EquityPoint[] = [];
  const curve = new EquityCurve();
  const prices: CurvePoint[] = [];
  const volumes = new Map<number, number>();
  const keep = (): void => {
    const part = run.take();
    for (const trade of part.trades) trades.push(trade);
    for (const point of part.equity) balances.push(point);
  };
  for await (const columns of pieces) {
    curve.advance(run, columns);
    addVolumes(volumes, columns);
    for (const point of sketchOf(columns, STRETCHES_A_PIECE)) prices.push(point);
    keep();
  }
  const { span, processed } = run;
  if (span === undefined) return undefined;
  run.finish();
  curve.end(run);
  keep();
  const { strategy, parameters } = plan;
  const complete = { ...about, strategy: strategy.name, parameters, processed, span, prices };
  const market = { multiplier: plan.terms.multiplier, volumes };
  return reportOf(complete, measuredOf(run, trades, market), curve, balances);
}
