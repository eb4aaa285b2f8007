/** All figures of a run, by family. A family is one file; a new one is one line here. */

import type { RunTrade } from '../../domain/run.ts';
import type { RunDay } from '../engine/holdings.ts';
import { benchmarkFigures } from './benchmark.ts';
import { type Course, courseFigures } from './drawdown.ts';
import { type Figure, figureOf } from './figure.ts';
import { returnFigures, returnsOf } from './returns.ts';
import { holdingFigures, tradeFigures } from './trades.ts';
import { riskFigures } from './value-at-risk.ts';

/** What figures are made of; see `RunSummary` for what each says. */
export interface Measured extends Omit<Course, 'dailyEquity'> {
  readonly days: readonly RunDay[];
  readonly trades: readonly RunTrade[];
  readonly exposedMs: number;
  readonly commission: number;
  readonly turnover: number;
}

export interface FigureFamily {
  readonly family: string;
  readonly figures: readonly Figure[];
}

export function figuresOf(measured: Measured): readonly FigureFamily[] {
  const { startBalance, days, trades, spanMs } = measured;
  const dailyEquity = [startBalance, ...days.map(({ equity }) => equity)];
  const returns = returnsOf(dailyEquity);
  const held = returnsOf(days.map(({ price }) => price));
  return [
    { family: 'Result', figures: courseFigures({ ...measured, dailyEquity }) },
    { family: 'Trades', figures: tradeFigures(trades) },
    { family: 'On the way', figures: holdingFigures(trades) },
    { family: 'Daily returns', figures: returnFigures(returns) },
    { family: 'Risk', figures: riskFigures(returns) },
    // The instrument's first day has no day before it.
    { family: 'Against holding', figures: benchmarkFigures(returns.slice(1), held) },
    {
      family: 'Activity',
      figures: [
        figureOf('exposedRatio', 'ratio', measured.exposedMs / spanMs, 'no time passed'),
        figureOf('commission', 'money', measured.commission, ''),
        figureOf('turnover', 'money', measured.turnover, ''),
        figureOf('turnoverRatio', 'ratio', measured.turnover / startBalance, ''),
      ],
    },
  ];
}
