/** The figures of trades by hand: how they spread, how their profit fell, how long they were held, and how much room they left. */
import { describe, expect, it } from 'vitest';
import type { RunTrade } from '../../domain/run.ts';
import { type Activity, activityFigures } from './activity.ts';
import type { Figure } from './figure.ts';
import { holdingFigures } from './holding.ts';
import { tradeDrawdownFigures } from './trade-drawdown.ts';
import { tradeReturns, tradeSpreadFigures } from './trade-spread.ts';

const DAY = 86_400_000;
const T0 = Date.UTC(2026, 0, 5);

const tradeOf = (pnl: number, fields: Partial<RunTrade> = {}): RunTrade => ({
  ...{ sequence: 1, direction: 'long', layer: 1, retracementCount: 0, units: 1, entryAt: T0, entryPrice: 100 },
  ...{ exitAt: T0 + 1_000, exitPrice: 100 + pnl, points: pnl, pnl, commission: 0, reason: 'strategy' },
  ...{ adversePoints: 0, favourablePoints: Math.max(pnl, 0) },
  ...fields,
});
const after = (minutes: number, pnl: number, fields: Partial<RunTrade> = {}): RunTrade =>
  tradeOf(pnl, { entryAt: T0 + minutes * 60_000, exitAt: T0 + (minutes + 1) * 60_000, ...fields });

const value = (figures: readonly Figure[], name: string): number | string | null => {
  const found = figures.find((figure) => figure.name === name);
  return found?.value ?? found?.reason ?? null;
};

describe('the spread of trades', () => {
  const figures = tradeSpreadFigures(
    1_000,
    [100, -110, 99, -40, 0].map((pnl) => tradeOf(pnl)),
  );
  it.each([
    ['winLossRatio', 1],
    // Mean 9.8; squares of the distances 8136.04, 14352.04, 7956.64, 2480.04 and 96.04.
    ['pnlDeviation', Math.sqrt(33_020.8 / 4)],
    // -110 and -40 lie 35 from their mean.
    ['pnlDownsideDeviation', Math.sqrt(2 * 35 ** 2)],
    ['tradeSharpeRatio', 9.8 / Math.sqrt(33_020.8 / 4)],
    ['tradeSortinoRatio', 9.8 / Math.sqrt(2 * 35 ** 2)],
    // Of balances 1000, 1100, 990 and 1089.
    ['winReturnMeanRatio', 0.1],
    ['lossReturnMeanRatio', (0.1 + 40 / 1_089) / 2],
    ['payoffReturnRatio', 0.2 / (0.1 + 40 / 1_089)],
    ['expectancyReturnRatio', (0.4 * 0.2) / (0.1 + 40 / 1_089) - 0.4],
  ])('has %s', (name, expected) => expect(value(figures, name)).toBeCloseTo(expected, 12));

  it('says what is missing instead of a ratio', () => {
    const four = tradeSpreadFigures(
      1_000,
      [1, -1, 2, -3].map((pnl) => tradeOf(pnl)),
    );
    expect(value(four, 'tradeSharpeRatio')).toBe('needs at least 5 trades, has 4');
    const same = tradeSpreadFigures(
      1_000,
      [5, 5, 5, 5, 5].map((pnl) => tradeOf(pnl)),
    );
    expect(value(same, 'tradeSharpeRatio')).toBe('all trades came to the same');
    expect(value(same, 'tradeSortinoRatio')).toBe('needs two losing trades that differ');
    expect(value(same, 'payoffReturnRatio')).toBe('no trade lost');
    expect(value(same, 'winLossRatio')).toBe('no trade lost');
  });
  it('has no return on a balance that is gone', () => {
    expect(tradeReturns(100, [50, -150, -10, 5])).toEqual([0.5, -1]);
  });
});

