/** Figures of trades against LEAN's own regression algorithms, where their data is at hand: its rules once more, run by our engine. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type BarColumns, priceOf, type TickColumns } from '../../market/columns.ts';
import { type ClosedBar, type Desk, defineStrategy, type Strategy, type Tick } from '../../strategies/strategy.ts';
import { Run } from '../engine/run.ts';
import { measuredOf } from '../summary.ts';
import { CENT, daysOfSpy, expectedOf, FACTOR, hasTruths, minutesOfSpy, shares } from '../testing/lean.ts';
import { printsOf, quotesOf } from '../testing/series.ts';
import { figuresOf } from './all.ts';

/** What a run came to, before what it holds at the end is closed: LEAN goes on holding. */
function played(open: () => Strategy, columns: TickColumns | BarColumns, balance: number, feeAUnit: number) {
  const strategy = defineStrategy({
    ...{ name: 'lean', about: 'Of a test.', input: open().input, parameters: z.object({}) },
    ...{ balanceOf: () => balance, unitsOf: () => 1, open },
  });
  const run = new Run({ strategy, parameters: {}, terms: shares(feeAUnit) });
  run.advance(columns);
  const { equity } = run;
  const { commission } = run.book.tally;
  const { drawdownRatioMax } = run.book.holdings;
  const trades = [...run.take().trades];
  run.finish();
  const figures = figuresOf(measuredOf(run, trades, { multiplier: 1 })).flatMap((family) => family.figures);
  const figureOf = (name: string) => figures.find((figure) => figure.name === name)?.value as number;
  return { equity, commission, drawdownRatioMax, trades, figureOf };
}

/** Money and rates as far as LEAN prints them. */
function assertMoney(algorithm: string, run: ReturnType<typeof played>, balance: number, toPart: number): void {
  const { number } = expectedOf(algorithm);
  expect(Math.abs(run.equity / number('End Equity') - 1)).toBeLessThan(toPart);
  expect((run.equity / balance - 1) * 100).toBeCloseTo(number('Net Profit'), toPart > 1e-6 ? 2 : 3);
  expect(Math.abs(run.commission - number('Total Fees'))).toBeLessThan(0.0051);
}

/** Where both look at the same moments. */
function assertFall(algorithm: string, { drawdownRatioMax }: ReturnType<typeof played>): void {
  expect(Math.round(drawdownRatioMax * 1_000) / 10).toBeCloseTo(expectedOf(algorithm).number('Drawdown'), 9);
}

function assertTrades(algorithm: string, { figureOf }: ReturnType<typeof played>): void {
  const { number } = expectedOf(algorithm);
  expect(Math.round(figureOf('winRatio') * 100)).toBe(number('Win Rate'));
  expect(Math.round(figureOf('lossRatio') * 100)).toBe(number('Loss Rate'));
  expect(figureOf('winReturnMeanRatio') * 100).toBeCloseTo(number('Average Win'), 2);
}

/** Puts everything in, or takes everything out, at the next open; knows what it has as LEAN does. */
abstract class AllIn {
  readonly input = 'bars';
  private cash: number;
  protected units = 0;
  private leaves = false;
  constructor(
    balance: number,
    /** LEAN keeps a quarter of a percent for `SetHoldings`, and nothing for an order of so many shares. */
    private readonly part = 1 - 0.0025,
    private readonly feeAUnit = 0.005,
  ) {
    this.cash = balance;
  }

  entered({ units }: { readonly units: number }, price: number): void {
    this.units = units;
    this.cash -= units * (price + this.feeAUnit);
  }

  bar(bar: ClosedBar, desk: Desk): void {
    if (this.leaves) {
      this.cash += this.units * (bar.open - this.feeAUnit);
      this.units = 0;
      this.leaves = false;
    }
    this.decide(bar, desk);
  }

  protected abstract decide(bar: ClosedBar, desk: Desk): void;

  /** The fee has to be there as well. */
  protected enter(price: number, desk: Desk): void {
    const units = Math.floor((this.cash * this.part) / (price + this.feeAUnit));
    desk.enter({ direction: 1, units, layer: 1 });
  }

  protected leave(desk: Desk): void {
    desk.exit(1);
    this.leaves = true;
  }
}

