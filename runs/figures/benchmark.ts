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

export function benchmarkFigures(returns: readonly number[], benchmark: readonly number[]): readonly Figure[] {
  const few = `needs at least ${RETURNS_MIN.ratio} days on which the instrument moved`;
  const enough = returns.length >= RETURNS_MIN.ratio && returns.length === benchmark.length && deviation(benchmark) > 0;
  const beta = enough ? betaOf(returns, benchmark) : Number.NaN;
  const alpha = (mean(returns) - beta * mean(benchmark)) * DAYS_A_YEAR;
  const excess = enough ? returns.map((value, day) => value - benchmark[day]!) : [];
  const tracking = deviation(excess) * Math.sqrt(DAYS_A_YEAR);
  return [
    figureOf('beta', 'number', beta, few),
    // Jensen 1968, a year of daily means.
    figureOf('alphaAnnualRatio', 'ratio', alpha, few),
    figureOf('trackingErrorAnnualRatio', 'ratio', tracking, few),
    figureOf('informationRatio', 'number', (mean(excess) * DAYS_A_YEAR) / tracking, few),
    // Treynor 1965.
    figureOf('treynorRatio', 'number', (mean(returns) * DAYS_A_YEAR) / beta, few),
  ];
}
