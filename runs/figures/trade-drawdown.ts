/**
 * Falls of the profit of closed trades, in money, positive: as it stood after each trade, with what each had seen on its way, and what
 * each gave back before it closed. The definitions are LEAN's (TradeStatistics), so that they can be held side by side.
 */
import type { RunTrade } from '../../domain/run.ts';
import { type Figure, figureOf, largestOf, mean, sum } from './figure.ts';
import { NO_TRADE } from './sample.ts';

export interface TradeFalls {
  /** From the highest profit after a trade, or from 0, to the lowest after a later one. */
  readonly closed: number;
  /** The same, where a trade's best and worst moments count as well. */
  readonly within: number;
  /** Longest time between two heights of it with a fall between them. */
  readonly longestMs: number | undefined;
}

export function tradeFalls(trades: readonly RunTrade[], multiplier: number): TradeFalls {
  let [profit, peak, height, closed, within] = [0, 0, 0, 0, 0];
  let peakAt = trades[0]?.entryAt ?? 0;
  let hasFallen = false;
  let longestMs: number | undefined;
  for (const { units, favourablePoints, adversePoints, pnl, exitAt } of trades) {
    height = Math.max(height, profit + favourablePoints * units * multiplier);
    within = Math.max(within, height - (profit - adversePoints * units * multiplier));
    profit += pnl;
    if (profit > peak) {
      if (hasFallen) longestMs = Math.max(longestMs ?? 0, exitAt - peakAt);
      [peak, peakAt, hasFallen] = [profit, exitAt, false];
    } else if (profit < peak) hasFallen = true;
    closed = Math.max(closed, peak - profit);
  }
  return { closed, within, longestMs };
}

export function tradeDrawdownFigures(trades: readonly RunTrade[], multiplier: number): readonly Figure[] {
  const { closed, within, longestMs } = tradeFalls(trades, multiplier);
  const given = trades.map(({ favourablePoints, points, units }) => (favourablePoints - points) * units * multiplier);
  const some = <T>(value: T): T | undefined => (trades.length > 0 ? value : undefined);
  const profit = sum(trades.map(({ pnl }) => pnl));
  return [
    figureOf('closedTradeDrawdownMax', 'money', some(closed), NO_TRADE),
    figureOf('intraTradeDrawdownMax', 'money', some(within), NO_TRADE),
    figureOf('endOfTradeDrawdownMax', 'money', some(Math.max(0, largestOf(given))), NO_TRADE),
    figureOf('endOfTradeDrawdownMean', 'money', mean(given), NO_TRADE),
    figureOf('profitToTradeDrawdown', 'number', profit / closed, trades.length > 0 ? 'profit never fell' : NO_TRADE),
    figureOf('tradeDrawdownMsMax', 'ms', longestMs, 'no fall between two trades was recovered'),
  ];
}
