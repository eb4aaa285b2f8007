/** The same rules as one hand-written loop over float columns, without a book, costs, events or equity: the least that can be done. */
import { priceOf } from '../../market/columns.ts';
import { maxByHand } from '../../strategies/testing/max-by-hand.ts';
import { smaByHand } from '../../strategies/testing/sma-by-hand.ts';
import { manyBars, manyTicks, WARM_REPETITIONS } from '../backtests.ts';
import { bestRate, type Side } from '../measure.ts';
import { CROSS_TRADES, MAX_TRADES } from '../ours/backtests.ts';

const RULES = { impulse: 15, pullback: 7, confirmation: 5, entriesPerImpulse: 2, target: 15, stop: 15 };

function check(found: number, expected: number): void {
  if (found !== expected) throw new Error(`Invariant: the loop makes ${expected} trades, not ${found}`);
}

const maxLoop = (repetitions: number) => (): Promise<number> => {
  const prices = manyTicks().price.map(priceOf);
  return bestRate(prices.length, repetitions, () => check(maxByHand(prices, RULES).length, MAX_TRADES));
};

function smaLoop(): Promise<number> {
  const bars = manyBars();
  const [open, close] = [bars.open.map(priceOf), bars.close.map(priceOf)];
  return bestRate(close.length, WARM_REPETITIONS, () => check(smaByHand(open, close).points.length, CROSS_TRADES));
}

/** A bare sum of the price column: what reading it costs. */
function sumOf(units: Float64Array): Promise<number> {
  const prices = units.map(priceOf);
  return bestRate(prices.length, WARM_REPETITIONS, () => {
    let sum = 0;
    for (let row = 0; row < prices.length; row += 1) sum += prices[row]!;
    if (!(sum > 0)) throw new Error('Invariant: there are prices');
  });
}

export const sum: Side = {
  'backtest-max-warm': () => sumOf(manyTicks().price),
  'backtest-sma': () => sumOf(manyBars().close),
};

export const hand: Side = {
  'backtest-max-warm': maxLoop(WARM_REPETITIONS),
  'backtest-max-cold': maxLoop(1),
  'backtest-sma': smaLoop,
};
