/**
 * What one day may cost, as a positive fraction of equity: historical simulation on up to 500 daily returns; below 60 of them the
 * normal distribution with an exponentially weighted variance (RiskMetrics 1996, decay 0.94, mean 0).
 */
import { deviation, type Figure, mean, quantile } from './figure.ts';
import { NORMAL_1_PERCENT, NORMAL_5_PERCENT } from './normal.ts';
import { sampled } from './sample.ts';

const RETURNS_MAX = 500;
const HISTORY_MIN = 60;
/** So many that one of them lies beyond the 1 % quantile. */
const HISTORY_99_MIN = 100;
const NORMAL_RETURNS_MAX = 252;
const DECAY = 0.94;
/** phi(z) / 0.05 at the 5 % quantile: the mean of the worst twentieth of a normal distribution, in deviations. */
const NORMAL_SHORTFALL = 2.0627128075074257;

/** Oldest first; the first square starts the average. */
export function ewmaDeviation(returns: readonly number[]): number {
  const [first = Number.NaN, ...rest] = returns;
  return Math.sqrt(rest.reduce((variance, value) => DECAY * variance + (1 - DECAY) * value ** 2, first ** 2));
}

/** 0 where even the worst twentieth of the days gained. */
export function valueAtRisk(returns: readonly number[]): number {
  const recent = returns.slice(-RETURNS_MAX);
  if (recent.length < HISTORY_MIN) return -NORMAL_5_PERCENT * ewmaDeviation(recent);
  return Math.max(0, -quantile(recent, 0.05));
}

/** The same for the worst hundredth of the days; history counts from 100 returns on. */
export function valueAtRisk99(returns: readonly number[]): number {
  const recent = returns.slice(-RETURNS_MAX);
  if (recent.length < HISTORY_99_MIN) return -NORMAL_1_PERCENT * ewmaDeviation(recent);
  return Math.max(0, -quantile(recent, 0.01));
}

/** Of a normal distribution with the mean and sample deviation of the last 252 returns, as LEAN has it; `z` is its quantile. */
export function normalValueAtRisk(returns: readonly number[], z: number): number {
  const recent = returns.slice(-NORMAL_RETURNS_MAX);
  return -(mean(recent) + z * deviation(recent));
}

/** The mean loss of the days beyond the value at risk (Rockafellar and Uryasev 2000). */
export function expectedShortfall(returns: readonly number[]): number {
  const recent = returns.slice(-RETURNS_MAX);
  if (recent.length < HISTORY_MIN) return NORMAL_SHORTFALL * ewmaDeviation(recent);
  const edge = quantile(recent, 0.05);
  return Math.max(0, -mean(recent.filter((value) => value <= edge)));
}

export function riskFigures(returns: readonly number[]): readonly Figure[] {
  const figure = sampled(returns);
  return [
    figure('tail', 'valueAtRisk95Ratio', 'ratio', () => valueAtRisk(returns), ''),
    figure('tail', 'valueAtRisk99Ratio', 'ratio', () => valueAtRisk99(returns), ''),
    figure('tail', 'valueAtRisk95NormalRatio', 'ratio', () => normalValueAtRisk(returns, NORMAL_5_PERCENT), ''),
    figure('tail', 'valueAtRisk99NormalRatio', 'ratio', () => normalValueAtRisk(returns, NORMAL_1_PERCENT), ''),
    figure('tail', 'expectedShortfall95Ratio', 'ratio', () => expectedShortfall(returns), ''),
  ];
}
