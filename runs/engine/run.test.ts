/** What never breaks about a run: it can't see the future, cuts leave no trace, checkpoints go on identically, its lists have no gap. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import type { RunTrade } from '../../domain/run.ts';
import type { BarColumns, TickColumns } from '../../market/columns.ts';
import { defineStrategy } from '../../strategies/strategy.ts';
import { atQuotes, planOf, type Said, saidBy, whole } from '../testing/plans.ts';
import { barsOf, minutesOf, printsOf, quotesOf, quoteWalkOf, T0, walkOf } from '../testing/series.ts';
import { Run, type RunCheckpoint, type RunPlan } from './run.ts';

const FLOOR = { momentum_lookback: 5, take_profit_pips: 4, retracement_pips: 4, max_retracements: 2 };
const COSTS = { slippageTicks: 1, commissionBps: 0.2, latencyMs: 1_500, spreadTicks: 2 };
const CASES: readonly (readonly [string, RunPlan, (seed: string) => TickColumns | BarColumns])[] = [
  ['max over prints', planOf('max', 'NQ'), (seed) => walkOf(seed, 1_500)],
  ['max with costs and latency', planOf('max', 'NQ', {}, COSTS), (seed) => walkOf(seed, 1_500)],
  ['floor over quotes', planOf('floor', 'EURUSD', FLOOR), (seed) => quoteWalkOf(seed, 1_000)],
  ['floor with costs and latency', planOf('floor', 'EURUSD', FLOOR, COSTS), (seed) => quoteWalkOf(seed, 1_000)],
  [
    'sma_cross over bars',
    planOf('sma_cross', 'NQ', { fast: 3, slow: 8 }),
    (seed) => minutesOf(walkOf(seed, 9_000, 5_000)),
  ],
];

const merged = (parts: readonly Said[]): Said => ({
  events: parts.flatMap(({ events }) => events),
  trades: parts.flatMap(({ trades }) => trades),
  equity: parts.flatMap(({ equity }) => equity),
});

describe.each(CASES)('%s', (_name, plan, columnsOf) => {
  const cut = fc.double({ min: 0, max: 1, noNaN: true });

  it('says of the past the same whatever the future brings', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), cut, (seed, other, ratio) => {
        const [here, there] = [columnsOf(String(seed)), columnsOf(String(other))];
        const rows = Math.floor(ratio * here.length);
        const mixed = spliced(here, there, rows);
        const [one, two] = [new Run(plan), new Run(plan)];
        one.advance(here, 0, rows);
        two.advance(mixed, 0, rows);
        expect(saidBy(two)).toEqual(saidBy(one));
        // Not even a state that would only show later.
        expect(two.checkpoint()).toEqual(one.checkpoint());
      }),
      { seed: 3, numRuns: 25 },
    );
  });

  it('is the same however it is cut, and from any checkpoint on', () => {
    let trades = 0;
    fc.assert(
      fc.property(fc.integer(), fc.array(cut, { minLength: 1, maxLength: 4 }), (seed, ratios) => {
        const columns = columnsOf(String(seed));
        const expected = whole(plan, columns);
        const parts: Said[] = [];
        let run = new Run(plan);
        // Anywhere, and right behind ticks that closed something.
        const closings = ratios.map((ratio) =>
          rowAfter(columns, expected.trades[Math.floor(ratio * expected.trades.length)]),
        );
        const cuts = [...ratios.map((ratio) => Math.floor(ratio * columns.length)), ...closings];
        for (const to of cuts.sort((a, b) => a - b)) {
          run.advance(columns, run.processed, to);
          parts.push(saidBy(run));
          run = Run.resume(plan, JSON.parse(JSON.stringify(run.checkpoint())) as RunCheckpoint);
        }
        run.advance(columns, run.processed);
        run.finish();
        parts.push(saidBy(run));
        expect(merged(parts)).toEqual(expected);
        trades += expected.trades.length;
      }),
      { seed: 9, numRuns: 25 },
    );
    expect(trades).toBeGreaterThan(50);
  });

  it('numbers its events, trades and points from 1 without a gap, and time never goes back', () => {
    const { events, trades, equity } = whole(plan, columnsOf('numbers'));
    for (const list of [events, trades, equity])
      expect(list.map(({ sequence }) => sequence)).toEqual(list.map((_, index) => index + 1));
    for (const times of [events.map(({ at }) => at), equity.map(({ at }) => at)])
      expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('ends with the balance that its trades add up to', () => {
    const { trades, equity } = whole(plan, columnsOf('sums'));
    const start = equity[0]!.balance;
    expect(equity.at(-1)!.balance).toBeCloseTo(start + trades.reduce((sum, { pnl }) => sum + pnl, 0), 4);
  });
});

function rowAfter(columns: TickColumns | BarColumns, trade: RunTrade | undefined): number {
  const times = 'atMs' in columns ? columns.atMs : columns.startMs;
  return trade ? times.findLastIndex((at) => at <= trade.exitAt) + 1 : 0;
}

/** The first rows of one series, the rest of another. */
function spliced(
  here: TickColumns | BarColumns,
  there: TickColumns | BarColumns,
  rows: number,
): TickColumns | BarColumns {
  const mixed = structuredClone(here);
  for (const name of ['price', 'bid', 'ask', 'open', 'high', 'low', 'close'] as const) {
    const [into, from] = [(mixed as TickColumns & BarColumns)[name], (there as TickColumns & BarColumns)[name]];
    if (into !== undefined && from !== undefined)
      into.set(from.subarray(rows, into.length), Math.min(rows, from.length));
  }
  return mixed;
}

