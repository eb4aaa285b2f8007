/** What is said of few or odd samples, and figures by hand. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RunTrade } from '../../domain/run.ts';
import { figuresOf, type Measured } from './all.ts';
import { betaOf, captureOf } from './benchmark.ts';
import { longestRecovery, ulcerIndex } from './drawdown.ts';
import type { Figure } from './figure.ts';
import { quantile } from './figure.ts';
import { monthlyReturns } from './monthly.ts';
import { normalCdf } from './normal.ts';
import { omegaOf } from './returns.ts';
import { tradeFigures } from './trades.ts';
import { ewmaDeviation, expectedShortfall, valueAtRisk } from './value-at-risk.ts';

const DAY = 86_400_000;
const T0 = Date.UTC(2026, 0, 5);

const tradeOf = (pnl: number, fields: Partial<RunTrade> = {}): RunTrade => ({
  ...{ sequence: 1, direction: 'long', layer: 1, retracementCount: 0, units: 1, entryAt: T0, entryPrice: 100 },
  ...{ exitAt: T0 + 1_000, exitPrice: 100 + pnl, points: pnl, pnl, commission: 0, reason: 'strategy' },
  ...{ adversePoints: 1, favourablePoints: 4 },
  ...fields,
});

const measured = (fields: Partial<Measured> = {}): Measured => ({
  ...{ startBalance: 1_000, finalBalance: 1_000, spanMs: 0, drawdownMax: 0, drawdownRatioMax: 0, underwaterMsMax: 0 },
  ...{ days: [], trades: [], exposedMs: 0, commission: 0, turnover: 0, multiplier: 1 },
  ...fields,
});

const named = (figures: readonly Figure[], name: string): Figure => {
  const found = figures.find((figure) => figure.name === name);
  if (!found) throw new Error(`no figure ${name}`);
  return found;
};
const all = (given: Measured): readonly Figure[] => figuresOf(given).flatMap(({ figures }) => figures);

describe('a run without a trade', () => {
  const figures = all(measured());
  it.each([
    'winRatio',
    'profitFactor',
    'payoffRatio',
    'sharpeRatio',
    'calmarRatio',
    'valueAtRisk95Ratio',
    'beta',
    'exposedRatio',
    'pnlDeviation',
    'trackingErrorAnnualRatio',
    'tradeSharpeRatio',
    'closedTradeDrawdownMax',
    'winHoldingMsMedian',
    'winReturnMeanRatio',
    'valueAtRisk99Ratio',
    'upCaptureRatio',
    'turnoverDailyRatio',
    'capacity',
  ])('has no %s and says why', (name) =>
    expect(named(figures, name)).toMatchObject({ value: null, reason: expect.stringMatching(/\w/) }),
  );
  it('says no number that is none', () => {
    for (const { value, reason } of figures) expect(value === null ? reason !== '' : Number.isFinite(value)).toBe(true);
  });
  it('has no figure that the page of figures leaves out, and none there that it has not', () => {
    const page = readFileSync(new URL('../../docs/FIGURES.md', import.meta.url), 'utf8');
    const names = new Set(figures.map(({ name }) => name));
    expect([...names].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    const ours = page
      .split('\n')
      .flatMap((line) => (/^\|[^|]*\|([^|]*)\|/.exec(line)?.[1] ?? '').match(/[a-z]\w+(?=`)/g) ?? []);
    expect(ours.filter((name) => !names.has(name))).toEqual([]);
    expect(ours.length).toBeGreaterThan(70);
  });
  it('names each figure once', () => {
    const names = figures.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a run of few days', () => {
  const ofReturns = (count: number) => {
    const equity = Array.from({ length: count }, (_, day) => 1_000 + day * 3 + (day % 3) * 7);
    return all(
      measured({
        days: equity.map((value, day) => ({ startMs: T0 + day * DAY, equity: value, price: 50 + (day % 4) })),
      }),
    );
  };
  it.each([
    ['sharpeRatio', 5],
    ['volatilityAnnualRatio', 5],
    ['skew', 8],
    ['kurtosis', 20],
    ['probabilisticSharpeRatio', 20],
    ['tailRatio', 20],
    ['valueAtRisk95Ratio', 20],
    ['valueAtRisk99Ratio', 20],
    ['valueAtRisk99NormalRatio', 20],
    ['stabilityRatio', 5],
  ])('has no %s below %i returns, and says how many it has', (name, least) => {
    const reason = `needs at least ${least} days, has ${least - 1}`;
    expect(named(ofReturns(least - 1), name)).toMatchObject({ value: null, reason });
    expect(named(ofReturns(least), name).value).toEqual(expect.any(Number));
  });
  it('has no beta either', () => {
    expect(named(ofReturns(5), 'beta').reason).toMatch(/at least 5 days/);
    expect(named(ofReturns(6), 'beta').value).toEqual(expect.any(Number));
  });
});

describe('a run that owed at the end of a day', () => {
  const equity = [900, 1_100, 400, -200, 300, 350, 500];
  const days = equity.map((value, day) => ({ startMs: T0 + day * DAY, equity: value, price: 50 + (day % 4) }));
  const volumes = new Map(days.map(({ startMs }) => [startMs, 1_000]));
  const figures = all(
    measured({ days, volumes, finalBalance: 500, trades: [400, -1_700, 100].map((pnl) => tradeOf(pnl)) }),
  );
  it.each([
    ['sharpeRatio', 'sortinoRatio', 'stabilityRatio', 'dailyReturnBestRatio', 'valueAtRisk95Ratio', 'beta', 'capacity'],
    ['treynorRatio', 'upCaptureRatio', 'expectedShortfall95Ratio', 'omegaRatio', 'volatilityAnnualRatio'],
  ])('has no figure of daily returns, and says why', (...names) => {
    for (const name of names)
      expect(named(figures, name)).toMatchObject({ value: null, reason: 'equity was gone on a day' });
  });
  it('has no returns of trades either', () => {
    for (const name of ['winReturnMeanRatio', 'lossReturnMeanRatio', 'payoffReturnRatio', 'expectancyReturnRatio'])
      expect(named(figures, name)).toMatchObject({ value: null, reason: 'the balance was gone before a trade' });
  });
  it('keeps its money, its trades and its days', () => {
    expect(named(figures, 'netProfit').value).toBe(-500);
    expect(named(figures, 'tradesLost').value).toBe(1);
    expect(named(figures, 'daysWithData').value).toBe(7);
  });
});

describe('trades', () => {
  const figures = tradeFigures([30, -10, 20, -20, -5, 0, 10].map((pnl) => tradeOf(pnl)));
  it.each([
    ['trades', 7],
    ['tradesWon', 3],
    ['tradesLost', 3],
    ['winRatio', 3 / 7],
    ['profitFactor', 60 / 35],
    ['averageWin', 20],
    ['averageLoss', 35 / 3],
    ['payoffRatio', 20 / (35 / 3)],
    ['expectancy', 25 / 7],
    ['largestWin', 30],
    ['smallestLoss', 5],
    ['largestLoss', 20],
    ['lossesInARowMax', 2],
    ['winsInARowMax', 1],
  ])('have %s %f', (name, value) => expect(named(figures, name).value).toBeCloseTo(value, 12));

  it('without a loss have no profit factor', () => {
    expect(named(tradeFigures([tradeOf(5)]), 'profitFactor')).toMatchObject({ value: null, reason: 'no trade lost' });
  });
  it('by the hundred thousand are no trouble', () => {
    const many = new Array<RunTrade>(200_000).fill(tradeOf(3)).with(77, tradeOf(-1));
    expect(named(tradeFigures(many), 'largestWin').value).toBe(3);
  });
});

describe('the course of equity', () => {
  it('has an annual return from a day on, and none below', () => {
    const year = measured({ finalBalance: 1_100, spanMs: 365.25 * DAY, drawdownRatioMax: 0.05, drawdownMax: 50 });
    expect(named(all(year), 'annualReturnRatio').value).toBeCloseTo(0.1, 12);
    expect(named(all(year), 'calmarRatio').value).toBeCloseTo(2, 12);
    expect(named(all(year), 'recoveryFactor').value).toBe(2);
    expect(named(all({ ...year, spanMs: DAY / 2 }), 'annualReturnRatio').value).toBeNull();
  });
  it('recovers from its deepest point to a new peak', () => {
    expect(longestRecovery([10, 8, 7, 9, 10, 9, 11])).toBe(2);
    expect(longestRecovery([10, 11, 9])).toBeUndefined();
  });
  it('has an ulcer of the root of the mean square of its falls', () => {
    expect(ulcerIndex([100, 90, 100, 80])).toBeCloseTo(Math.sqrt((0.1 ** 2 + 0.2 ** 2) / 4), 12);
  });
  it('is compounded by month, from the end of the one before', () => {
    const day = (startMs: number, equity: number) => ({ startMs, equity, price: 1 });
    const days = [day(T0, 110), day(T0 + DAY, 120), day(Date.UTC(2026, 2, 1), 90)];
    expect(monthlyReturns(100, days)).toEqual([
      { year: 2026, month: 1, returnRatio: 120 / 100 - 1 },
      { year: 2026, month: 3, returnRatio: 90 / 120 - 1 },
    ]);
  });
});

describe('risk', () => {
  it('of few days is that of a normal distribution with fading weights', () => {
    expect(ewmaDeviation([0.01, -0.02])).toBeCloseTo(Math.sqrt(0.94 * 0.0001 + 0.06 * 0.0004), 15);
    expect(valueAtRisk([0.01, -0.02])).toBeCloseTo(1.6448536269514722 * ewmaDeviation([0.01, -0.02]), 12);
  });
  it('of many days is the loss that one day in twenty exceeds, of the newest five hundred', () => {
    const days = Array.from({ length: 100 }, (_, index) => (index - 50) / 1_000);
    expect(valueAtRisk(days)).toBeCloseTo(0.04505, 12);
    expect(expectedShortfall(days)).toBeCloseTo(0.048, 12);
    expect(valueAtRisk([...Array.from({ length: 100 }, () => -1), ...Array.from({ length: 500 }, () => 0.01)])).toBe(0);
  });
});

describe('the rest', () => {
  it('quantiles lie between ranks', () => expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5));
  it('the normal distribution', () => {
    expect(normalCdf(0)).toBeCloseTo(0.5, 7);
    expect(normalCdf(1.959963985)).toBeCloseTo(0.975, 6);
    expect(normalCdf(-1.959963985)).toBeCloseTo(0.025, 6);
  });
  it('beta of a doubled benchmark is two', () =>
    expect(betaOf([0.02, -0.04, 0.06], [0.01, -0.02, 0.03])).toBeCloseTo(2, 12));
  it('capture is the compound annual return over the benchmark on the days of one side, from five of them on', () => {
    const base = [0.01, -0.02, 0.015, 0.025, 0.01, -0.005, 0.02];
    const own = base.map((value) => value * 2);
    const grown = (values: readonly number[]) => values.reduce((product, value) => product * (1 + value), 1);
    const up = base.filter((value) => value > 0);
    const expected = (grown(up.map((value) => value * 2)) ** (252 / 5) - 1) / (grown(up) ** (252 / 5) - 1);
    expect(captureOf(own, base, 1)).toBeCloseTo(expected, 9);
    expect(captureOf(own, base, -1)).toBeNaN();
    expect(
      captureOf(
        base,
        base.map((value) => -value),
        -1,
      ),
    ).toBeLessThan(0);
  });
  it('omega is gains over losses', () => expect(omegaOf([0.03, -0.01, -0.02])).toBeCloseTo(1, 12));
});
