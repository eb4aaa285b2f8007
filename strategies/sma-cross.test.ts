/** `sma_cross` against the same rules as one loop, and its sides. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOf, whole } from '../runs/testing/plans.ts';
import { minutesOf, walkOf } from '../runs/testing/series.ts';
import { smaByHand } from './testing/sma-by-hand.ts';

test('makes the trades of its rules, for any periods on any walk', () => {
  let total = 0;
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 10 }), (seed, fast, more) => {
      const bars = minutesOf(walkOf(String(seed), 3_000, 10_000));
      const periods = { fast, slow: fast + more };
      const [open, close] = [bars.open.map((units) => units / 1e8), bars.close.map((units) => units / 1e8)];
      const expected = smaByHand(open, close, periods.fast, periods.slow);
      const { trades } = whole(planOf('sma_cross', 'NQ', periods), bars);
      expect(trades.map(({ points }) => points)).toEqual(expected.points.map((points) => points + 0));
      expect(trades.map(({ entryAt }) => entryAt)).toEqual(expected.entryRows.map((row) => bars.startMs[row]));
      total += trades.length;
    }),
    { seed: 21, numRuns: 60 },
  );
  expect(total).toBeGreaterThan(1_000);
});

test('one side alone is flat where the other would be held', () => {
  const bars = minutesOf(walkOf('sides', 6_000, 10_000));
  const both = whole(planOf('sma_cross', 'NQ', { fast: 3, slow: 8 }), bars).trades;
  for (const side of ['long', 'short'] as const) {
    const alone = whole(planOf('sma_cross', 'NQ', { fast: 3, slow: 8, side }), bars).trades;
    const pick = ({ entryAt, exitAt, points }: (typeof both)[number]) => [entryAt, exitAt, points];
    expect(alone.map(pick)).toEqual(both.filter(({ direction }) => direction === side).map(pick));
  }
});
