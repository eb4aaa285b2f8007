/** Searches find what the same runs by hand find, in any order of their ends, over memory that is shared. */
import { describe, expect, it } from 'vitest';
import type { TickColumns } from '../../market/columns.ts';
import { Run } from '../engine/run.ts';
import { NO_COSTS } from '../engine/terms.ts';
import { runWhole } from '../report/run-whole.ts';
import { planOf, saidBy, whole } from '../testing/plans.ts';
import { barsOf, quoteWalkOf, walkOf } from '../testing/series.ts';
import { gridOf } from './grid.ts';
import { type Search, searchGrid, walkForward } from './search.ts';
import { type Columns, shareColumns } from './shared-columns.ts';
import { figureNames, type TrialDone, type TrialTask, tryOut } from './trial.ts';
import { foldsOf } from './walk-forward.ts';

const plan = planOf('max', 'NQ');
const ticks = walkOf('search', 9_000);
const sets = gridOf({ target: [5, 10, 20], stop: [5, 15] });

function cutOf(columns: TickColumns, from: number, to: number): TickColumns {
  const { kind, atMs, subMsNs, price, bid, ask, volume } = columns;
  const cut = (column: Float64Array): Float64Array => column.slice(from, to);
  return {
    ...{ kind, length: to - from, atMs: cut(atMs), subMsNs: subMsNs.slice(from, to), price: cut(price) },
    ...{ bid: cut(bid), ask: cut(ask), volume: cut(volume) },
  };
}

const searchOf = (columns: Columns, given: Partial<Search> = {}): Search => ({
  ...{ sets, shown: ['winRatio'], aim: { figure: 'netProfit', better: 'higher' } },
  attempt: async (task) => tryOut(plan, columns, task),
  ...given,
});

const netOf = (parameters: object, columns: TickColumns = ticks): number =>
  whole(planOf('max', 'NQ', { ...parameters }), columns).trades.reduce((sum, { pnl }) => sum + pnl, 0);

describe('a trial', () => {
  it('knows the capacity of its own stretch, as a report over the same rows does', async () => {
    const [from, to] = [2_000, 7_000];
    const task = { parameters: {}, stretch: { from, to }, figures: ['capacity'], wantsTrades: false };
    const counted = { ...ticks, volume: ticks.volume.map((_, row) => 1 + (row % 3)) };
    const [{ figures: found } = { figures: [] }] = tryOut(plan, counted, task).families;
    async function* pieces() {
      yield cutOf(counted, from, to);
    }
    const about = { name: 'x', symbol: 'NQ', costs: NO_COSTS, simulatedMarket: true };
    const report = await runWhole(plan, about, pieces());
    const told = report?.families.flatMap(({ figures }) => figures).filter(({ name }) => name === 'capacity');
    expect(found).toEqual(told);
    expect(found[0]?.value).toBeGreaterThan(0);
  });
});

