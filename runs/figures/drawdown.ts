/** Falls from a peak: how deep, how long, and what was earned for them. Depths are positive fractions of the peak. */
import { type Figure, figureOf, mean } from './figure.ts';

const DAY_MS = 86_400_000;
const YEAR_MS = 365.25 * DAY_MS;

/** The fall from the running peak at each value, as a positive fraction of that peak. */
export function drawdowns(values: readonly number[]): readonly number[] {
  let peak = values[0] ?? 0;
  return values.map((value) => {
    peak = Math.max(peak, value);
    return peak > 0 ? (peak - value) / peak : 0;
  });
}

/** Compound growth a year over the time between two moments, 365.25 days a year. Undefined without time or out of a ruin. */
export function annualReturn(first: number, last: number, spanMs: number): number | undefined {
  return first > 0 && last > 0 && spanMs > 0 ? (last / first) ** (YEAR_MS / spanMs) - 1 : undefined;
}

/** Annual return over the largest fall, both as fractions (Young, Futures magazine, October 1991). */
export const calmarOf = (annual: number, drawdownRatioMax: number): number => annual / drawdownRatioMax;

/** Root of the mean square of the falls (Martin and McCann, The Investor's Guide to Fidelity Funds, 1989), as a fraction. */
export const ulcerIndex = (values: readonly number[]): number =>
  Math.sqrt(mean(drawdowns(values).map((fall) => fall ** 2)));

/** How many values the longest way took from its deepest point back to a new peak; undefined where there was none. */
export function longestRecovery(values: readonly number[]): number | undefined {
  let peak = Number.NEGATIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  let lowestAt = -1;
  let longest: number | undefined;
  for (const [index, value] of values.entries()) {
    if (value >= peak) {
      if (lowestAt >= 0) longest = Math.max(longest ?? 0, index - lowestAt);
      peak = value;
      lowest = value;
      lowestAt = -1;
    } else if (value < lowest) {
      lowest = value;
      lowestAt = index;
    }
  }
  return longest;
}

export interface Course {
  readonly startBalance: number;
  readonly finalBalance: number;
  readonly spanMs: number;
  /** Equity at the start and at the end of each UTC day with data. */
  readonly dailyEquity: readonly number[];
  /** At every tick, open positions included. */
  readonly drawdownMax: number;
  readonly drawdownRatioMax: number;
  readonly underwaterMsMax: number;
}

/** Below a day a compound rate of a year says nothing: it would be a power of hundreds. */
export function courseFigures(course: Course): readonly Figure[] {
  const { startBalance, finalBalance, spanMs, dailyEquity, drawdownRatioMax } = course;
  const annual = spanMs >= DAY_MS ? annualReturn(startBalance, finalBalance, spanMs) : undefined;
  const short = finalBalance > 0 ? 'needs at least one day' : 'nothing was left';
  const noFall = 'equity never fell';
  const profit = finalBalance - startBalance;
  const recovery = longestRecovery(dailyEquity);
  return [
    figureOf('startBalance', 'money', startBalance, ''),
    figureOf('finalBalance', 'money', finalBalance, ''),
    figureOf('netProfit', 'money', profit, ''),
    figureOf('totalReturnRatio', 'ratio', profit / startBalance, ''),
    figureOf('annualReturnRatio', 'ratio', annual, short),
    figureOf('drawdownRatioMax', 'ratio', drawdownRatioMax, ''),
    figureOf('drawdownMax', 'money', course.drawdownMax, ''),
    figureOf('underwaterMsMax', 'ms', course.underwaterMsMax, ''),
    figureOf('recoveryDaysMax', 'count', recovery, 'no fall from one day to another was recovered'),
    figureOf('ulcerIndexRatio', 'ratio', ulcerIndex(dailyEquity), ''),
    figureOf(
      'calmarRatio',
      'number',
      annual === undefined ? undefined : calmarOf(annual, drawdownRatioMax),
      annual === undefined ? short : noFall,
    ),
    figureOf('recoveryFactor', 'number', profit / course.drawdownMax, noFall),
  ];
}
