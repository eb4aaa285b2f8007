/** Which failed runs of a command are made small and kept. */
import { expect, test } from 'vitest';
import type { ScenarioResult } from '../recording.ts';
import type { Shown } from './show.ts';
import { worthTelling } from './small-runs.ts';

const shown = (file: string, seed: number, passed = false): Shown => ({
  ...{ file, seed: String(seed) },
  result: { passed, seed: String(seed) } as ScenarioResult,
});
const seeds = (count: number): readonly Shown[] => Array.from({ length: count }, (_, index) => shown('b.yaml', index));
const ALL = [
  shown('a.yaml', 1, true),
  shown('a.yaml', 2),
  { file: 'a.yaml', seed: '3', error: 'no' },
  shown('a.yaml', 4),
];

const told = (all: readonly Shown[], bank: boolean, runsMax: number) =>
  worthTelling(all, { bank, shrink: runsMax }).map(({ failed, shrink }) => `${failed.file} ${failed.seed} ${shrink}`);

test('of each file the first that failed is made small', () => {
  expect(told([...ALL, ...seeds(2)], false, 40)).toEqual(['a.yaml 2 40', 'b.yaml 0 40']);
  expect(told(ALL, false, 0)).toEqual([]);
});

test('every seed that failed is kept, as it is, up to ten of a file', () => {
  expect(told(ALL, true, 40)).toEqual(['a.yaml 2 40', 'a.yaml 4 0']);
  expect(told(ALL, true, 0)).toEqual(['a.yaml 2 0', 'a.yaml 4 0']);
  expect(told(seeds(12), true, 40).at(-1)).toBe('b.yaml 9 0');
});
