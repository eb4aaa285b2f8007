/**
 * Ratios of daily returns: simple returns of equity from one UTC day with data to the next, 252 of them a year, risk-free 0. A
 * figure of a sample that is too small for it, or that never moved, is none.
 */
import { deviation, type Figure, figureOf, largestOf, mean, quantile, smallestOf, sum } from './figure.ts';
import { normalCdf } from './normal.ts';
import { sampled } from './sample.ts';

const DAYS_A_YEAR = 252;
const NO_DAY = 'no day has ended';
const NO_MOVEMENT = 'equity never moved';
const NO_LOSS = 'no day lost';

/** Simple returns between values that follow each other; a return on nothing or on debt is left out. */
export const returnsOf = (values: readonly number[]): readonly number[] =>
  values.flatMap((value, index) => {
    const before = values[index - 1];
    return before !== undefined && before > 0 ? [value / before - 1] : [];
  });

/** Whether these values at the ends of days have one of nothing or of debt: what is made of their returns says nothing then. */
export const isEquityGone = (values: readonly number[]): boolean => values.some((value) => value <= 0);

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

/**
 * How straight the way was: the share of the variance of cumulative log returns that a line through time explains (R², empyrical's
 * stability). A return of -1 has no logarithm.
 */
export function stabilityOf(returns: readonly number[]): number {
  let total = 0;
  const path = returns.map((value) => {
    total += Math.log1p(value);
    return total;
  });
  const [centre, middle] = [mean(path), (path.length - 1) / 2];
  const together = sum(path.map((value, day) => (value - centre) * (day - middle)));
  const ofPath = sum(path.map((value) => (value - centre) ** 2));
  const ofTime = sum(path.map((_, day) => (day - middle) ** 2));
  return together ** 2 / (ofPath * ofTime);
}

export function returnFigures(returns: readonly number[]): readonly Figure[] {
  const figure = sampled(returns);
  const spread = deviation(returns);
  const won = returns.filter((value) => value > 0);
  const lost = returns.filter((value) => value < 0);
  const yearly = Math.sqrt(DAYS_A_YEAR);
  return [
    figure('ratio', 'sharpeRatio', 'number', () => sharpeOf(returns), NO_MOVEMENT),
    figure('ratio', 'sortinoRatio', 'number', () => sortinoOf(returns), NO_LOSS),
    figure('kurtosis', 'probabilisticSharpeRatio', 'ratio', () => probabilisticSharpeOf(returns), NO_MOVEMENT),
    figure('ratio', 'volatilityAnnualRatio', 'ratio', () => spread * yearly, ''),
    figure('ratio', 'varianceAnnual', 'number', () => spread ** 2 * DAYS_A_YEAR, ''),
    figure('ratio', 'downsideAnnualRatio', 'ratio', () => downsideOf(returns) * yearly, ''),
    figure('ratio', 'dailyReturnMeanRatio', 'ratio', () => mean(returns), ''),
    figure('ratio', 'dailyReturnWinMeanRatio', 'ratio', () => mean(won), 'no day won'),
    figure('ratio', 'dailyReturnLossMeanRatio', 'ratio', () => 0 - mean(lost), NO_LOSS),
    figureOf('dailyReturnBestRatio', 'ratio', largestOf(returns), NO_DAY),
    figureOf('dailyReturnWorstRatio', 'ratio', smallestOf(returns), NO_DAY),
    figure('ratio', 'daysWonRatio', 'ratio', () => won.length / returns.length, ''),
    figure('skew', 'skew', 'number', () => standardMoment(returns, 3), NO_MOVEMENT),
    figure('kurtosis', 'kurtosis', 'number', () => standardMoment(returns, 4), NO_MOVEMENT),
    figure('ratio', 'omegaRatio', 'number', () => omegaOf(returns), NO_LOSS),
    figure('tail', 'tailRatio', 'number', () => tailRatioOf(returns), NO_LOSS),
    figure('ratio', 'stabilityRatio', 'ratio', () => stabilityOf(returns), NO_MOVEMENT),
    figure('ratio', 'riskReturnRatio', 'number', () => (spread > 0 ? mean(returns) / spread : undefined), NO_MOVEMENT),
  ];
}
