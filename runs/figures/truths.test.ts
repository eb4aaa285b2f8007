/** Figures against the published vectors of empyrical and ffn, where they are at hand. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { alphaOf, betaOf, excessSharpeOf } from './benchmark.ts';
import { annualReturn, calmarOf, drawdowns } from './drawdown.ts';
import { deviation } from './figure.ts';
import {
  downsideOf,
  omegaOf,
  probabilisticSharpeOf,
  returnsOf,
  sharpeOf,
  sortinoOf,
  stabilityOf,
  tailRatioOf,
} from './returns.ts';

const truths = new URL('../../../shared/truths/', import.meta.url);
const present = existsSync(truths);

type Series = { readonly values: readonly (number | null)[] };
interface Case {
  readonly test: string;
  readonly args: {
    readonly returns: Series | string;
    readonly prices?: Series;
    readonly benchmark?: Series | string;
    readonly factor_returns?: Series | number;
    readonly expected: number | string | readonly number[];
    readonly period?: string;
    readonly risk_free?: Series | number;
    readonly required_return?: Series | number;
    readonly required_return_less?: number;
    readonly required_return_more?: number;
    readonly constant?: number;
  };
}

/** Python's NaN and Infinity are no JSON. */
const parsed = (text: string): { readonly cases: readonly Case[] } =>
  JSON.parse(text.replace(/-?\b(NaN|Infinity)\b/g, 'null'));
const cases = present
  ? parsed(gunzipSync(readFileSync(new URL('empyrical_test_vectors.json.gz', truths))).toString('utf8')).cases
  : [];
const casesOf = (test: string): readonly Case['args'][] =>
  cases.filter((one) => one.test === test).map(({ args }) => args);

const PERIODS_A_YEAR: Readonly<Record<string, number>> = { daily: 252, weekly: 52, monthly: 12 };
/** What a yearly figure of days is in the periods of a case: ours know only days. */
const asPeriod = (period = 'daily'): number => Math.sqrt((PERIODS_A_YEAR[period] as number) / 252);

/** What is left of returns, beyond others or one number, on the days that both have. */
function beyond(returns: Series, base: Series | number): readonly number[] {
  return returns.values.flatMap((value, day) => {
    const less = typeof base === 'number' ? base : base.values[day];
    return value === null || less === null || less === undefined ? [] : [value - less];
  });
}

interface Vector {
  readonly returns: readonly number[];
  readonly expected: number;
  /** Periods of the series, those without a return included. */
  readonly length: number;
  readonly periodsAYear: number;
  readonly scale: number;
}

/** Those with a series of returns and a number to expect; what is required or free of risk is taken off before. */
const vectorsOf = (test: string, least = 2): readonly Vector[] =>
  casesOf(test).flatMap(({ returns, expected, period = 'daily', risk_free = 0, required_return = 0 }) => {
    if (typeof returns === 'string' || typeof expected !== 'number') return [];
    const base = risk_free === 0 ? required_return : risk_free;
    const left = beyond(returns, base);
    const { length } = returns.values;
    const vector = { returns: left, expected, length, periodsAYear: PERIODS_A_YEAR[period] as number };
    return left.length >= least ? [{ ...vector, scale: asPeriod(period) }] : [];
  });

function grown(returns: readonly number[]): number[] {
  const equity = [1];
  for (const value of returns) equity.push(equity.at(-1)! * (1 + value));
  return equity;
}

/** Growth a year where each period is so much of one. */
const yearly = ({ returns, length, periodsAYear }: Vector): number =>
  annualReturn(1, grown(returns).at(-1)!, (length / periodsAYear) * 365.25 * 86_400_000) as number;
const deepest = (returns: readonly number[]): number => Math.max(...drawdowns(grown(returns)));

