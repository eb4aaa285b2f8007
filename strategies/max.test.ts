/** `max` against its rules written down a second time, and its keys. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type TickColumns, unitsOf } from '../market/columns.ts';
import { planOf, whole } from '../runs/testing/plans.ts';
import { printsOf, T0, walkOf } from '../runs/testing/series.ts';
import { MaxParameters } from './max.ts';
import { readExitKey, readPointKey } from './max-keys.ts';
import { maxByHand } from './testing/max-by-hand.ts';

/** The same ticks as prints, and in files that have quotes too or nothing else: round a print lies a spread, a mid is what the print was. */
const KINDS: Readonly<Record<TickColumns['kind'], (prints: TickColumns) => TickColumns>> = {
  prints: (prints) => prints,
  both: (prints) => quoted(prints, 'both', prints.price, 2),
  quotes: (prints) => quoted(prints, 'quotes', beside(prints.price, -1), 1),
};
const HALF_TICK = unitsOf(0.125);
const beside = (price: Float64Array, halfTicks: number) => price.map((units) => units + halfTicks * HALF_TICK);

function quoted(
  prints: TickColumns,
  kind: TickColumns['kind'],
  price: Float64Array,
  askHalfTicks: number,
): TickColumns {
  return { ...prints, kind, price, bid: beside(prints.price, -1), ask: beside(prints.price, askHalfTicks) };
}

test('makes the trades of its rules, for any parameters on any walk, whatever was quoted', () => {
  const parameters = fc.record({
    impulse: fc.integer({ min: 1, max: 20 }),
    pullback: fc.integer({ min: 1, max: 10 }),
    confirmation: fc.integer({ min: 1, max: 8 }),
    entriesPerImpulse: fc.integer({ min: 1, max: 3 }),
    target: fc.integer({ min: 1, max: 20 }),
    stop: fc.integer({ min: 1, max: 20 }),
  });
  let total = 0;
  fc.assert(
    fc.property(
      fc.integer(),
      parameters,
      fc.constantFrom(...(['prints', 'both', 'quotes'] as const)),
      (seed, given, kind) => {
        const ticks = walkOf(String(seed), 800);
        const expected = maxByHand(
          ticks.price.map((units) => units / 1e8),
          given,
        );
        const { trades } = whole(planOf('max', 'NQ', given), KINDS[kind](ticks));
        expect(
          trades.map(({ direction, entryAt, entryPrice, exitAt, exitPrice }) => [
            direction,
            entryAt,
            entryPrice,
            exitAt,
            exitPrice,
          ]),
        ).toEqual(
          expected.map(({ side, entryRow, entry, exitRow, exit }) => [
            side > 0 ? 'long' : 'short',
            T0 + entryRow * 1_000,
            entry,
            T0 + exitRow * 1_000,
            exit,
          ]),
        );
        total += trades.length;
      },
    ),
    { seed: 11, numRuns: 150 },
  );
  expect(total).toBeGreaterThan(500);
});

test('a target is met at its very price where binary fractions would miss it', () => {
  const given = { impulse: 0.003, pullback: 0.001, confirmation: 0.001, target: 0.0025, stop: 0.0025 };
  const prices = [1.08, 1.083, 1.082, 1.083, 1.0855];
  const { trades } = whole(planOf('max', 'EURUSD', given), printsOf(prices));
  expect(trades).toMatchObject([
    { direction: 'long', entryPrice: 1.083, exitPrice: 1.0855, points: 0.0025, reason: 'target' },
  ]);
});

test('one side alone follows only its own signals', () => {
  const ticks = walkOf('sides', 4_000);
  const sidesOf = (side: string) =>
    new Set(whole(planOf('max', 'NQ', { side }), ticks).trades.map(({ direction }) => direction));
  expect(sidesOf('long')).toEqual(new Set(['long']));
  expect(sidesOf('short')).toEqual(new Set(['short']));
  expect(sidesOf('both')).toEqual(new Set(['long', 'short']));
});

describe('keys', () => {
  it('say the parameters', () => {
    expect(readPointKey('15_7_5_2')).toEqual({ impulse: 15, pullback: 7, confirmation: 5, entriesPerImpulse: 2 });
    expect(readExitKey('15_12.5')).toEqual({ target: 15, stop: 12.5 });
    expect(MaxParameters.parse({ ...readPointKey('10_5_3_1'), ...readExitKey('8_9') })).toMatchObject({
      impulse: 10,
      stop: 9,
    });
  });
  it.each(['', '15', '15_7_5', '15_7_5_2_1', '15_7_5_1.5', '0_7_5_2', '-1_7_5_2', '1e3_7_5_2', '15_ 7_5_2', 'a_b_c_d'])(
    'are refused where they say something else: "%s"',
    (key) => expect(readPointKey(key)).toBeUndefined(),
  );
});
