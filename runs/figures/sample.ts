/** How many returns or trades a kind of figure needs before it says something of the strategy and not of chance. Below it a figure is n/a. */
import { type Figure, figureOf, type Unit } from './figure.ts';

export const RETURNS_MIN = {
  /** Means, deviations and their ratios: a trading week. */
  ratio: 5,
  /** The least sample for which the distribution of skew is approximated (D'Agostino, Biometrika 57, 1970). */
  skew: 8,
  /** The same for kurtosis (Anscombe and Glynn, Biometrika 70, 1983); the probabilistic Sharpe ratio rests on it. */
  kurtosis: 20,
  /** So many that one of them lies beyond the 5 % quantile. */
  tail: 20,
} as const;

/** Of trades for a mean over a deviation, as of days. */
export const TRADES_MIN = 5;

/** Of an account that owed at the end of a day there is no return from then on, and one of the days before it would flatter the run. */
export const EQUITY_GONE = 'equity was gone on a day';

export const NO_TRADE = 'no trade was closed';
export const NO_TRADE_WON = 'no trade won';
export const NO_TRADE_LOST = 'no trade lost';

/** `reason` is told where the sample is large enough and there is no value all the same. */
export const sampled =
  (returns: readonly number[]) =>
  (kind: keyof typeof RETURNS_MIN, name: string, unit: Unit, of: () => number | undefined, reason: string): Figure => {
    const least = RETURNS_MIN[kind];
    return returns.length < least
      ? figureOf(name, unit, undefined, `needs at least ${least} days, has ${returns.length}`)
      : figureOf(name, unit, of(), reason);
  };
