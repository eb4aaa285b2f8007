/** The curve of equity tells what the figures tell: each point is a row's own worth, its deepest fall the largest drawdown of all ticks. */
import { describe, expect, it } from 'vitest';
import type { BarColumns, TickColumns } from '../../market/columns.ts';
import { Run, type RunPlan } from '../engine/run.ts';
import { planOf } from '../testing/plans.ts';
import { minutesOf, quoteWalkOf, walkOf } from '../testing/series.ts';
import { EquityCurve } from './equity-curve.ts';

const FLOOR = { momentum_lookback: 5, take_profit_pips: 4, retracement_pips: 4, max_retracements: 2 };
const COSTS = { commissionPerUnit: 1.5, spreadTicks: 1 };
const CASES: readonly (readonly [string, RunPlan, TickColumns | BarColumns])[] = [
  ['max over prints', planOf('max', 'NQ', { target: 40, stop: 60 }, COSTS), walkOf('curve', 9_000)],
  ['floor over quotes', planOf('floor', 'EURUSD', FLOOR), quoteWalkOf('curve', 7_000)],
  ['sma_cross over bars', planOf('sma_cross', 'NQ', { fast: 3, slow: 8 }), minutesOf(walkOf('curve', 30_000, 20_000))],
  ['few rows', planOf('max', 'NQ'), walkOf('curve', 7)],
];

/** In pieces of any size. */
function curveOf(plan: RunPlan, columns: TickColumns | BarColumns, pieceRows: number) {
  const [run, curve] = [new Run(plan), new EquityCurve()];
  for (let from = 0; from < columns.length; from += pieceRows)
    curve.advance(run, cutOf(columns, from, Math.min(from + pieceRows, columns.length)));
  run.finish();
  curve.end(run);
  return { run, curve };
}

const cutOf = <Columns extends TickColumns | BarColumns>(columns: Columns, from: number, to: number): Columns => ({
  ...columns,
  ...Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [
      name,
      value instanceof Float64Array || value instanceof Int32Array ? value.slice(from, to) : value,
    ]),
  ),
  length: to - from,
});

describe.each(CASES)('%s', (_name, plan, columns) => {
  const { run, curve } = curveOf(plan, columns, 1_111);
  const times = 'atMs' in columns ? columns.atMs : columns.startMs;

  it('has no more points than can be seen, from the start balance to the final one', () => {
    const { equity, falls } = curve;
    expect(falls.map(({ at }) => at)).toEqual(equity.map(({ at }) => at));
    expect(equity.length).toBeLessThanOrEqual(2_001);
    expect(equity.length).toBeGreaterThan(Math.min(900, columns.length));
    expect(equity[0]).toEqual({ at: times[0], value: run.startBalance });
    expect(equity.at(-1)).toEqual({ at: times[columns.length - 1], value: run.book.holdings.balance });
  });

  it('is worth at each point what a run to that row would be worth', () => {
    const single = new Run(plan);
    const worth = new Map<number, number>();
    for (let row = 0; row < columns.length; row += 1) {
      single.advance(columns, row, row + 1);
      worth.set(times[row]!, single.equity);
    }
    const { equity } = curve;
    for (const { at, value } of equity.slice(1, -1)) expect(value).toBe(worth.get(at));
  });

  it('falls as deep as the largest drawdown, and never less than its own points do', () => {
    const { equity, falls } = curve;
    expect(Math.max(...falls.map(({ value }) => value))).toBe(run.book.holdings.drawdownRatioMax);
    let peak = 0;
    for (const [index, { value }] of equity.entries()) {
      peak = Math.max(peak, value);
      expect(falls[index]!.value).toBeGreaterThanOrEqual(1 - value / peak - 1e-12);
    }
  });

  it('is the same however the rows are cut', () => {
    const { equity, falls } = curveOf(plan, columns, columns.length).curve;
    expect({ equity, falls }).toEqual({ equity: curve.equity, falls: curve.falls });
  });
});

it('shows what is open: it moves where the realised balance does not', () => {
  const { run, curve } = curveOf(planOf('max', 'NQ', { target: 40, stop: 60 }), walkOf('curve', 1_500), 1_500);
  const balances = new Set([...run.take().equity].map(({ balance }) => balance));
  const open = curve.equity.filter(({ value }) => !balances.has(value));
  expect(open.length).toBeGreaterThan(curve.equity.length / 4);
});