describe('shared columns', () => {
  it('are the rows of their pieces, however long their arrays are', () => {
    const pieces = [cutOf(ticks, 0, 10), { ...cutOf(ticks, 10, 500), length: 100 }, cutOf(ticks, 110, 120)];
    const shared = shareColumns(pieces) as TickColumns;
    expect(shared.length).toBe(120);
    expect([...shared.price]).toEqual([...ticks.price.subarray(0, 120)]);
    expect([...shared.atMs]).toEqual([...ticks.atMs.subarray(0, 120)]);
    expect(shared.ask).toBe(shared.price);
    expect(shared.atMs.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
  it('keep both sides of quotes, and are prints with quotes where the pieces differ', () => {
    const quotes = quoteWalkOf('shared', 50);
    const shared = shareColumns([quotes]) as TickColumns;
    expect([...shared.ask]).toEqual([...quotes.ask]);
    expect([...shared.bid]).toEqual([...quotes.bid]);
    const mixed = shareColumns([quotes, cutOf(ticks, 0, 5)]) as TickColumns;
    expect(mixed).toMatchObject({ kind: 'both', length: 55 });
    // A quote is taken at its mid, beside prints as alone.
    const mids = Array.from(quotes.bid.subarray(0, 50), (bid, row) => Math.floor((bid + quotes.ask[row]!) / 2));
    expect([...mixed.price]).toEqual([...mids, ...ticks.price.subarray(0, 5)]);
  });
  it('are nothing without a row, and never ticks with bars', () => {
    expect(shareColumns([cutOf(ticks, 0, 0)])).toBeUndefined();
    expect(() => shareColumns([ticks, barsOf([[1, 2, 1, 2]])])).toThrow(RangeError);
    expect(shareColumns([barsOf([[1, 2, 1, 2]])])).toMatchObject({ length: 1, timeframeMs: 60_000 });
  });
  it('give the same run as their pieces', () => {
    const pieces = [cutOf(ticks, 0, 4_000), cutOf(ticks, 4_000, 9_000)];
    expect(whole(plan, shareColumns(pieces)!)).toEqual(whole(plan, ticks));
  });
});

describe('a search over a grid', () => {
  it('ranks every set by what its own run comes to', async () => {
    const found = await searchGrid(searchOf(ticks), ticks.length);
    expect(found).toHaveLength(sets.length);
    expect(found[0]?.value).not.toBe(found.at(-1)?.value);
    for (const { parameters, value } of found) expect(value).toBeCloseTo(netOf(parameters), 6);
    expect(found.map(({ value }) => value)).toEqual(found.map(({ value }) => value ?? 0).toSorted((a, b) => b - a));
    expect(found[0]?.trial.families.flatMap(({ figures }) => figures).map(({ name }) => name)).toEqual([
      'netProfit',
      'trades',
      'winRatio',
    ]);
  });
  it('finds the same whichever trial ends first, and counts them as they end', async () => {
    const ends: (() => void)[] = [];
    const told: string[] = [];
    const attempt = (task: TrialTask): Promise<TrialDone> =>
      new Promise((resolve) => ends.push(() => resolve(tryOut(plan, ticks, task))));
    const found = searchGrid(
      searchOf(ticks, { attempt, told: (done, of) => void told.push(`${done}/${of}`) }),
      ticks.length,
    );
    for (const end of ends.toReversed()) end();
    expect((await found).map(({ parameters }) => parameters)).toEqual(
      (await searchGrid(searchOf(ticks), ticks.length)).map(({ parameters }) => parameters),
    );
    expect(told).toEqual(['1/6', '2/6', '3/6', '4/6', '5/6', '6/6']);
  });
  it('ends with the first trial that fails', async () => {
    const attempt = async (): Promise<TrialDone> => Promise.reject(new Error('broken'));
    await expect(searchGrid(searchOf(ticks, { attempt }), ticks.length)).rejects.toThrow('broken');
  });
  it('can aim at every figure that a report has', () => {
    const run = new Run(plan);
    run.advance(ticks);
    run.finish();
    expect(figureNames(plan)).toEqual(expect.arrayContaining(['netProfit', 'sharpeRatio', 'calmarRatio']));
    expect(saidBy(run).trades.length).toBeGreaterThan(0);
  });
});

describe('a walk', () => {
  const folds = foldsOf(ticks.length, { trainRows: 3_000, testRows: 2_000, kind: 'rolling' });

  it('trades each test with the best set of its own training, and nothing else', async () => {
    const { folds: found, result } = await walkForward(searchOf(ticks), folds);
    expect(found).toHaveLength(3);
    for (const { fold, chosen, trainPnl, testPnl } of found) {
      const train = cutOf(ticks, fold.train.from, fold.train.to);
      const best = Math.max(...sets.map((set) => netOf(set, train)));
      expect(trainPnl).toBeCloseTo(best, 6);
      expect(testPnl).toBeCloseTo(netOf(chosen!.parameters, cutOf(ticks, fold.test.from, fold.test.to)), 6);
    }
    expect(result.testPnl).toBeCloseTo(
      result.trades.reduce((sum, { pnl }) => sum + pnl, 0),
      6,
    );
  });
  it('trades nothing where no set has a value', async () => {
    const aim = { figure: 'netProfit', better: 'higher', tradesMin: 1_000 } as const;
    const { folds: found, result } = await walkForward(searchOf(ticks, { aim }), folds);
    expect(found.map(({ chosen }) => chosen)).toEqual([undefined, undefined, undefined]);
    expect(result).toMatchObject({ testPnl: 0, trades: [], efficiency: null });
  });
});
