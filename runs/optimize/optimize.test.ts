/** Grids, rankings and walks: complete, in order, without a row that judges what it chose. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunTrade } from '../../domain/run.ts';
import { Run } from '../engine/run.ts';
import { figuresOf } from '../figures/all.ts';
import { figureOf } from '../figures/figure.ts';
import { measuredOf } from '../summary.ts';
import { planOf, saidBy } from '../testing/plans.ts';
import { walkOf } from '../testing/series.ts';
import { gridOf, gridSize, rangeOf } from './grid.ts';
import { rank, type Trial } from './ranking.ts';
import { foldsOf, joinFolds } from './walk-forward.ts';

describe('a grid', () => {
  it('has every combination once, the last axis moving fastest', () => {
    const axes = { fast: [5, 10], slow: [20, 30, 40] };
    expect(gridOf(axes)).toHaveLength(gridSize(axes));
    expect(gridOf(axes).slice(0, 4)).toEqual([
      { fast: 5, slow: 20 },
      { fast: 5, slow: 30 },
      { fast: 5, slow: 40 },
      { fast: 10, slow: 20 },
    ]);
  });
  it('of no axes is the defaults, of an empty axis nothing', () => {
    expect(gridOf({})).toEqual([{}]);
    expect(gridOf({ a: [1, 2], b: [] })).toEqual([]);
  });
  it('has a bound', () => {
    const hundred = rangeOf(1, 100, 1);
    expect(() => gridOf({ a: hundred, b: hundred, c: hundred })).toThrow(RangeError);
  });
  it('ranges over the decimals that are meant', () => {
    expect(rangeOf(0.1, 0.5, 0.1)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(rangeOf(5, 4, 1)).toEqual([]);
    expect(() => rangeOf(0, 1, 0)).toThrow(RangeError);
    expect(() => rangeOf(0, 1, 1e-9)).toThrow(RangeError);
  });
});

const trialOf = (name: string, value: number | undefined, trades = 10): Trial => ({
  parameters: { name },
  families: [
    {
      family: 'x',
      figures: [figureOf('sharpeRatio', 'number', value, 'few'), figureOf('trades', 'count', trades, '')],
    },
  ],
});
const order = (...args: Parameters<typeof rank>) => rank(...args).map(({ parameters }) => parameters.name);

describe('a ranking', () => {
  const trials = [
    trialOf('a', 1),
    trialOf('none', undefined),
    trialOf('b', 3),
    trialOf('c', 3),
    trialOf('lucky', 9, 2),
  ];
  it('puts the best first, ties in their order, and what has no value last', () => {
    expect(order(trials, { figure: 'sharpeRatio', better: 'higher' })).toEqual(['lucky', 'b', 'c', 'a', 'none']);
    expect(order(trials, { figure: 'sharpeRatio', better: 'lower' })).toEqual(['a', 'b', 'c', 'lucky', 'none']);
  });
  it('does not count trials with too few trades', () => {
    expect(order(trials, { figure: 'sharpeRatio', better: 'higher', tradesMin: 5 })).toEqual([
      'b',
      'c',
      'a',
      'none',
      'lucky',
    ]);
  });
  it('refuses a figure that nobody has', () => {
    expect(() => rank(trials, { figure: 'beauty', better: 'higher' })).toThrow('no figure beauty');
  });
});

describe('a walk', () => {
  it('judges each row once, and never one that chose', () => {
    const rows = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        rows,
        rows,
        fc.constantFrom('anchored', 'rolling'),
        (size, trainRows, testRows, kind) => {
          const folds = foldsOf(size, { trainRows, testRows, kind: kind as 'anchored' });
          const judged = folds.flatMap(({ test }) =>
            Array.from({ length: test.to - test.from }, (_, index) => test.from + index),
          );
          expect(judged).toEqual(
            Array.from({ length: Math.max(0, size - trainRows) }, (_, index) => trainRows + index),
          );
          for (const { train, test } of folds) {
            expect(train.to).toBe(test.from);
            expect(train.to - train.from).toBeGreaterThanOrEqual(trainRows);
          }
        },
      ),
      { seed: 4 },
    );
  });

  it('joins its tests to one list, and says how much of the promise was kept', () => {
    const folds = foldsOf(40, { trainRows: 20, testRows: 10, kind: 'rolling' });
    const trade = { sequence: 7 } as RunTrade;
    const judged = [30, -10].map((testPnl) => ({ parameters: {}, trainPnl: 40, testPnl, trades: [trade] }));
    expect(joinFolds(folds, judged)).toMatchObject({
      trades: [{ sequence: 1 }, { sequence: 2 }],
      ...{ testPnl: 20, efficiency: 20 / 20 / (80 / 40), foldsWonRatio: 0.5 },
    });
    expect(joinFolds([], [])).toMatchObject({ efficiency: null, foldsWonRatio: null });
    expect(() => joinFolds(folds, [])).toThrow(RangeError);
  });

  it('runs with real runs: the grid on a stretch, the best of it on the next', () => {
    const ticks = walkOf('walk', 6_000);
    const folds = foldsOf(ticks.length, { trainRows: 3_000, testRows: 1_500, kind: 'rolling' });
    const judged = folds.map(({ train, test }) => {
      const tried = gridOf({ target: [5, 15], stop: [5, 15] }).map((parameters) =>
        runOver(parameters, train.from, train.to),
      );
      const [best] = rank(tried, { figure: 'netProfit', better: 'higher' });
      const proof = runOver(best!.parameters, test.from, test.to);
      const netOf = (trial: Trial) => rank([trial], { figure: 'netProfit', better: 'higher' })[0]!.value ?? 0;
      return { parameters: best!.parameters, trainPnl: best!.value ?? 0, testPnl: netOf(proof), trades: proof.trades };
    });
    const result = joinFolds(folds, judged);
    expect(result.trades.length).toBeGreaterThan(5);
    expect(result.testPnl).toBeCloseTo(
      result.trades.reduce((sum, { pnl }) => sum + pnl, 0),
      6,
    );

    function runOver(parameters: Readonly<Record<string, unknown>>, from: number, to: number) {
      const run = new Run(planOf('max', 'NQ', parameters));
      run.advance(ticks, from, to);
      run.finish();
      const { trades } = saidBy(run);
      return { parameters, trades, families: figuresOf(measuredOf(run, trades, { multiplier: 20 })) };
    }
  });
});
