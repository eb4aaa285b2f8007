/**
 * No strategy can look ahead. Whatever it can reach from what it is handed, by types or around them, holds the same numbers whatever the
 * rows behind the present one are. What watches many bars for it is the engine's, and is as it would be if those rows were not there.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BarColumns, TickColumns } from '../../market/columns.ts';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { recall, remember } from '../../strategies/memory.ts';
import { type Desk, defineStrategy, type Strategy } from '../../strategies/strategy.ts';
import { planOf } from '../testing/plans.ts';
import { minutesOf, T0, walkOf } from '../testing/series.ts';
import { CrossWatch } from './cross-watch.ts';
import { Run } from './run.ts';

const ROWS = 24;
type Columns = TickColumns | BarColumns;

const column = (numberOf: (row: number) => number): Float64Array =>
  Float64Array.from({ length: ROWS }, (_, row) => numberOf(row));
/** Each row has prices of its own, up and down, so that entries and exits that rest are met. */
const prices = (place: number): Float64Array => column((row) => (21_000 + ((row * 7) % 13) * 10 + place) * 1e8);
const volumes = column((row) => 500 + row);

const BARS: BarColumns = {
  ...{ length: ROWS, timeframeMs: 60_000, startMs: column((row) => T0 + row * 60_000), ticks: volumes },
  ...{ open: prices(3), high: prices(9), low: prices(1), close: prices(5), volume: volumes },
};
const TICKS: TickColumns = {
  ...{ kind: 'both', length: ROWS, atMs: column((row) => T0 + row * 1_000), subMsNs: new Int32Array(ROWS) },
  ...{ price: prices(3), bid: prices(2), ask: prices(4), volume: volumes },
};

/** The same up to a row, and another future: other prices, volumes, times and days. */
function withOtherFuture(columns: Columns, from: number): Columns {
  const other = structuredClone(columns) as unknown as Record<string, unknown>;
  for (const value of Object.values(other))
    if (value instanceof Float64Array)
      for (let row = from; row < ROWS; row += 1) value[row] = value[row]! * 1.5 + 86_400_000;
  return other as unknown as Columns;
}

/** All numbers that can be reached from a value: own fields, symbols, elements, and getters of its prototypes. */
function numbersIn(value: unknown, seen = new Set<unknown>()): number[] {
  if (typeof value === 'number') return [value];
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return [];
  seen.add(value);
  const found: number[] = [];
  for (let level = value; level !== null; level = Object.getPrototypeOf(level) as object) {
    if (level === Object.prototype || level === Function.prototype || level === Array.prototype) break;
    for (const name of Reflect.ownKeys(level)) {
      try {
        found.push(...numbersIn(Reflect.get(level, name, value), seen));
      } catch {}
    }
  }
  return found;
}

/** Puts other numbers wherever it can write one, calls whatever it can, and looks again: a row that is kept somewhere would move. */
function numbersMoved(record: object, row: number): number[] {
  const found: number[] = [];
  const fields = record as Record<string, unknown>;
  for (const name of Object.getOwnPropertyNames(record)) {
    const before = fields[name];
    for (const other of [1, row + 1, Number(before) + 1]) {
      fields[name] = other;
      found.push(...numbersIn(record));
    }
    fields[name] = before;
  }
  for (let level = record; level !== Object.prototype; level = Object.getPrototypeOf(level) as object)
    for (const name of Reflect.ownKeys(level)) {
      const method = Object.getOwnPropertyDescriptor(level, name)?.value as unknown;
      if (typeof method !== 'function') continue;
      for (const given of [[row + 1], [record, row + 1], [row + 1, 0, 0]]) {
        try {
          found.push(...numbersIn(Reflect.apply(method, record, given)), ...numbersIn(record));
        } catch {}
      }
    }
  return found;
}

const cheating = (open: () => Strategy) =>
  defineStrategy({
    ...{ name: 'cheat', about: 'Of a test.', input: open().input, parameters: z.strictObject({}) },
    ...{ balanceOf: () => 10_000, unitsOf: () => 1, open },
  });

type Look = (now: object, desk: Desk, row: number) => number[];

/** What a strategy finds on one row of a run that has trades before, on and behind it. */
function foundOn(row: number, columns: Columns, look: Look): number[] {
  let found: number[] = [];
  let present = 0;
  const step = (now: object, desk: Desk): void => {
    if (present === row) found = look(now, desk, row);
    if (present % 3 === 1) desk.enter({ direction: 1, units: 1, layer: 1, targetDistance: 30, stopDistance: 40 });
    if (present % 7 === 5) desk.exit(1);
    present += 1;
  };
  const open = (): Strategy => ('atMs' in columns ? { input: 'ticks', tick: step } : { input: 'bars', bar: step });
  new Run({ ...planOf('sma_cross', 'NQ'), strategy: cheating(open), parameters: {} }).advance(columns);
  expect(present).toBe(ROWS);
  return found;
}

