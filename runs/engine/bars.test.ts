/** A run over bars takes many at once where nothing is due: it says and remembers what it would, had it taken each one alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BarColumns } from '../../market/columns.ts';
import { STRATEGIES } from '../../strategies/all.ts';
import {
  type BarStrategy,
  type ClosedBar,
  type Desk,
  defineStrategy,
  type StrategyDefinition,
} from '../../strategies/strategy.ts';
import { planOf, type Said, saidBy, whole } from '../testing/plans.ts';
import { barsOf, minutesOf, walkOf } from '../testing/series.ts';
import { Run, type RunPlan } from './run.ts';
import type { Costs } from './terms.ts';

/** Buys after two falling closes, with exits that rest, and leaves after four rising ones. */
class Dip implements BarStrategy {
  readonly input = 'bars';
  private before = 1e300;
  private falling = 0;

  bar({ close }: ClosedBar, desk: Desk): void {
    const { before } = this;
    this.before = close;
    this.falling = close < before ? Math.max(this.falling, 0) + 1 : Math.min(this.falling, 0) - 1;
    if (this.falling >= 2 && desk.openEntries < 2 && !desk.closedNow) {
      const layer = desk.openEntries + 1;
      desk.enter({ direction: 1, units: 1, layer, ...(layer === 1 && { targetDistance: 9, stopDistance: 6 }) });
    } else if (this.falling <= -4 && desk.openEntries > 0) {
      desk.exit(1);
      desk.exit(2);
    }
  }
}

/** The cross of averages by a strategy that is called on each bar and works them out itself. */
class Crossing implements BarStrategy {
  readonly input = 'bars';
  private readonly closes: number[] = [];
  private before = 0;

  constructor(
    private readonly fast: number,
    private readonly slow: number,
  ) {}

  bar({ close }: ClosedBar, desk: Desk): void {
    this.closes.push(close);
    if (this.closes.length < this.slow) return;
    const meanOf = (bars: number) => this.closes.slice(-bars).reduce((sum, price) => sum + price, 0) / bars;
    const now = Math.sign(meanOf(this.fast) - meanOf(this.slow));
    if (now * this.before < 0) {
      if (desk.openEntries > 0) desk.exit(1);
      desk.enter({ direction: now > 0 ? 1 : -1, units: 1, layer: 1 });
    }
    this.before = now;
  }
}

const defined = (name: string, open: () => BarStrategy): StrategyDefinition =>
  defineStrategy({
    ...{ name, about: 'Of a test.', input: 'bars' as const, parameters: z.strictObject({}) },
    ...{ balanceOf: () => 10_000, unitsOf: () => 1, open },
  });

const costs: fc.Arbitrary<Partial<Costs>> = fc.record(
  {
    spreadTicks: fc.integer({ min: 0, max: 3 }),
    slippageTicks: fc.integer({ min: 0, max: 2 }),
    commissionBps: fc.constantFrom(0, 0.3),
    commissionPerUnit: fc.constantFrom(0, 1.25),
    latencyMs: fc.integer({ min: 0, max: 200_000 }),
  },
  { requiredKeys: [] },
);

/** Everything that can be known of a run but its log. */
function stateOf(run: Run): unknown {
  const { holdings, tally } = run.book;
  return { checkpoint: run.checkpoint(), tally: { ...tally }, days: holdings.days, equity: run.equity };
}

function oneByOne(plan: RunPlan, columns: BarColumns): { readonly said: Said; readonly state: unknown } {
  const run = new Run(plan);
  for (let row = 0; row < columns.length; row += 1) run.advance(columns, row, row + 1);
  const said = saidBy(run);
  return { said, state: stateOf(run) };
}

function atOnce(plan: RunPlan, columns: BarColumns): { readonly said: Said; readonly state: unknown } {
  const run = new Run(plan);
  run.advance(columns);
  const said = saidBy(run);
  return { said, state: stateOf(run) };
}

const strategies = [
  ...STRATEGIES.filter(({ input }) => input === 'bars').map((strategy) => [strategy.name, strategy, {}] as const),
  ['sma_cross of few bars', planOf('sma_cross', 'NQ').strategy, { fast: 2, slow: 5 }] as const,
  ['one with exits that rest', defined('dip', () => new Dip()), {}] as const,
];

