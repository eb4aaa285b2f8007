/** What the closed trades came to: won, lost, how much, in a row. What made nothing is neither won nor lost. */
import type { RunTrade } from '../../domain/run.ts';
import { deviation, type Figure, figureOf, largestOf, mean, smallestOf, sum } from './figure.ts';
import { NO_TRADE, NO_TRADE_LOST, NO_TRADE_WON } from './sample.ts';

/** The longest run of trades for which this holds. */
export function longestRow(trades: readonly RunTrade[], holds: (trade: RunTrade) => boolean): number {
  let row = 0;
  return trades.reduce((longest, trade) => {
    row = holds(trade) ? row + 1 : 0;
    return Math.max(longest, row);
  }, 0);
}

export function tradeFigures(trades: readonly RunTrade[]): readonly Figure[] {
  const pnls = trades.map(({ pnl }) => pnl);
  const wins = pnls.filter((pnl) => pnl > 0);
  const losses = pnls.filter((pnl) => pnl < 0);
  const profit = sum(wins);
  const loss = 0 - sum(losses);
  const averageWin = wins.length > 0 ? profit / wins.length : undefined;
  const averageLoss = losses.length > 0 ? loss / losses.length : undefined;
  const payoff = averageWin !== undefined && averageLoss !== undefined ? averageWin / averageLoss : undefined;
  const noPayoff = wins.length === 0 ? NO_TRADE_WON : NO_TRADE_LOST;
  const expected = mean(pnls);
  return [
    figureOf('trades', 'count', trades.length, ''),
    figureOf('tradesWon', 'count', wins.length, ''),
    figureOf('tradesLost', 'count', losses.length, ''),
    figureOf('pointsTotal', 'points', sum(trades.map(({ points, units }) => points * units)), ''),
    figureOf('winRatio', 'ratio', wins.length / trades.length, NO_TRADE),
    figureOf('lossRatio', 'ratio', losses.length / trades.length, NO_TRADE),
    figureOf('grossProfit', 'money', profit, ''),
    figureOf('grossLoss', 'money', loss, ''),
    figureOf('profitFactor', 'number', profit / loss, NO_TRADE_LOST),
    figureOf('averageWin', 'money', averageWin, NO_TRADE_WON),
    figureOf('averageLoss', 'money', averageLoss, NO_TRADE_LOST),
    figureOf('payoffRatio', 'number', payoff, noPayoff),
    // The mean outcome in money, and in units of the mean loss (Van Tharp, Trade Your Way to Financial Freedom, 1998).
    figureOf('expectancy', 'money', expected, NO_TRADE),
    figureOf(
      'expectancyRatio',
      'number',
      averageLoss === undefined ? undefined : expected / averageLoss,
      NO_TRADE_LOST,
    ),
    figureOf('systemQuality', 'number', qualityOf(pnls, expected), 'needs two trades that differ'),
    figureOf('largestWin', 'money', wins.length > 0 ? largestOf(wins) : undefined, NO_TRADE_WON),
    figureOf('smallestWin', 'money', wins.length > 0 ? smallestOf(wins) : undefined, NO_TRADE_WON),
    figureOf('largestLoss', 'money', losses.length > 0 ? -smallestOf(losses) : undefined, NO_TRADE_LOST),
    figureOf('smallestLoss', 'money', losses.length > 0 ? -largestOf(losses) : undefined, NO_TRADE_LOST),
    figureOf(
      'winsInARowMax',
      'count',
      longestRow(trades, ({ pnl }) => pnl > 0),
      '',
    ),
    figureOf(
      'lossesInARowMax',
      'count',
      longestRow(trades, ({ pnl }) => pnl < 0),
      '',
    ),
    figureOf(
      'longTradesRatio',
      'ratio',
      trades.filter(({ direction }) => direction === 'long').length / trades.length,
      NO_TRADE,
    ),
  ];
}

/** Mean over deviation times the root of the number of trades, at most 100 of them (Tharp's system quality number). */
const qualityOf = (pnls: readonly number[], expected: number): number | undefined =>
  pnls.length >= 2 ? (expected / deviation(pnls)) * Math.sqrt(Math.min(pnls.length, 100)) : undefined;
