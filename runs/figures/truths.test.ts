/** Figures against the published vectors of empyrical, ffn and LEAN, where they are at hand. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findInstrument, type Instrument } from '../../domain/instrument.ts';
import { priceOf } from '../../market/columns.ts';
import { type BarStrategy, type ClosedBar, type Desk, defineStrategy } from '../../strategies/strategy.ts';
import { Run } from '../engine/run.ts';
import { termsOf } from '../engine/terms.ts';
import { barsOf } from '../testing/series.ts';
import { betaOf } from './benchmark.ts';
import { annualReturn, drawdowns } from './drawdown.ts';
import { deviation } from './figure.ts';
import { downsideOf, probabilisticSharpeOf, returnsOf, sharpeOf, sortinoOf, tailRatioOf } from './returns.ts';

const truths = new URL('../../../shared/truths/', import.meta.url);
const present = existsSync(truths);

interface Case {
  readonly test: string;
  readonly args: {
    readonly returns: { readonly values: readonly (number | null)[] } | string;
    readonly benchmark?: { readonly values: readonly (number | null)[] } | string;
    readonly expected: number | string;
    readonly period?: string;
    readonly risk_free?: unknown;
    readonly required_return?: unknown;
  };
}

/** Python's NaN and Infinity are no JSON. */
const parsed = (text: string): { readonly cases: readonly Case[] } =>
  JSON.parse(text.replace(/-?\b(NaN|Infinity)\b/g, 'null'));
const cases = present
  ? parsed(gunzipSync(readFileSync(new URL('empyrical_test_vectors.json.gz', truths))).toString('utf8')).cases
  : [];

/** Those with plain returns, a number to expect, and the annualisation and target that are ours too. */
function plain(test: string, least = 2): { readonly returns: readonly number[]; readonly expected: number }[] {
  return cases.flatMap(({ test: name, args }) => {
    const { returns, expected, period = 'daily', risk_free = 0, required_return = 0 } = args;
    if (name !== test || typeof returns === 'string' || typeof expected !== 'number') return [];
    if (period !== 'daily' || risk_free !== 0 || required_return !== 0) return [];
    const values = returns.values.filter((value): value is number => value !== null);
    return values.length >= least ? [{ returns: values, expected }] : [];
  });
}

function grown(returns: readonly number[]): number[] {
  const equity = [1];
  for (const value of returns) equity.push(equity.at(-1)! * (1 + value));
  return equity;
}

describe.skipIf(!present)('empyrical', () => {
  const held = (test: string, figure: (returns: readonly number[]) => number | undefined, digits = 8) => {
    const vectors = plain(test);
    expect(vectors.length).toBeGreaterThan(0);
    for (const { returns, expected } of vectors) expect(figure(returns)).toBeCloseTo(expected, digits);
  };

  it('has the same Sharpe ratio', () => held('test_sharpe_ratio', sharpeOf));
  it('has the same Sortino ratio', () => held('test_sortino', sortinoOf));
  it('has the same downside risk', () => held('test_downside_risk', (returns) => downsideOf(returns) * Math.sqrt(252)));
  it('has the same volatility', () => held('test_annual_volatility', (returns) => deviation(returns) * Math.sqrt(252)));
  it('has the same largest drawdown', () =>
    held('test_max_drawdown', (returns) => 0 - Math.max(...drawdowns(grown(returns)))));
  it('has the same beta, on the days that both have', () => {
    const vectors = cases.flatMap(({ test, args: { returns, benchmark, expected } }) => {
      if (
        test !== 'test_beta' ||
        typeof returns === 'string' ||
        typeof benchmark !== 'object' ||
        typeof expected !== 'number'
      )
        return [];
      const pairs = returns.values.map((value, day) => [value, benchmark.values[day] ?? null] as const);
      const both = pairs.filter((pair): pair is readonly [number, number] => pair[0] !== null && pair[1] !== null);
      return both.length === 0 ? [] : [{ both, expected }];
    });
    expect(vectors.length).toBeGreaterThan(3);
    for (const { both, expected } of vectors)
      expect(
        betaOf(
          both.map(([value]) => value),
          both.map(([, base]) => base),
        ),
      ).toBeCloseTo(expected, 8);
  });
  it('has the same tail ratio', () => held('test_tail_ratio', tailRatioOf, 1));
});