describe.each(strategies)('%s', (_name, strategy, parameters) => {
  it('comes to the same by one bar a step as by many, for any costs on any walk over days', () => {
    let trades = 0;
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 40 }), costs, (seed, tickSeconds, given) => {
        const bars = minutesOf(walkOf(String(seed), 5_000, tickSeconds * 1_000));
        const plan = { ...planOf('sma_cross', 'NQ', parameters, given), strategy };
        const expected = oneByOne(plan, bars);
        expect(atOnce(plan, bars)).toEqual(expected);
        trades += expected.said.trades.length;
      }),
      { seed: 5, numRuns: 30 },
    );
    expect(trades).toBeGreaterThan(30);
  });
});

/** Equity at each close as what was closed before and what is open there, from the trades alone. */
function equityOf(
  { closes, starts }: { closes: readonly number[]; starts: Float64Array },
  trades: Said['trades'],
): number[] {
  return closes.map((close, row) => {
    const profits = trades.map(({ entryAt, entryPrice, exitAt, pnl, direction, reason }) => {
      if (entryAt > starts[row]!) return 0;
      const isOpen = reason === 'end' || exitAt > starts[row]!;
      return isOpen ? (close - entryPrice) * (direction === 'long' ? 20 : -20) : pnl;
    });
    return profits.reduce((sum, profit) => sum + profit, 10_000);
  });
}

it('values what is held at every close: peaks and falls between two fills count', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const bars = minutesOf(walkOf(String(seed), 3_000, 15_000));
      const run = new Run(planOf('sma_cross', 'NQ', { fast: 2, slow: 9 }));
      run.advance(bars);
      const { peakEquity, drawdownMax } = run.book.holdings;
      run.finish();
      const closes = Array.from(bars.close, (units) => units / 1e8);
      let peak = 10_000;
      let fall = 0;
      for (const equity of equityOf({ closes, starts: bars.startMs }, saidBy(run).trades)) {
        peak = Math.max(peak, equity);
        fall = Math.max(fall, peak - equity);
      }
      expect(peakEquity).toBeCloseTo(peak, 6);
      expect(drawdownMax).toBeCloseTo(fall, 6);
    }),
    { seed: 8, numRuns: 30 },
  );
});

it('tells a step that something closed on that very bar, and not on those after it', () => {
  const heard: boolean[] = [];
  const open = (): BarStrategy => ({
    input: 'bars',
    bar: (_bar, desk) => {
      heard.push(desk.closedNow);
      if (heard.length === 1) desk.enter({ direction: 1, units: 1, layer: 1 });
      if (heard.length === 3) desk.exit(1);
    },
  });
  const flat = Array.from({ length: 7 }, () => [10, 10, 10, 10] as const);
  whole({ ...planOf('sma_cross', 'NQ'), strategy: defined('heard', open) }, barsOf(flat));
  expect(heard).toEqual([false, false, false, true, false, false, false]);
});

it('calls a strategy with a cue as one that works it out itself would wish', () => {
  let trades = 0;
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 9 }),
      costs,
      (seed, fast, more, given) => {
        const bars = minutesOf(walkOf(String(seed), 3_000, 15_000));
        const cued = planOf('sma_cross', 'NQ', { fast, slow: fast + more }, given);
        const plain = { ...cued, parameters: {}, strategy: defined('crossing', () => new Crossing(fast, fast + more)) };
        const { said } = atOnce(cued, bars);
        expect(said).toEqual(atOnce(plain, bars).said);
        trades += said.trades.length;
      },
    ),
    { seed: 12, numRuns: 30 },
  );
  expect(trades).toBeGreaterThan(200);
});

it('refuses a cue of averages that can not cross', () => {
  const open = (): BarStrategy => ({
    input: 'bars',
    cue: { kind: 'averageCross', fast: 5, slow: 5 },
    bar: () => undefined,
  });
  expect(() => whole({ ...planOf('sma_cross', 'NQ'), strategy: defined('even', open) }, barsOf([]))).toThrow(
    'Invariant',
  );
});
