/** All figures of a run, by family. A family is one file; a new one is one line here. */

import { type Activity, activityFigures } from './activity.ts';
import { benchmarkFigures } from './benchmark.ts';
import { type Course, courseFigures } from './drawdown.ts';
import { type Figure, figureOf } from './figure.ts';
import { holdingFigures } from './holding.ts';
import { isEquityGone, returnFigures, returnsOf } from './returns.ts';
import { EQUITY_GONE } from './sample.ts';
import { tradeDrawdownFigures } from './trade-drawdown.ts';
import { tradeSpreadFigures } from './trade-spread.ts';
import { tradeFigures } from './trades.ts';
import { riskFigures } from './value-at-risk.ts';

/** What figures are made of; see `RunSummary` for what each says. */
export type Measured = Omit<Course, 'dailyEquity'> & Activity;

export interface FigureFamily {
  readonly family: string;
  readonly figures: readonly Figure[];
}

export function figuresOf(measured: Measured): readonly FigureFamily[] {
  const { startBalance, days, trades, multiplier } = measured;
  const dailyEquity = [startBalance, ...days.map(({ equity }) => equity)];
  const returns = returnsOf(dailyEquity);
  const held = returnsOf(days.map(({ price }) => price));
  const daysWithData = figureOf('daysWithData', 'count', days.length, '');
  const isGone = isEquityGone(dailyEquity);
  const ofReturns = (figures: readonly Figure[]): readonly Figure[] =>
    isGone ? figures.map(({ name, unit }) => figureOf(name, unit, undefined, EQUITY_GONE)) : figures;
  return [
    { family: 'Result', figures: courseFigures({ ...measured, dailyEquity }) },
    { family: 'Trades', figures: tradeFigures(trades) },
    { family: 'Spread of trades', figures: tradeSpreadFigures(startBalance, trades) },
    { family: 'Falls of trades', figures: tradeDrawdownFigures(trades, multiplier) },
    { family: 'On the way', figures: holdingFigures(trades, multiplier) },
    { family: 'Daily returns', figures: [daysWithData, ...ofReturns(returnFigures(returns))] },
    { family: 'Risk', figures: ofReturns(riskFigures(returns)) },
    // The instrument's first day has no day before it.
    { family: 'Against holding', figures: ofReturns(benchmarkFigures(returns.slice(1), held)) },
    { family: 'Activity', figures: activityFigures(measured) },
  ];
}
