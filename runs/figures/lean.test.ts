/** Figures against what LEAN's own regression algorithms and indicators came to, where they are at hand. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RunTrade } from '../../domain/run.ts';
import { type BarColumns, priceOf, type TickColumns } from '../../market/columns.ts';
import { type ClosedBar, type Desk, defineStrategy, type StrategyDefinition } from '../../strategies/strategy.ts';
import { Run } from '../engine/run.ts';
import { measuredOf } from '../summary.ts';
import {
  CENT,
  expectedOf,
  FACTOR,
  hasTruths,
  minutesOfSpy,
  read,
  shares,
  unitsFor,
  unpacked,
} from '../testing/lean.ts';
import { barsOf, printsOf, quotesOf } from '../testing/series.ts';
import { figuresOf } from './all.ts';
import { betaOf } from './benchmark.ts';
import { deviation } from './figure.ts';
import { NORMAL_1_PERCENT, NORMAL_5_PERCENT } from './normal.ts';
import { returnsOf, sharpeOf, sortinoOf } from './returns.ts';
import { normalValueAtRisk } from './value-at-risk.ts';

/** Buys once, at the first tick or bar that it sees. */
class BuyAndHold {
  private hasBought = false;
  constructor(
    readonly input: 'ticks' | 'bars',
    private readonly units: number,
  ) {}
  tick(_now: unknown, desk: Desk): void {
    this.buy(desk);
  }
  bar(_bar: ClosedBar, desk: Desk): void {
    this.buy(desk);
  }
  private buy(desk: Desk): void {
    if (!this.hasBought) desk.enter({ direction: 1, units: this.units, layer: 1 });
    this.hasBought = true;
  }
}

const buyAndHold = (input: 'ticks' | 'bars', units: number): StrategyDefinition =>
  defineStrategy({
    ...{ name: 'buy_and_hold', about: 'Buys once.', input, parameters: z.object({}) },
    ...{ balanceOf: () => 100_000, unitsOf: () => units },
    open: () => new BuyAndHold(input, units) as ReturnType<StrategyDefinition['open']>,
  });

/** In at its first tick, short, and out at the next one. */
class ShortAtOnce {
  readonly input = 'ticks';
  private isOver = false;
  tick(_now: unknown, desk: Desk): void {
    if (this.isOver) desk.exit(1);
    else desk.enter({ direction: -1, units: 100, layer: 1 });
    this.isOver = true;
  }
}

function played(columns: TickColumns | BarColumns, units: number) {
  const terms = shares(0.005);
  const run = new Run({ strategy: buyAndHold('atMs' in columns ? 'ticks' : 'bars', units), parameters: {}, terms });
  run.advance(columns);
  // LEAN holds at the end; ours closes, for the same fee once more.
  const { equity } = run;
  run.finish();
  const trades: RunTrade[] = [...run.take().trades];
  const measured = measuredOf(run, trades, { multiplier: 1 });
  const figures = figuresOf(measured).flatMap((family) => family.figures);
  const figureOf = (name: string): number => figures.find((figure) => figure.name === name)?.value as number;
  const { days } = measured;
  const returns = returnsOf(days.map((day) => day.equity));
  const held = returnsOf(days.map(({ price }) => price));
  const sold = trades.reduce((total, trade) => total + trade.units * trade.exitPrice, 0);
  const turnover = figureOf('turnoverDailyRatio') - sold / (days.at(-1)?.equity as number) / days.length;
  return { equity, commission: figureOf('commission') / 2, figureOf, returns, held, turnover };
}

function assertSame(
  algorithm: string,
  { equity, commission, figureOf, returns, held, turnover }: ReturnType<typeof played>,
) {
  const { text, number } = expectedOf(algorithm);
  expect(equity).toBeCloseTo(number('End Equity'), 2);
  expect((equity / 100_000 - 1) * 100).toBeCloseTo(number('Net Profit'), 3);
  // LEAN rounds its dollars up.
  expect(Math.abs(commission - number('Total Fees'))).toBeLessThan(0.0051);
  expect(Math.round(figureOf('drawdownRatioMax') * 1_000) / 10).toBeCloseTo(number('Drawdown'), 9);
  expect(turnover * 100).toBeCloseTo(number('Portfolio Turnover'), 1);
  const spread = deviation(returns) * Math.sqrt(252);
  expect(spread).toBeCloseTo(number('Annual Standard Deviation'), 3);
  expect(spread ** 2).toBeCloseTo(number('Annual Variance'), 3);
  expect(betaOf(returns, held)).toBeCloseTo(number('Beta'), 2);
  const tracking = deviation(returns.map((value, day) => value - held[day]!)) * Math.sqrt(252);
  expect(tracking).toBeCloseTo(number('Tracking Error'), 2);
  expect(text['Total Orders']).toBe('1');
  expect(figureOf('tradesWon')).toBe(1);
}