it.each([
  ['prints', 'prints', 0],
  ['quotes', 'quotes', 1],
  ['prints with quotes and latency', 'both', 2_500],
] as const)('each tick of %s has its own volume, 0 where the data has none', (_name, kind, latencyMs) => {
  const ticks = {
    ...walkOf('volume', 300),
    kind,
    volume: Float64Array.from({ length: 300 }, (_, row) => (row * 3) % 7),
  };
  const heard: number[] = [];
  const strategy = defineStrategy({
    ...{ name: 'heard', about: 'Of a test.', input: 'ticks', parameters: z.strictObject({}) },
    ...{ balanceOf: () => 1_000, unitsOf: () => 1 },
    open: () => ({
      input: 'ticks',
      tick({ volume }, desk) {
        heard.push(volume);
        if (volume === 6) desk.enter({ direction: 1, units: 1, layer: 1, stopDistance: 2 });
        if (volume === 1) desk.exit(1);
      },
    }),
  });
  const run = new Run({ ...planOf('max', 'NQ', {}, { latencyMs }), parameters: {}, strategy });
  for (const to of [100, 101, 300]) run.advance(ticks, run.processed, to);
  expect(heard).toEqual([...ticks.volume]);
});

describe('the curve of equity', () => {
  const given = { impulse: 3, pullback: 1, confirmation: 1, target: 2, stop: 5 };

  it('starts at the first tick, has one point a tick that closed something and ends at the last', () => {
    const { equity } = whole(planOf('max', 'NQ', given), printsOf([10, 13, 12, 13, 15, 15, 15]));
    expect(equity.map(({ at, balance }) => [(at - T0) / 1_000, balance])).toEqual([
      [0, 50_000],
      [4, 50_040],
      [6, 50_040],
    ]);
  });

  it('has a single point for the last tick when that one closes what is open', () => {
    const { equity, trades } = whole(planOf('max', 'NQ', given), printsOf([10, 13, 12, 13, 14]));
    expect(trades).toMatchObject([{ reason: 'end', exitPrice: 14 }]);
    expect(equity.map(({ at }) => (at - T0) / 1_000)).toEqual([0, 4]);
  });

  it('has one point where there is one tick, and none where there is none', () => {
    expect(whole(planOf('max', 'NQ'), printsOf([10])).equity).toHaveLength(1);
    expect(whole(planOf('max', 'NQ'), printsOf([])).equity).toEqual([]);
  });
});

