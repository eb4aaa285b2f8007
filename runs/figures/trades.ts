/** What the closed trades were like: won, lost, how much, how long, in a row, and how far they went against and in favour. */
import type { RunTrade } from '../../domain/run.ts';
import { deviation, type Figure, figureOf, largestOf, mean, quantile, smallestOf, sum } from './figure.ts';

const NONE = 'no trade was closed';
const NONE_WON = 'no trade won';
const NONE_LOST = 'no trade lost';

/** The longest run of trades for which this holds. */
export function longestRow(trades: readonly RunTrade[], holds: (trade: RunTrade) => boolean): number {
  let row = 0;
  return trades.reduce((longest, trade) => {
    row = holds(trade) ? row + 1 : 0;
    return Math.max(longest, row);
  }, 0);
}

const heldMs = ({ entryAt, exitAt }: RunTrade): number => exitAt - entryAt;

export function tradeFigures(trades: readonly RunTrade[]): readonly Figure[] {
  const pnls = trades.map(({ pnl }) => pnl);
  const wins = pnls.filter((pnl) => pnl > 0);
  const losses = pnls.filter((pnl) => pnl < 0);
  const profit = sum(wins);
  const loss = 0 - sum(losses);
  const averageWin = wins.length > 0 ? profit / wins.length : undefined;
  const averageLoss = losses.length > 0 ? loss / losses.length : undefined;
  const payoff = averageWin !== undefined && averageLoss !== undefined ? averageWin / averageLoss : undefined;
  const noPayoff = wins.length === 0 ? NONE_WON : NONE_LOST;
  const expected = mean(pnls);
  return [
    figureOf('trades', 'count', trades.length, ''),
    figureOf('tradesWon', 'count', wins.length, ''),
    figureOf('tradesLost', 'count', losses.length, ''),
    figureOf('pointsTotal', 'points', sum(trades.map(({ points, units }) => points * units)), ''),
    figureOf('winRatio', 'ratio', wins.length / trades.length, NONE),
    figureOf('lossRatio', 'ratio', losses.length / trades.length, NONE),
    figureOf('grossProfit', 'money', profit, ''),
    figureOf('grossLoss', 'money', loss, ''),
    figureOf('profitFactor', 'number', profit / loss, NONE_LOST),
    figureOf('averageWin', 'money', averageWin, NONE_WON),
    figureOf('averageLoss', 'money', averageLoss, NONE_LOST),
    figureOf('payoffRatio', 'number', payoff, noPayoff),
    // The mean outcome in money, and in units of the mean loss (Van Tharp, Trade Your Way to Financial Freedom, 1998).
    figureOf('expectancy', 'money', expected, NONE),
    figureOf('expectancyRatio', 'number', averageLoss === undefined ? undefined : expected / averageLoss, NONE_LOST),
    figureOf('systemQuality', 'number', qualityOf(pnls, expected), 'needs two trades that differ'),
    figureOf('largestWin', 'money', wins.length > 0 ? largestOf(wins) : undefined, NONE_WON),
    figureOf('smallestWin', 'money', wins.length > 0 ? smallestOf(wins) : undefined, NONE_WON),
    figureOf('largestLoss', 'money', losses.length > 0 ? -smallestOf(losses) : undefined, NONE_LOST),
    figureOf('smallestLoss', 'money', losses.length > 0 ? -largestOf(losses) : undefined, NONE_LOST),
    figureOf('pnlDeviation', 'money', deviation(pnls), 'needs two trades'),
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
      NONE,
    ),
  ];
}

/** How trades went on their way. Times in milliseconds, excursions in points of one unit, positive. */
export function holdingFigures(trades: readonly RunTrade[]): readonly Figure[] {
  const won = trades.filter(({ pnl }) => pnl > 0).map(heldMs);
  const lost = trades.filter(({ pnl }) => pnl < 0).map(heldMs);
  const all = trades.map(heldMs);
  const adverse = trades.map(({ adversePoints }) => adversePoints);
  const favourable = trades.map(({ favourablePoints }) => favourablePoints);
  const givenBack = trades.map(({ favourablePoints, points }) => favourablePoints - Math.max(points, 0));
  return [
    figureOf('holdingMsMean', 'ms', mean(all), NONE),
    figureOf('holdingMsMedian', 'ms', quantile(all, 0.5), NONE),
    figureOf('winHoldingMsMean', 'ms', mean(won), NONE_WON),
    figureOf('lossHoldingMsMean', 'ms', mean(lost), NONE_LOST),
    figureOf('adversePointsMean', 'points', mean(adverse), NONE),
    figureOf('adversePointsMax', 'points', adverse.length > 0 ? largestOf(adverse) : undefined, NONE),
    figureOf('favourablePointsMean', 'points', mean(favourable), NONE),
    figureOf('favourablePointsMax', 'points', favourable.length > 0 ? largestOf(favourable) : undefined, NONE),
    figureOf('givenBackPointsMean', 'points', mean(givenBack), NONE),
  ];
}

/** Mean over deviation times the root of the number of trades, at most 100 of them (Tharp's system quality number). */
const qualityOf = (pnls: readonly number[], expected: number): number | undefined =>
  pnls.length >= 2 ? (expected / deviation(pnls)) * Math.sqrt(Math.min(pnls.length, 100)) : undefined;