/** An exponential average that begins as the plain one of its first values. */
class Average {
  count = 0;
  value = 0;
  constructor(private readonly length: number) {}
  take(price: number): number {
    this.count += 1;
    const weight = this.count <= this.length ? 1 / this.count : 2 / (this.length + 1);
    this.value += (price - this.value) * weight;
    return this.value;
  }
}

class MacdTrend extends AllIn {
  private readonly fast = new Average(12);
  private readonly slow = new Average(26);
  private readonly signal = new Average(9);

  protected decide({ close }: ClosedBar, desk: Desk): void {
    const [fast, slow] = [this.fast.take(close), this.slow.take(close)];
    if (this.slow.count < 26) return;
    const delta = (fast - slow - this.signal.take(fast - slow)) / fast;
    if (this.signal.count < 9) return;
    if (this.units === 0 && delta > 0.0025) this.enter(close, desk);
    else if (this.units > 0 && delta < -0.0025) this.leave(desk);
  }
}

/** The closes of 5 to 30 days ago, all in their order or all against it: LEAN's means of 15 days before them are never fed. */
class Ribbon extends AllIn {
  private readonly closes: number[] = [];

  protected decide({ close }: ClosedBar, desk: Desk): void {
    this.closes.push(close);
    if (this.closes.length <= 30) return;
    const before = [5, 10, 15, 20, 25, 30].map((days) => this.closes.at(-1 - days)!);
    const rises = before.every((price, index) => index === 0 || before[index - 1]! >= price);
    const falls = before.every((price, index) => index === 0 || before[index - 1]! <= price);
    if (this.units === 0 && rises) this.enter(close, desk);
    else if (this.units > 0 && falls) this.leave(desk);
  }
}

/** Buys once as many as the cash is good for, when its averages of 20 days are there. */
class Suite extends AllIn {
  private seen = 0;
  protected decide({ close }: ClosedBar, desk: Desk): void {
    this.seen += 1;
    if (this.seen === 20) this.enter(close, desk);
  }
}

/**
 * Buys what has risen two dollars from its low, then sells what has fallen half a dollar from its high. A stop is reached within a minute,
 * and gets its own price or the minute's last where that is worse. Gives the rows of the fills, and quotes with their prices.
 */
function followed(rows: readonly { readonly high: number; readonly low: number; readonly close: number }[]) {
  const quotes = rows.map(({ close }) => [close, close + CENT] as [number, number]);
  let stop = rows[0]!.close + CENT + 2;
  let boughtOn = 1;
  for (; rows[boughtOn]!.high + CENT < stop; boughtOn += 1) stop = Math.min(stop, quotes[boughtOn]![1] + 2);
  quotes[boughtOn]![1] = Math.max(stop, quotes[boughtOn]![1]);
  stop = rows[boughtOn]!.close - 0.5;
  let soldOn = boughtOn + 1;
  for (; rows[soldOn]!.low > stop; soldOn += 1) stop = Math.max(stop, rows[soldOn]!.close - 0.5);
  quotes[soldOn]![0] = Math.min(stop, quotes[soldOn]![0]);
  return { quotes, boughtOn, soldOn };
}

/**
 * Buys a tenth above the high of the day on which the averages cross, and sells a hundredth below the low of the one on which they cross
 * back: orders that become limit orders a hundredth further on when they are reached. Prices of the days, with those of the fills among them.
 */
function limited({ length, high, low, close }: BarColumns) {
  const [fast, slow] = [new Average(30), new Average(60)];
  const prices: number[] = [];
  let [boughtOn, soldOn, stop] = [-1, -1, 0];
  for (let day = 0; day < length; day += 1) {
    const [top, bottom, last] = [high, low, close].map((column) => priceOf(column[day]!)) as [number, number, number];
    if (boughtOn < 0 && stop > 0 && top >= stop) {
      boughtOn = prices.push(Math.min(top, (stop / 1.1) * 1.11)) - 1;
      stop = 0;
    } else if (boughtOn >= 0 && soldOn < 0 && stop > 0 && bottom <= stop)
      soldOn = prices.push(Math.max(bottom, (stop / 0.99) * 0.98)) - 1;
    prices.push(last);
    const isUp = fast.take(last) > slow.take(last) * 1.001;
    if (slow.count < 60 || stop > 0) continue;
    if (boughtOn < 0) stop = isUp ? top * 1.1 : 0;
    else stop = isUp ? 0 : bottom * 0.99;
  }
  return { prices, boughtOn, soldOn };
}