describe('orders', () => {
  const given = { impulse: 3, pullback: 1, confirmation: 1, target: 4, stop: 4 };

  it('take their time: with latency they fill at the first tick that is late enough, at its price', () => {
    const { events } = whole(
      planOf('max', 'NQ', given, { latencyMs: 1_500 }),
      printsOf([10, 13, 12, 13, 13.5, 14, 14]),
    );
    expect(events.slice(0, 2)).toMatchObject([
      { type: 'strategy_signal', at: T0 + 3_000, price: 13 },
      { type: 'trade_executed', at: T0 + 5_000, price: 14 },
    ]);
  });

  it('pay spread, slippage and commission, and a target gets its own price', () => {
    const costs = { spreadTicks: 2, slippageTicks: 1, commissionPerUnit: 2 };
    const { trades } = whole(planOf('max', 'NQ', given, costs), printsOf([10, 13, 12, 13, 17.5, 18]));
    expect(trades).toMatchObject([
      { entryPrice: 13.5, exitPrice: 17.5, points: 4, commission: 4, pnl: 76, reason: 'target' },
    ]);
    expect(trades[0]?.exitAt).toBe(T0 + 5_000);
  });

  it('meet a stop at its very price behind a spread', () => {
    const terms = { impulse: 3, pullback: 2, confirmation: 1, target: 3, stop: 3 };
    const prices = [1322.4, 1326.5, 1324.4, 1325.5, 1324, 1322.7, 1323.5, 1324, 1324.2];
    const { trades } = whole(planOf('max', 'GC', terms, { spreadTicks: 2 }), printsOf(prices));
    // 1,322.7 less a tenth is the stop; as floats it lies a hair above it.
    expect(trades[0]).toMatchObject({ entryPrice: 1325.6, exitPrice: 1322.6, reason: 'stop', pnl: -300 });
    expect(trades[0]?.exitAt).toBe(T0 + 5_000);
  });

  it('that stop a gap fill at the price behind it', () => {
    const { trades } = whole(planOf('max', 'NQ', given), printsOf([10, 13, 12, 13, 5, 5]));
    expect(trades).toMatchObject([
      { entryPrice: 13, exitPrice: 5, reason: 'stop', adversePoints: 8, favourablePoints: 0 },
    ]);
  });

  it('of a bar fill at the next open, never at the close that decided', () => {
    const rows = [10, 9, 8, 12, 13, 14].map((close) => [close - 0.5, close + 1, close - 1, close] as const);
    const { events } = whole(planOf('sma_cross', 'NQ', { fast: 1, slow: 2 }), barsOf(rows));
    expect(events.slice(0, 2)).toMatchObject([
      { type: 'strategy_signal', at: T0 + 4 * 60_000, price: 12 },
      { type: 'trade_executed', at: T0 + 4 * 60_000, price: 12.5 },
    ]);
  });
});

test('drawdown counts open positions at every tick', () => {
  const run = new Run(planOf('max', 'NQ', { impulse: 3, pullback: 1, confirmation: 1, target: 40, stop: 40 }));
  run.advance(printsOf([10, 13, 12, 13, 23, 3, 43, 53]));
  run.finish();
  const { holdings } = run.book;
  expect(holdings.drawdownMax).toBe(20 * 20);
  expect(holdings.drawdownRatioMax).toBeCloseTo(400 / 50_200, 12);
});

test('a day ends at what everything was worth at its last tick, open positions included', () => {
  const run = new Run(planOf('max', 'NQ', { impulse: 3, pullback: 1, confirmation: 1, target: 400, stop: 400 }));
  run.advance(printsOf([10, 13, 12, 13, 20, 30], 4 * 3_600_000));
  run.finish();
  expect(run.book.holdings.days.map(({ equity, price }) => [equity, price])).toEqual([
    [50_000 + 0 * 20, 13],
    [50_000 + 17 * 20, 30],
  ]);
});

test('a quote without a print stands with its mid', () => {
  const given = { impulse: 3, pullback: 1, confirmation: 1, target: 2, stop: 5 };
  const quotes = [10, 13, 12, 13, 16].map((mid) => [mid - 0.5, mid + 0.5] as const);
  const plan = planOf('max', 'NQ', given);
  expect(whole(plan, quotesOf(quotes)).trades).toMatchObject([{ entryPrice: 13, exitPrice: 15, reason: 'target' }]);
  const { trades } = whole(atQuotes(plan), quotesOf(quotes));
  expect(trades).toMatchObject([{ entryPrice: 13.5, exitPrice: 15.5, reason: 'target' }]);
});

test('a trade tells the best and the worst of all prices that it saw', () => {
  const ticks = walkOf('extremes', 40_000);
  const { trades } = whole(planOf('max', 'NQ', { target: 20, stop: 25 }), ticks);
  expect(trades.length).toBeGreaterThan(40);
  for (const { entryAt, exitAt, entryPrice, exitPrice, direction, ...trade } of trades) {
    const [from, to] = [ticks.atMs.indexOf(entryAt), ticks.atMs.indexOf(exitAt)];
    const seen = [...ticks.price.slice(from, to)].map((units) => units / 1e8).concat(exitPrice);
    const below = entryPrice - Math.min(...seen);
    const above = Math.max(...seen) - entryPrice;
    const expected = direction === 'long' ? [below, above] : [above, below];
    expect([trade.adversePoints, trade.favourablePoints]).toEqual(expected);
  }
});

