/**
 * Running figures of an account, in constant space: closed trades from fills, ratios from the equity that opened each UTC day.
 * What the sample is too small for is null, never zero.
 */
import { type DecimalText, exact, isPositive, minus, plus } from '../../domain/decimal.ts';

const DAYS_A_YEAR = 252;
const DAY_MS = 86_400_000;

/** Each closing fill is one closed trade. */
export interface Trades {
  readonly closed: number;
  readonly won: number;
  readonly grossProfit: DecimalText;
  /** Positive. */
  readonly grossLoss: DecimalText;
}

export const NO_TRADES: Trades = { closed: 0, won: 0, grossProfit: '0', grossLoss: '0' };

export function closeTrade(trades: Trades, pnl: DecimalText): Trades {
  const { closed, won, grossProfit, grossLoss } = trades;
  const wins = isPositive(pnl);
  return {
    closed: closed + 1,
    won: wins ? won + 1 : won,
    grossProfit: wins ? plus(grossProfit, pnl) : grossProfit,
    grossLoss: wins ? grossLoss : minus(grossLoss, pnl),
  };
}

export const winRate = ({ closed, won }: Trades): number | null => (closed === 0 ? null : won / closed);

export function profitFactor({ grossProfit, grossLoss }: Trades): number | null {
  return isPositive(grossLoss) ? exact(grossProfit).dividedBy(grossLoss).toNumber() : null;
}

/** Daily returns by Welford's method; `downside` sums the squares of the negative ones. */
interface Returns {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
  readonly downside: number;
}

export interface Days {
  /** The last day that was opened, counted from 1970, and its equity. */
  readonly lastDay: number;
  readonly lastEquity: number | null;
  readonly peakEquity: number;
  readonly maxDrawdownRatio: number;
  readonly returns: Returns;
}

export const NO_DAYS: Days = {
  lastDay: 0,
  lastEquity: null,
  peakEquity: 0,
  maxDrawdownRatio: 0,
  returns: { count: 0, mean: 0, squares: 0, downside: 0 },
};

function add(returns: Returns, dailyReturn: number): Returns {
  const count = returns.count + 1;
  const mean = returns.mean + (dailyReturn - returns.mean) / count;
  return {
    count,
    mean,
    squares: returns.squares + (dailyReturn - returns.mean) * (dailyReturn - mean),
    downside: returns.downside + Math.min(dailyReturn, 0) ** 2,
  };
}

/** `day` as `2026-11-22`. An account that held nothing was not valued: the days between two openings returned nothing. */
export function openDay(days: Days, day: string, equity: number): Days {
  const lastDay = Date.parse(day) / DAY_MS;
  const peakEquity = days.lastEquity === null ? equity : Math.max(days.peakEquity, equity);
  const fallRatio = peakEquity > 0 ? (peakEquity - equity) / peakEquity : 0;
  const maxDrawdownRatio = Math.max(days.maxDrawdownRatio, fallRatio);
  let { returns } = days;
  // A return on nothing, or on debt, is no number.
  if (days.lastEquity !== null && days.lastEquity > 0) {
    returns = add(returns, equity / days.lastEquity - 1);
    for (let idle = lastDay - days.lastDay - 1; idle > 0; idle -= 1) returns = add(returns, 0);
  }
  return { lastDay, lastEquity: equity, peakEquity, maxDrawdownRatio, returns };
}

const annualised = (mean: number, deviation: number): number | null =>
  deviation > 0 ? (mean / deviation) * Math.sqrt(DAYS_A_YEAR) : null;

/** Mean over sample deviation (n - 1), risk-free 0. */
export function sharpe({ returns: { count, mean, squares } }: Days): number | null {
  return count < 2 ? null : annualised(mean, Math.sqrt(squares / (count - 1)));
}

/** Mean over the root of the mean square of the negative returns, all returns counted. */
export function sortino({ returns: { count, mean, downside } }: Days): number | null {
  return count < 2 ? null : annualised(mean, Math.sqrt(downside / count));
}