/** In on one row and out on another. */
class Between {
  readonly input = 'ticks';
  private row = -1;
  constructor(
    private readonly boughtOn: number,
    private readonly soldOn: number,
  ) {}
  tick(_now: Tick, desk: Desk): void {
    this.row += 1;
    if (this.row === this.boughtOn) desk.enter({ direction: 1, units: 100, layer: 1 });
    if (this.row === this.soldOn) desk.exit(1);
  }
}

describe.skipIf(!hasTruths)('LEAN', () => {
  it('comes to the same with eleven years of a trend of averages: 42 trades', () => {
    const run = played(() => new MacdTrend(100_000), daysOfSpy('2004-01-01', '2015-01-01'), 100_000, 0.005);
    assertMoney('MACDTrendAlgorithm', run, 100_000, 1e-5);
    assertFall('MACDTrendAlgorithm', run);
    assertTrades('MACDTrendAlgorithm', run);
    const { number } = expectedOf('MACDTrendAlgorithm');
    expect(run.trades).toHaveLength(42);
    expect(run.figureOf('lossReturnMeanRatio') * -100).toBeCloseTo(number('Average Loss'), 2);
    expect(run.figureOf('payoffReturnRatio')).toBeCloseTo(number('Profit-Loss Ratio'), 2);
    expect(run.figureOf('expectancyReturnRatio')).toBeCloseTo(number('Expectancy'), 3);
  });

  it('comes to the same with six years of a ribbon of averages: three trades, and a fourth that is held', () => {
    const run = played(() => new Ribbon(100_000), daysOfSpy('2009-01-01', '2015-01-01'), 100_000, 0.005);
    assertMoney('DisplacedMovingAverageRibbon', run, 100_000, 1e-5);
    assertFall('DisplacedMovingAverageRibbon', run);
    assertTrades('DisplacedMovingAverageRibbon', run);
    expect(run.trades).toHaveLength(3);
  });

  it('comes to the same with two years of what was bought once', () => {
    // A dollar is the least fee of an order.
    const run = played(() => new Suite(25_000, 1, 0), daysOfSpy('2013-01-01', '2015-01-01'), 25_000, 1 / 195);
    assertMoney('IndicatorSuiteAlgorithm', run, 25_000, 3e-6);
    assertFall('IndicatorSuiteAlgorithm', run);
  });

  it('comes to the same with stops that follow the price', () => {
    const priceIn = (row: readonly string[], cell: number) => Number(row[cell]) * FACTOR;
    const rows = minutesOfSpy().map((row) => ({ high: priceIn(row, 2), low: priceIn(row, 3), close: priceIn(row, 4) }));
    const { quotes, boughtOn, soldOn } = followed(rows);
    const run = played(() => new Between(boughtOn, soldOn), quotesOf(quotes), 100_000, 0.01);
    assertMoney('TrailingStopOrderRegressionAlgorithm', run, 100_000, 5e-8);
    assertTrades('TrailingStopOrderRegressionAlgorithm', run);
  });

  it('comes to the same with stops that become limits, over two years of days', () => {
    const { prices, boughtOn, soldOn } = limited(daysOfSpy('2013-01-01', '2015-01-01'));
    const run = played(() => new Between(boughtOn, soldOn), printsOf(prices), 100_000, 0.01);
    assertMoney('StopLimitOrderRegressionAlgorithm', run, 100_000, 1e-6);
    assertFall('StopLimitOrderRegressionAlgorithm', run);
    assertTrades('StopLimitOrderRegressionAlgorithm', run);
  });

  /** The algorithm itself holds its fills against these prices. */
  it('comes to the same with three shares that were sold short and are held', () => {
    const last = Number(minutesOfSpy().at(-1)?.[4]) * FACTOR;
    const open = (): Strategy => ({
      input: 'ticks',
      tick: ({ price }, desk) => price < 147 && desk.enter({ direction: -1, units: 1, layer: 1 }),
    });
    const run = played(open, printsOf([144.6434, 145.6636, 146.7185, last]), 100_000, 1);
    assertMoney('LimitIfTouchedRegressionAlgorithm', run, 100_000, 5e-8);
    assertFall('LimitIfTouchedRegressionAlgorithm', run);
    expect(run.trades).toEqual([]);
  });
});