describe('drawdown and the time below a peak', () => {
  const plans: readonly (readonly [string, RunPlan, (seed: string) => TickColumns | BarColumns])[] = [
    ['prints', planOf('max', 'NQ', { target: 9, stop: 14 }), (seed) => walkOf(seed, 1_500)],
    ['quotes without a spread', planOf('max', 'NQ', { target: 9, stop: 14 }), (seed) => unspread(walkOf(seed, 1_500))],
    ['layers', planOf('floor', 'NQ', { ...FLOOR, base_units: 1 }), (seed) => walkOf(seed, 1_500)],
    ['bars', planOf('sma_cross', 'NQ', { fast: 3, slow: 8 }), (seed) => minutesOf(walkOf(seed, 9_000, 5_000))],
  ];

  it.each(plans)('are those of every single row, over %s', (_name, plan, columnsOf) => {
    let longest = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const columns = columnsOf(String(seed));
        const [whole, single] = [new Run(plan), new Run(plan)];
        whole.advance(columns);
        const expected = fallsOf(single, columns);
        const { drawdownMax, drawdownRatioMax, underwaterMsMax } = whole.book.holdings;
        expect({ drawdownMax, drawdownRatioMax, underwaterMsMax }).toEqual(expected);
        longest = Math.max(longest, underwaterMsMax);
      }),
      { seed: 33, numRuns: 20 },
    );
    expect(longest).toBeGreaterThan(0);
  });

  const unspread = (ticks: TickColumns): TickColumns => ({ ...ticks, kind: 'quotes' });

  /** Taken one by one from what everything is worth at each row; time counts where a peak is reached again. */
  function fallsOf(run: Run, columns: TickColumns | BarColumns) {
    const times = 'atMs' in columns ? columns.atMs : columns.startMs.map((start) => start + columns.timeframeMs);
    let [peak, peakAt] = [run.startBalance, times[0]!];
    const falls = { drawdownMax: 0, drawdownRatioMax: 0, underwaterMsMax: 0 };
    for (let row = 0; row < columns.length; row += 1) {
      run.advance(columns, row, row + 1);
      const fall = peak - run.equity;
      falls.drawdownMax = Math.max(falls.drawdownMax, fall);
      falls.drawdownRatioMax = Math.max(falls.drawdownRatioMax, fall / peak);
      if (fall > 0) continue;
      if (times[row - 1]! > peakAt) falls.underwaterMsMax = Math.max(falls.underwaterMsMax, times[row]! - peakAt);
      [peak, peakAt] = [run.equity, times[row]!];
    }
    return falls;
  }
});

describe('what is refused', () => {
  it('parameters out of their bounds', () => {
    expect(() => new Run(planOf('max', 'NQ', { target: -1 }))).toThrow();
    expect(() => new Run(planOf('sma_cross', 'NQ', { fast: 30, slow: 10 }))).toThrow();
    expect(() => new Run(planOf('floor', 'EURUSD', { lookback: 1 }))).toThrow();
  });
  it('costs below zero', () => expect(() => planOf('max', 'NQ', {}, { latencyMs: -1 })).toThrow(RangeError));
  it('bars for a strategy of ticks', () =>
    expect(() => whole(planOf('max', 'NQ'), barsOf([[1, 1, 1, 1]]))).toThrow('is run over ticks'));
  it('a checkpoint of another strategy, or with fields that are unknown', () => {
    const checkpoint = new Run(planOf('max', 'NQ')).checkpoint();
    expect(() => Run.resume(planOf('floor', 'EURUSD'), checkpoint)).toThrow("can't be read here");
    const foreign = { ...checkpoint, memory: { ...(checkpoint.memory as object), extra: 1 } };
    expect(() => Run.resume(planOf('max', 'NQ'), foreign)).toThrow('state.extra');
  });
  it('a checkpoint while something is said that nobody has taken', () => {
    const run = new Run(planOf('max', 'NQ'));
    run.advance(printsOf([1]));
    expect(() => run.checkpoint()).toThrow('Invariant');
  });
});

describe('the longest time below a peak', () => {
  const plan = planOf('max', 'NQ', { side: 'long', impulse: 2, pullback: 1, confirmation: 1, target: 2, stop: 2 });
  const flat = Array.from({ length: 50 }, () => 100);
  const entry = [...flat, 102, 101, 102];
  const underwaterOf = (prices: readonly number[]) => {
    const run = new Run(plan);
    run.advance(printsOf(prices));
    run.finish();
    return { underwaterMs: run.book.holdings.underwaterMsMax, trades: saidBy(run).trades };
  };

  it('lasts to the end of a run that ends below it, from when it fell', () => {
    const { underwaterMs, trades } = underwaterOf([...entry, 100, ...flat]);
    expect(trades).toMatchObject([{ pnl: -40 }]);
    expect(underwaterMs).toBe(51 * 1_000);
  });
  it('is nothing where nothing fell, however long nothing was held', () => {
    const { underwaterMs, trades } = underwaterOf([...entry, 104, ...flat.map(() => 104)]);
    expect(trades).toMatchObject([{ pnl: 40 }]);
    expect(underwaterMs).toBe(0);
  });
  it('ends when the peak is reached again', () => {
    const { underwaterMs } = underwaterOf([...entry, 101, 101, 103, 104, ...flat.map(() => 104)]);
    expect(underwaterMs).toBe(3 * 1_000);
  });
});
