import { expect, test } from 'vitest';
import { liveIds } from './ambient.ts';

const at = (times: readonly number[]) => {
  let next = 0;
  const wallNow = () => times[Math.min(next++, times.length - 1)]!;
  return liveIds({ wallNow } as Parameters<typeof liveIds>[0]);
};
const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('an id is a UUIDv7 that tells its millisecond, and no two are the same', () => {
  const ids = at([0x0192_0000_abcd]);
  const made = Array.from({ length: 1_000 }, () => ids.uuid());
  for (const id of made) expect(id).toMatch(UUID_7);
  expect(made.every((id) => id.startsWith('01920000-abcd-7'))).toBe(true);
  expect(new Set(made).size).toBe(made.length);
  // All four variants' digits come up, so that no randomness was cut off.
  expect(new Set(made.map((id) => id[19]))).toEqual(new Set('89ab'));
});

test('ids of later milliseconds sort behind earlier ones, parts of a millisecond are dropped', () => {
  const ids = at([1, 255.9, 256, 0x0192_0000_abcd]);
  const made = Array.from({ length: 4 }, () => ids.uuid());
  expect(made.toSorted()).toEqual(made);
  expect(made.map((id) => id.slice(0, 13))).toEqual([
    '00000000-0001',
    '00000000-00ff',
    '00000000-0100',
    '01920000-abcd',
  ]);
});
