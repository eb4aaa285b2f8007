/**
 * Ratios of daily returns: simple returns of equity from one UTC day with data to the next, 252 of them a year, risk-free 0. Two
 * returns at least, and some movement, or there is no ratio.
 */
import { deviation, type Figure, figureOf, largestOf, mean, quantile, smallestOf, sum } from './figure.ts';
import { normalCdf } from './normal.ts';

const DAYS_A_YEAR = 252;
const TOO_FEW = 'needs at least two days';
const NO_MOVEMENT = 'equity never moved';
const NO_LOSS = 'no day lost';

/** Simple returns between values that follow each other; a return on nothing or on debt is left out. */
export const returnsOf = (values: readonly number[]): readonly number[] =>
  values.flatMap((value, index) => {
    const before = values[index - 1];
    return before !== undefined && before > 0 ? [value / before - 1] : [];
  });

/** Mean over sample deviation, annualised (Sharpe 1994). Undefined on fewer than two returns or without movement. */
export function sharpeOf(returns: readonly number[]): number | undefined {
  const spread = deviation(returns);
  return returns.length >= 2 && spread > 0 ? (mean(returns) / spread) * Math.sqrt(DAYS_A_YEAR) : undefined;
}

/** Root of the mean square of the negative returns over all of them (Sortino and Price 1994, target 0). */
export const downsideOf = (returns: readonly number[]): number =>
  Math.sqrt(sum(returns.map((value) => Math.min(value, 0) ** 2)) / returns.length);

export function sortinoOf(returns: readonly number[]): number | undefined {
  const downside = downsideOf(returns);
  return returns.length >= 2 && downside > 0 ? (mean(returns) / downside) * Math.sqrt(DAYS_A_YEAR) : undefined;
}

/** Central moment over the population deviation to its power: skew for 3, kurtosis (normal: 3) for 4. */
export function standardMoment(returns: readonly number[], power: number): number {
  const centre = mean(returns);
  const variance = mean(returns.map((value) => (value - centre) ** 2));
  return mean(returns.map((value) => (value - centre) ** power)) / variance ** (power / 2);
}

/**
 * The probability that the true Sharpe ratio is above 0, given length, skew and kurtosis of the sample (Bailey and López de Prado,
 * The Sharpe Ratio Efficient Frontier, 2012, equation 9), on the ratio of one day.
 */
export function probabilisticSharpeOf(returns: readonly number[]): number | undefined {
  const daily = mean(returns) / deviation(returns);
  const skew = standardMoment(returns, 3);
  const kurtosis = standardMoment(returns, 4);
  const spread = 1 - skew * daily + ((kurtosis - 1) / 4) * daily ** 2;
  return returns.length >= 3 && spread > 0
    ? normalCdf((daily * Math.sqrt(returns.length - 1)) / Math.sqrt(spread))
    : undefined;
}

/** Gains over losses around 0 (Keating and Shadwick 2002). */
export const omegaOf = (returns: readonly number[]): number =>
  sum(returns.map((value) => Math.max(value, 0))) / sum(returns.map((value) => Math.max(-value, 0)));

/** The 95 % quantile over the size of the 5 % quantile (empyrical's tail ratio). */
export const tailRatioOf = (returns: readonly number[]): number =>
  Math.abs(quantile(returns, 0.95)) / Math.abs(quantile(returns, 0.05));

export function returnFigures(returns: readonly number[]): readonly Figure[] {
  const few = returns.length < 2 ? TOO_FEW : NO_MOVEMENT;
  const spread = deviation(returns);
  const won = returns.filter((value) => value > 0).length;
  return [
    figureOf('daysWithData', 'count', returns.length, ''),
    figureOf('sharpeRatio', 'number', sharpeOf(returns), few),
    figureOf('sortinoRatio', 'number', sortinoOf(returns), returns.length < 2 ? TOO_FEW : NO_LOSS),
    figureOf(
      'probabilisticSharpeRatio',
      'ratio',
      probabilisticSharpeOf(returns),
      'needs at least three days that move',
    ),
    figureOf('volatilityAnnualRatio', 'ratio', spread * Math.sqrt(DAYS_A_YEAR), TOO_FEW),
    figureOf('varianceAnnual', 'number', spread ** 2 * DAYS_A_YEAR, TOO_FEW),
    figureOf('downsideAnnualRatio', 'ratio', downsideOf(returns) * Math.sqrt(DAYS_A_YEAR), TOO_FEW),
    figureOf('dailyReturnMeanRatio', 'ratio', mean(returns), TOO_FEW),
    figureOf('dailyReturnBestRatio', 'ratio', largestOf(returns), TOO_FEW),
    figureOf('dailyReturnWorstRatio', 'ratio', smallestOf(returns), TOO_FEW),
    figureOf('daysWonRatio', 'ratio', won / returns.length, TOO_FEW),
    figureOf('skew', 'number', standardMoment(returns, 3), few),
    figureOf('kurtosis', 'number', standardMoment(returns, 4), few),
    figureOf('omegaRatio', 'number', omegaOf(returns), returns.length === 0 ? TOO_FEW : NO_LOSS),
    figureOf('tailRatio', 'number', tailRatioOf(returns), returns.length === 0 ? TOO_FEW : NO_LOSS),
    figureOf('riskReturnRatio', 'number', spread > 0 ? mean(returns) / spread : undefined, few),
  ];
}