describe.each([
  ['bars', BARS],
  ['ticks', TICKS],
] as const)('a strategy over %s', (_name, columns) => {
  const looks: readonly (readonly [string, Look])[] = [
    ['all that it can reach', (now, desk) => [...numbersIn(now), ...numbersIn(desk)]],
    ['what it can move and call of what it is shown', (now, _desk, row) => numbersMoved(now, row)],
  ];
  it.each(looks)('finds nothing of another future in %s', (_what, look) => {
    for (let row = 0; row < ROWS; row += 1)
      expect(foundOn(row, withOtherFuture(columns, row + 1), look)).toEqual(foundOn(row, columns, look));
  });

  it('would find it, were it there: it finds the present row', () => {
    const found = foundOn(12, columns, (now) => numbersIn(now));
    expect(foundOn(12, withOtherFuture(columns, 12), (now) => numbersIn(now))).not.toEqual(found);
    const own = 'atMs' in columns ? columns.price : columns.close;
    expect(found).toContain(own[12]! / 1e8);
  });
});

it('a strategy that brings a step over many rows of its own is never given them', () => {
  let called = 0;
  const cheat = { input: 'bars', bar: () => undefined, bars: () => (called += 1), take: () => (called += 1) } as const;
  const run = new Run({ ...planOf('sma_cross', 'NQ'), strategy: cheating(() => cheat), parameters: {} });
  run.advance(BARS);
  expect([called, run.processed]).toEqual([0, ROWS]);
});

describe('what watches many bars for a strategy', () => {
  const periods = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 12 }));

  it('says and remembers the same where the rows ahead hold no number at all', () => {
    let cues = 0;
    fc.assert(
      fc.property(fc.integer(), periods, fc.double({ min: 0, max: 1, noNaN: true }), (seed, [fast, more], part) => {
        const { close, length } = minutesOf(walkOf(String(seed), 2_000, 15_000));
        const rows = Math.floor(part * length);
        const cue = { kind: 'averageCross', fast, slow: fast + more } as const;
        const told = (column: Float64Array) => {
          const watch = new CrossWatch(cue);
          const said: number[] = [];
          for (let row = 0; row < rows; ) {
            row = watch.take(column, row, rows);
            if (watch.cued !== 0) said.push(row, watch.cued);
          }
          return { said, watch: { ...watch } };
        };
        const blind = Float64Array.from(close).fill(Number.NaN, rows);
        expect(told(blind)).toEqual(told(close));
        cues += told(close).said.length;
      }),
      { seed: 4, numRuns: 60 },
    );
    expect(cues).toBeGreaterThan(500);
  });

  it('tells a bar as it closes, however many bars it was given with it', () => {
    const { close, length } = minutesOf(walkOf('prefix', 4_000, 15_000));
    const cue = { kind: 'averageCross', fast: 3, slow: 8 } as const;
    const [many, single] = [new CrossWatch(cue), new CrossWatch(cue)];
    const alone = Array.from({ length }, (_, row) => single.hears(close[row]! / 1e8));
    const together: number[] = alone.map(() => 0);
    for (let row = 0; row < length; ) {
      row = many.take(close, row, length);
      together[row - 1] = many.cued;
    }
    expect(together).toEqual(alone);
    expect(alone.filter((cued) => cued !== 0).length).toBeGreaterThan(50);
  });

  it('tells the same in columns of any length, remembered and gone on from anywhere', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        periods,
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 5 }),
        (seed, [fast, more], cuts) => {
          const { close, length } = minutesOf(walkOf(String(seed), 1_000, 15_000));
          const cue = { kind: 'averageCross', fast, slow: fast + more } as const;
          const single = new CrossWatch(cue);
          const alone = Array.from({ length }, (_, row) => single.hears(close[row]! / 1e8));
          let watch = new CrossWatch(cue);
          const said: number[] = alone.map(() => 0);
          for (let begin = 0, cut = 0; begin < length; cut += 1) {
            const column = close.slice(begin, begin + cuts[cut % cuts.length]!);
            for (let row = 0; row < column.length; ) {
              row = watch.take(column, row, column.length);
              said[begin + row - 1] = watch.cued;
            }
            begin += column.length;
            watch.rest();
            if (cut % 3 > 0) continue;
            const next = new CrossWatch(cue);
            recall(next, remember(watch));
            watch = next;
          }
          expect(said).toEqual(alone);
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  });

  it('tells the same of a bar wherever the series begins: averages that are equal are equal', () => {
    const seed = seededRandom('ties');
    const close = Float64Array.from({ length: 6_000 }, () =>
      Math.round((1.1 + Math.round(seed.next() * 4) * 0.00005) * 1e8),
    );
    const cue = { kind: 'averageCross', fast: 3, slow: 7 } as const;
    const cuesFrom = (first: number): Map<number, number> => {
      const watch = new CrossWatch(cue);
      return new Map(Array.from(close.subarray(first), (units, at) => [first + at, watch.hears(units / 1e8)]));
    };
    const whole = cuesFrom(0);
    for (const first of [1, 500, 1_234, 3_000])
      for (const [row, cued] of cuesFrom(first))
        if (row > first + cue.slow + 1) expect([row, cued]).toEqual([row, whole.get(row)]);
  });
});
