/** Against having held the instrument over the same days: alpha, beta and what follows from them. Daily returns, risk-free 0. */
import { deviation, type Figure, figureOf, mean } from './figure.ts';
import { RETURNS_MIN } from './sample.ts';

const DAYS_A_YEAR = 252;

/** Sample covariance with the benchmark over its sample variance (Sharpe 1964). Both of the same days. */
export function betaOf(returns: readonly number[], benchmark: readonly number[]): number {
  const [centre, base] = [mean(returns), mean(benchmark)];
  const together = benchmark.reduce((total, value, day) => total + (value - base) * (returns[day]! - centre), 0);
  return together / benchmark.reduce((total, value) => total + (value - base) ** 2, 0);
}

/** What was earned beside the benchmark's share, a year of daily means (Jensen 1968). */
export const alphaOf = (returns: readonly number[], benchmark: readonly number[]): number =>
  (mean(returns) - betaOf(returns, benchmark) * mean(benchmark)) * DAYS_A_YEAR;

/** Mean over sample deviation of what was earned beyond the benchmark, a day (empyrical's excess Sharpe). */
export function excessSharpeOf(returns: readonly number[], benchmark: readonly number[]): number {
  const excess = returns.map((value, day) => value - benchmark[day]!);
  return mean(excess) / deviation(excess);
}

const compound = (returns: readonly number[]): number =>
  returns.reduce((product, value) => product * (1 + value), 1) ** (DAYS_A_YEAR / returns.length) - 1;

/** Compound annual return over the benchmark's, on the days on which the benchmark rose (1) or fell (-1), as empyrical has it. */
export function captureOf(returns: readonly number[], benchmark: readonly number[], side: 1 | -1): number {
  const days = benchmark.flatMap((value, day) => (value * side > 0 ? [day] : []));
  if (days.length < RETURNS_MIN.ratio) return Number.NaN;
  return compound(days.map((day) => returns[day]!)) / compound(days.map((day) => benchmark[day]!));
}

export function benchmarkFigures(returns: readonly number[], benchmark: readonly number[]): readonly Figure[] {
  const few = `needs at least ${RETURNS_MIN.ratio} days on which the instrument moved`;
  const fewOf = (did: string): string => `needs at least ${RETURNS_MIN.ratio} days on which the instrument ${did}`;
  const enough = returns.length >= RETURNS_MIN.ratio && returns.length === benchmark.length && deviation(benchmark) > 0;
  const beta = enough ? betaOf(returns, benchmark) : Number.NaN;
  const excess = enough ? returns.map((value, day) => value - benchmark[day]!) : [];
  const tracking = deviation(excess) * Math.sqrt(DAYS_A_YEAR);
  return [
    figureOf('beta', 'number', beta, few),
    figureOf('alphaAnnualRatio', 'ratio', enough ? alphaOf(returns, benchmark) : undefined, few),
    figureOf('trackingErrorAnnualRatio', 'ratio', tracking, few),
    figureOf('informationRatio', 'number', (mean(excess) * DAYS_A_YEAR) / tracking, few),
    figureOf('excessSharpeRatio', 'number', enough ? excessSharpeOf(returns, benchmark) : undefined, few),
    figureOf('upCaptureRatio', 'number', enough ? captureOf(returns, benchmark, 1) : undefined, fewOf('rose')),
    figureOf('downCaptureRatio', 'number', enough ? captureOf(returns, benchmark, -1) : undefined, fewOf('fell')),
    // Treynor 1965.
    figureOf('treynorRatio', 'number', (mean(returns) * DAYS_A_YEAR) / beta, few),
  ];
}