describe('the falls of trades', () => {
  // Profit 50, 20, 10, 60, 40, with two points of money each.
  const trades = [
    after(0, 50, { points: 25, favourablePoints: 30, adversePoints: 10 }),
    after(10, -30, { points: -15, favourablePoints: 5, adversePoints: 20 }),
    after(20, -10, { points: -5, favourablePoints: 0, adversePoints: 5 }),
    after(30, 50, { points: 25, favourablePoints: 25, adversePoints: 5 }),
    after(40, -20, { points: -10, favourablePoints: 40, adversePoints: 10 }),
  ];
  const figures = tradeDrawdownFigures(trades, 2);
  it.each([
    ['closedTradeDrawdownMax', 40],
    // From 60 (the first at its best) to 0 (the fourth at its worst); the last falls from 140 to 40.
    ['intraTradeDrawdownMax', 100],
    ['endOfTradeDrawdownMax', 100],
    ['endOfTradeDrawdownMean', (10 + 40 + 10 + 0 + 100) / 5],
    ['profitToTradeDrawdown', 1],
    ['tradeDrawdownMsMax', 30 * 60_000],
  ])('have %s %f', (name, expected) => expect(value(figures, name)).toBeCloseTo(expected, 12));

  it('fall from the best moment of one trade to the worst of a later one', () => {
    const two = [after(0, 50, { favourablePoints: 30 }), after(10, -30, { favourablePoints: 1, adversePoints: 40 })];
    expect(value(tradeDrawdownFigures(two, 2), 'intraTradeDrawdownMax')).toBe(60 - (50 - 80));
  });

  it('are none where profit only rose', () => {
    const rising = tradeDrawdownFigures([after(0, 5), after(1, 6)], 1);
    expect(value(rising, 'closedTradeDrawdownMax')).toBe(0);
    expect(value(rising, 'profitToTradeDrawdown')).toBe('profit never fell');
    expect(value(rising, 'tradeDrawdownMsMax')).toBe('no fall between two trades was recovered');
  });
});

describe('holding', () => {
  const held = (minutes: number, pnl: number): RunTrade => tradeOf(pnl, { exitAt: T0 + minutes * 60_000 });
  const figures = holdingFigures([held(1, 5), held(2, 5), held(9, 5), held(4, -5), held(8, -5)], 20);
  it.each([
    ['holdingMsMedian', 4 * 60_000],
    ['winHoldingMsMedian', 2 * 60_000],
    ['lossHoldingMsMedian', 6 * 60_000],
    ['favourableMoneyMax', 100],
    ['adverseMoneyMean', 0],
  ])('has %s %i', (name, expected) => expect(value(figures, name)).toBe(expected));
});

describe('activity', () => {
  const trades = [
    after(0, 10, { units: 2, exitPrice: 110 }),
    after(0, 10, { entryAt: T0 + DAY, exitAt: T0 + DAY + 1, units: 4 }),
  ];
  const days = [0, 1, 2].map((day) => ({ startMs: T0 + day * DAY, equity: 1_000 + day * 100, price: 100 }));
  const activity = (fields: Partial<Activity> = {}): Activity => ({
    ...{ startBalance: 1_000, spanMs: DAY, days, trades, multiplier: 5, exposedMs: DAY / 4 },
    ...{ commission: 0, turnover: 2_000 },
    ...fields,
  });

  it('turns over the fills of a day against its equity, days without any included', () => {
    const expected = ((2 * 5 * 210) / 1_000 + (4 * 5 * 210) / 1_100 + 0) / 3;
    expect(value(activityFigures(activity()), 'turnoverDailyRatio')).toBeCloseTo(expected, 12);
    expect(value(activityFigures(activity()), 'fills')).toBe(4);
  });
  it('has room for a hundredth of the volume on the day with the least', () => {
    const volumes = new Map([
      [T0, 4_000],
      [T0 + DAY, 1_600],
      [T0 + 2 * DAY, 1],
    ]);
    expect(value(activityFigures(activity({ volumes })), 'capacity')).toBeCloseTo(2_000, 9);
    expect(value(activityFigures(activity({ volumes: new Map() })), 'capacity')).toMatch(/no volume on a day/);
    expect(value(activityFigures(activity({ volumes, trades: [] })), 'capacity')).toBe('nothing was traded');
    expect(value(activityFigures(activity()), 'capacity')).toMatch(/not counted/);
  });
  it('has no turnover of equity that is gone', () => {
    const gone = [...days, { startMs: T0 + 3 * DAY, equity: 0, price: 1 }];
    expect(value(activityFigures(activity({ days: gone })), 'turnoverDailyRatio')).toBe('equity was gone on a day');
  });
});