/** Bought at the first daily close with all the money but a quarter of a percent, filled at the next open. */
class BuyAndHold implements BarStrategy {
  readonly input = 'bars';
  private hasBought = false;
  constructor(private readonly units: number) {}
  bar(_bar: ClosedBar, desk: Desk): void {
    if (!this.hasBought) desk.enter({ direction: 1, units: this.units, layer: 1 });
    this.hasBought = true;
  }
}

describe.skipIf(!present)('LEAN', () => {
  it('has the same equity to the cent after a week of buying and holding', () => {
    const { expected, data } = JSON.parse(readFileSync(new URL('lean_spy_buy_and_hold_worked.json', truths), 'utf8'));
    const factor = Number(/factor ([\d.]+)/.exec(data)?.[1]);
    const file = new URL('../data/SPY_1d_lean.csv.gz', truths);
    const rows = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
    const days = rows
      .filter((row) => row >= '2013-10-08' && row < '2013-10-18')
      .map((row) => row.split(',').map(Number));
    const bars = barsOf(
      days.map(
        ([, open, high, low, close]) => [open! * factor, high! * factor, low! * factor, close! * factor] as const,
      ),
      86_400_000,
    );
    const units = Math.floor((100_000 * (1 - 0.0025)) / priceOf(bars.close[0]!));
    expect(units).toBe(expected.quantity);
    const strategy = defineStrategy({
      ...{ name: 'buy_and_hold', about: 'Buys once.', input: 'bars', parameters: z.object({}) },
      ...{ balanceOf: () => 100_000, unitsOf: () => units, open: () => new BuyAndHold(units) },
    });
    const terms = termsOf(findInstrument('AAPL') as Instrument, { commissionPerUnit: 0.005 });
    const run = new Run({ strategy, parameters: {}, terms });
    run.advance(bars);
    expect(run.equity).toBeCloseTo(expected.end_equity, 2);
    run.finish();
    // What is held at the end closes too, which costs the same again.
    expect(run.book.tally.commission).toBeCloseTo(2 * expected.fees, 9);
  });
});

describe.skipIf(!present)('ffn', () => {
  const [, ...rows] = present
    ? readFileSync(new URL('ffn_prices_aapl_msft_c.csv', truths), 'utf8').trim().split('\n')
    : [];
  const cells = rows.map((row) => row.split(','));
  const prices = (column: number): number[] => cells.map((row) => Number(row[column]));
  const at = (row: number): number => Date.parse(`${cells[row]![0]} UTC`);

  it('has the same returns', () => {
    expect(returnsOf(prices(1))[0]).toBeCloseTo(-0.019, 3);
    expect(returnsOf(prices(3))[8]).toBeCloseTo(0.004, 3);
  });
  it('has the same drawdowns', () => {
    expect(drawdowns(prices(1))[9]).toBeCloseTo(0.086, 3);
    expect(Math.max(...drawdowns(prices(2).slice(0, 10)))).toBeCloseTo(0.048, 3);
  });
  it.each([
    [1, 0.44],
    [2, 0.041],
    [3, -0.205],
  ])('has the same annual return in column %i', (column, expected) => {
    const values = prices(column);
    const spanMs = at(cells.length - 1) - at(0);
    expect(annualReturn(values[0]!, values.at(-1)!, spanMs)).toBeCloseTo(expected, 3);
  });
});

describe('the probabilistic Sharpe ratio', () => {
  it('is one half where nothing was earned and rises with length', () => {
    const even = [0.01, -0.01, 0.02, -0.02];
    expect(probabilisticSharpeOf(even)).toBeCloseTo(0.5, 6);
    const good = [0.01, -0.005, 0.012, -0.003];
    expect(probabilisticSharpeOf([...good, ...good, ...good])!).toBeGreaterThan(probabilisticSharpeOf(good)!);
  });
});
