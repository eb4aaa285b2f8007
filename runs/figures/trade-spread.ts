/**
 * How far the outcomes of trades lie apart, in money and as a return on the realised balance before each. Ratios of trades are not
 * annualised: nobody knows how many trades a year has. A sample that is too small for one gives none.
 */
import type { RunTrade } from '../../domain/run.ts';
import { deviation, type Figure, figureOf, mean, type Unit } from './figure.ts';
import { NO_TRADE_LOST, NO_TRADE_WON, TRADES_MIN } from './sample.ts';

const BALANCE_GONE = 'the balance was gone before a trade';
const NO_SPREAD = 'all trades came to the same';
const NO_LOSS_SPREAD = 'needs two losing trades that differ';

/** Each trade's profit over the realised balance before it; of a balance that is gone, none. */
export function tradeReturns(startBalance: number, pnls: readonly number[]): readonly number[] {
  let balance = startBalance;
  return pnls.flatMap((pnl) => {
    const before = balance;
    balance += pnl;
    return before > 0 ? [pnl / before] : [];
  });
}

/** Undefined where the divisor is none or nothing. */
const over = (value: number, spread: number): number | undefined => (spread > 0 ? value / spread : undefined);

export function tradeSpreadFigures(startBalance: number, trades: readonly RunTrade[]): readonly Figure[] {
  const pnls = trades.map(({ pnl }) => pnl);
  const losses = pnls.filter((pnl) => pnl < 0);
  const wins = pnls.filter((pnl) => pnl > 0);
  const [spread, downside] = [deviation(pnls), deviation(losses)];
  const returns = tradeReturns(startBalance, pnls);
  const won = mean(returns.filter((value) => value > 0));
  const lost = 0 - mean(returns.filter((value) => value < 0));
  const payoff = won / lost;
  const isGone = returns.length < pnls.length;
  const ofReturns = (name: string, unit: Unit, value: number, reason: string): Figure =>
    figureOf(name, unit, isGone ? undefined : value, isGone ? BALANCE_GONE : reason);
  const noPayoff = wins.length === 0 ? NO_TRADE_WON : NO_TRADE_LOST;
  const expected = (wins.length * payoff - losses.length) / pnls.length;
  const isEnough = pnls.length >= TRADES_MIN;
  const few = `needs at least ${TRADES_MIN} trades, has ${pnls.length}`;
  const ratio = (by: number): number | undefined => (isEnough ? over(mean(pnls), by) : undefined);
  return [
    figureOf('winLossRatio', 'number', wins.length / losses.length, NO_TRADE_LOST),
    figureOf('pnlDeviation', 'money', spread, 'needs two trades'),
    // Of the losing trades alone, around their own mean (LEAN's profit and loss downside deviation).
    figureOf('pnlDownsideDeviation', 'money', downside, 'needs two losing trades'),
    figureOf('tradeSharpeRatio', 'number', ratio(spread), isEnough ? NO_SPREAD : few),
    figureOf('tradeSortinoRatio', 'number', ratio(downside), isEnough ? NO_LOSS_SPREAD : few),
    ofReturns('winReturnMeanRatio', 'ratio', won, NO_TRADE_WON),
    ofReturns('lossReturnMeanRatio', 'ratio', lost, NO_TRADE_LOST),
    ofReturns('payoffReturnRatio', 'number', payoff, noPayoff),
    // Share won × payoff − share lost, of returns (LEAN's expectancy).
    ofReturns('expectancyReturnRatio', 'number', expected, noPayoff),
  ];
}
