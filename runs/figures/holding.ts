/** How trades went on their way: how long they were held, and how far they went against and in favour before they closed. */
import type { RunTrade } from '../../domain/run.ts';
import { type Figure, figureOf, largestOf, mean, quantile } from './figure.ts';
import { NO_TRADE, NO_TRADE_LOST, NO_TRADE_WON } from './sample.ts';

const heldMs = ({ entryAt, exitAt }: RunTrade): number => exitAt - entryAt;
const largest = (values: readonly number[]): number | undefined => (values.length > 0 ? largestOf(values) : undefined);

/** Times in milliseconds, excursions in points of one unit and in money of the whole trade before commission; all positive. */
export function holdingFigures(trades: readonly RunTrade[], multiplier: number): readonly Figure[] {
  const won = trades.filter(({ pnl }) => pnl > 0).map(heldMs);
  const lost = trades.filter(({ pnl }) => pnl < 0).map(heldMs);
  const all = trades.map(heldMs);
  const adverse = trades.map(({ adversePoints }) => adversePoints);
  const favourable = trades.map(({ favourablePoints }) => favourablePoints);
  const givenBack = trades.map(({ favourablePoints, points }) => favourablePoints - Math.max(points, 0));
  const adverseMoney = trades.map(({ adversePoints, units }) => adversePoints * units * multiplier);
  const favourableMoney = trades.map(({ favourablePoints, units }) => favourablePoints * units * multiplier);
  return [
    figureOf('holdingMsMean', 'ms', mean(all), NO_TRADE),
    figureOf('holdingMsMedian', 'ms', quantile(all, 0.5), NO_TRADE),
    figureOf('winHoldingMsMean', 'ms', mean(won), NO_TRADE_WON),
    figureOf('winHoldingMsMedian', 'ms', quantile(won, 0.5), NO_TRADE_WON),
    figureOf('lossHoldingMsMean', 'ms', mean(lost), NO_TRADE_LOST),
    figureOf('lossHoldingMsMedian', 'ms', quantile(lost, 0.5), NO_TRADE_LOST),
    figureOf('adversePointsMean', 'points', mean(adverse), NO_TRADE),
    figureOf('adversePointsMax', 'points', largest(adverse), NO_TRADE),
    figureOf('adverseMoneyMean', 'money', mean(adverseMoney), NO_TRADE),
    figureOf('adverseMoneyMax', 'money', largest(adverseMoney), NO_TRADE),
    figureOf('favourablePointsMean', 'points', mean(favourable), NO_TRADE),
    figureOf('favourablePointsMax', 'points', largest(favourable), NO_TRADE),
    figureOf('favourableMoneyMean', 'money', mean(favourableMoney), NO_TRADE),
    figureOf('favourableMoneyMax', 'money', largest(favourableMoney), NO_TRADE),
    figureOf('givenBackPointsMean', 'points', mean(givenBack), NO_TRADE),
  ];
}
