/** Exactly as many points as asked for, ends kept, order kept, and the spike that a mean would lose. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lttb } from './lttb.ts';

const x = ([at]: readonly [number, number]): number => at;
const y = ([, value]: readonly [number, number]): number => value;

test('any curve keeps its ends, its order and exactly the count that was asked for', () => {
  const curves = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 300 });
  fc.assert(
    fc.property(curves, fc.integer({ min: 3, max: 120 }), (values, count) => {
      const points = values.map((value, at) => [at, value] as const);
      const kept = lttb(points, count, x, y);
      expect(kept).toHaveLength(Math.min(points.length, count));
      expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
      if (points.length > 0) expect([kept[0], kept.at(-1)]).toEqual([0, points.length - 1]);
    }),
    { seed: 2, numRuns: 300 },
  );
});

test('a spike stays', () => {
  const points = Array.from({ length: 1_000 }, (_, at) => [at, at === 437 ? 100 : Math.sin(at / 50)] as const);
  expect(lttb(points, 10, x, y)).toContain(437);
});

test('the point of the largest triangle with the kept one and the mean of the next bucket is chosen', () => {
  const points = [0, 1, 5, 2, 4, 0].map((value, at) => [at, value] as const);
  expect(lttb(points, 4, x, y)).toEqual([0, 2, 4, 5]);
});

test.each([2, 0, -1, 3.5, Number.NaN])('%f points are refused', (count) => {
  expect(() => lttb([], count, x, y)).toThrow(RangeError);
});