describe.skipIf(!present)('empyrical', () => {
  const held = (test: string, count: number, figure: (vector: Vector) => number | undefined, digits = 8) => {
    const vectors = vectorsOf(test);
    expect(vectors).toHaveLength(count);
    for (const vector of vectors) expect(figure(vector)).toBeCloseTo(vector.expected, digits);
  };

  it('has the same returns of prices', () => {
    const all = casesOf('test_simple_returns');
    expect(all).toHaveLength(2);
    for (const { prices, expected } of all) {
      const values = (prices?.values ?? []) as readonly number[];
      const known = (expected as unknown as readonly number[]).slice(-returnsOf(values).length);
      for (const [day, value] of returnsOf(values).entries()) expect(value).toBeCloseTo(known[day]!, 8);
    }
  });
  it('has the same Sharpe ratio, also beyond what is free of risk', () =>
    held('test_sharpe_ratio', 4, ({ returns }) => sharpeOf(returns)));
  it('has the same Sortino ratio, in any period and beyond what is required', () =>
    held('test_sortino', 5, ({ returns, scale }) => sortinoOf(returns)! * scale));
  it('has the same downside risk, in any period and beyond what is required', () =>
    held('test_downside_risk', 7, ({ returns, scale }) => downsideOf(returns) * Math.sqrt(252) * scale));
  it('has the same volatility in any period', () =>
    held('test_annual_volatility', 4, ({ returns, scale }) => deviation(returns) * Math.sqrt(252) * scale));
  it('has the same largest drawdown', () => held('test_max_drawdown', 6, ({ returns }) => 0 - deepest(returns)));
  it('falls less when every day is better, and more when every day is worse', () => {
    const all = casesOf('test_max_drawdown_translation');
    expect(all).toHaveLength(4);
    for (const { returns, constant = 0 } of all) {
      const values = (returns as Series).values as readonly number[];
      const moved = (by: number): number => deepest(values.map((value) => value + by));
      expect(moved(constant)).toBeLessThan(moved(0));
      expect(moved(-constant)).toBeGreaterThan(moved(0));
    }
  });
  it('has the same annual return in any period', () => held('test_annual_ret', 3, yearly));
  it('has the same Calmar ratio in any period', () =>
    held('test_calmar', 3, (vector) => calmarOf(yearly(vector), deepest(vector.returns))));
  it('has the same stability', () => held('test_stability_of_timeseries', 2, ({ returns }) => stabilityOf(returns)));
  it('has a smaller omega where more is required', () => {
    const all = casesOf('test_omega_returns');
    expect(all).toHaveLength(2);
    for (const { returns, required_return_less: less = 0, required_return_more: more = 0 } of all) {
      const omega = (aYear: number): number => omegaOf(beyond(returns as Series, (1 + aYear) ** (1 / 252) - 1));
      expect(omega(less)).toBeGreaterThan(omega(more));
    }
  });
  it('has the same excess Sharpe ratio', () => {
    const all = casesOf('test_excess_sharpe').filter(({ expected }) => typeof expected === 'number');
    expect(all).toHaveLength(2);
    for (const { returns, factor_returns: factor = 0, expected } of all) {
      const left = beyond(returns as Series, factor);
      expect(
        excessSharpeOf(
          left,
          left.map(() => 0),
        ),
      ).toBeCloseTo(expected as number, 8);
    }
  });

  /** Both sides on the days that both have. */
  const pairsOf = (test: string) =>
    casesOf(test).flatMap(({ returns, benchmark, expected }) => {
      if (typeof returns === 'string' || typeof benchmark !== 'object' || typeof expected !== 'number') return [];
      const pairs = returns.values.map((value, day) => [value, benchmark.values[day] ?? null] as const);
      const both = pairs.filter((pair): pair is readonly [number, number] => pair[0] !== null && pair[1] !== null);
      return both.length === 0
        ? []
        : [{ own: both.map(([value]) => value), base: both.map(([, value]) => value), expected }];
    });
  it('has the same alpha', () => {
    const all = pairsOf('test_alpha');
    expect(all).toHaveLength(2);
    for (const { own, base, expected } of all) expect(alphaOf(own, base)).toBeCloseTo(expected, 8);
  });
  it('has the same beta', () => {
    const all = pairsOf('test_beta');
    expect(all).toHaveLength(4);
    for (const { own, base, expected } of all) expect(betaOf(own, base)).toBeCloseTo(expected, 8);
  });
  it('has the same tail ratio', () => held('test_tail_ratio', 2, ({ returns }) => tailRatioOf(returns), 1));
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