describe.skipIf(!hasTruths)('LEAN', () => {
  it('comes to the same after a week of days of SPY', () => {
    const days = unpacked('../data/SPY_1d_lean.csv.gz')
      .split('\n')
      .filter((row) => row >= '2013-10-08' && row < '2013-10-18')
      .map((row) => row.split(',').map((cell) => Number(cell) * FACTOR));
    const bars = barsOf(
      days.map(([, open, high, low, close]) => [open!, high!, low!, close!] as const),
      86_400_000,
    );
    const units = unitsFor(priceOf(bars.close[0]!));
    const { expected } = read('lean_spy_buy_and_hold_worked.json');
    expect(units).toBe(expected.quantity);
    const run = played(bars, units);
    expect(run.equity).toBeCloseTo(expected.end_equity, 2);
    expect(run.commission).toBeCloseTo(expected.fees, 9);
  });

  it('comes to the same after a week of minutes of SPY', () => {
    const rows = minutesOfSpy();
    const closes = rows.map((row) => Number(row[4]) * FACTOR);
    const ticks = {
      ...quotesOf(closes.map((close) => [close, close + CENT] as const)),
      // Known at the end of its minute.
      atMs: Float64Array.from(rows, ([at = '']) => Date.parse(at) + 60_000),
    };
    // It buys at the ask, and leaves room for the fee.
    const ask = closes[0]! + CENT;
    assertSame('BasicTemplateAlgorithm', played(ticks, unitsFor(ask)));
  });

  it('comes to the same after a week of hours of SPY', () => {
    const rows = minutesOfSpy().filter(([at], minute, all) => at?.slice(0, 13) !== all[minute + 1]?.[0]?.slice(0, 13));
    const prices = rows.map((row) => Number(row[4]) * FACTOR);
    const atMs = Float64Array.from(rows, ([at = '']) => Date.parse(at) + 60_000);
    // Without quotes a print is both sides of the market.
    assertSame('BasicTemplateHourlyAlgorithm', played({ ...printsOf(prices), atMs }, unitsFor(prices[0]!)));
  });

  /** Its stop lies below the market already, and buys at the first price behind the entry. */
  it('comes to the same with a stop that is reached at once', () => {
    const [first, second] = minutesOfSpy();
    const [sold, bought] = [Number(first?.[4]) * FACTOR, Number(second?.[1]) * FACTOR];
    const strategy = defineStrategy({
      ...{ name: 'short_at_once', about: 'Sells once.', input: 'ticks', parameters: z.object({}) },
      ...{ balanceOf: () => 100_000, unitsOf: () => 100 },
      open: () => new ShortAtOnce() as ReturnType<StrategyDefinition['open']>,
    });
    // A dollar is the least fee of an order.
    const run = new Run({ strategy, parameters: {}, terms: shares(0.01) });
    run.advance(printsOf([sold, bought, bought]));
    run.finish();
    const trades = [...run.take().trades];
    const { number } = expectedOf('StopLossOnOrderEventRegressionAlgorithm');
    const measured = measuredOf(run, trades, { multiplier: 1 });
    expect(measured.finalBalance).toBeCloseTo(number('End Equity'), 2);
    expect(measured.commission).toBeCloseTo(number('Total Fees'), 9);
    const figures = figuresOf(measured).flatMap((family) => family.figures);
    const told = (name: string) => figures.find((figure) => figure.name === name)?.value;
    expect((told('totalReturnRatio') as number) * 100).toBeCloseTo(number('Net Profit'), 3);
    expect([told('fills'), told('lossRatio'), told('winRatio')]).toEqual([2, 1, 0]);
    expect(trades).toHaveLength(1);
  });

  /** LEAN's rolling ratios are not annualised; its Sharpe ratio is over the population deviation. */
  it('has the same rolling Sharpe and Sortino ratios', () => {
    const { vectors } = JSON.parse(unpacked('lean_indicator_vectors.json.gz'));
    const cells = (file: string, column: number): number[] =>
      (vectors[file].rows as string[][]).map((row) => (row[column] === '' ? Number.NaN : Number(row[column])));
    const held = (
      returns: readonly number[],
      expected: readonly number[],
      length: number,
      of: typeof sharpeOf,
      by: number,
    ) => {
      let seen = 0;
      for (let day = length; day < expected.length; day += 1) {
        seen += 1;
        const ratio = of(returns.slice(day - length + 1, day + 1)) as number;
        expect((ratio / Math.sqrt(252)) * by).toBeCloseTo(expected[day]!, 8);
      }
      expect(seen).toBeGreaterThan(60);
    };
    const closes = cells('spy_sr.txt', 4);
    // The ratio of its last row does not follow from the closes of the file.
    const ratios = cells('spy_sr.txt', 7).slice(0, -1);
    held([Number.NaN, ...returnsOf(closes)], ratios, 10, sharpeOf, Math.sqrt(10 / 9));
    held(cells('spy_sortino.csv', 5), cells('spy_sortino.csv', 14), 15, sortinoOf, 1);
  });

  it('has the same value at risk on every day of 22 years of SPY', () => {
    const { vectors } = JSON.parse(unpacked('lean_indicator_vectors.json.gz'));
    const rows: string[][] = vectors['spy_valueatrisk.csv'].rows;
    const returns = rows.map((row) => Number(row[6]));
    let seen = 0;
    for (const [day, row] of rows.entries()) {
      if (day < 252 || row[7] === '') continue;
      seen += 1;
      const window = returns.slice(day - 251, day + 1);
      expect(normalValueAtRisk(window, NORMAL_1_PERCENT)).toBeCloseTo(-Number(row[7]), 6);
      expect(normalValueAtRisk(window, NORMAL_5_PERCENT)).toBeCloseTo(-Number(row[8]), 6);
    }
    expect(seen).toBeGreaterThan(5_500);
  });
});
