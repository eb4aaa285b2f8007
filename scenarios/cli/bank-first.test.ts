/** Which of the runs that once failed come before what is asked for. */
import { expect, test } from 'vitest';
import type { Banked } from '../bank/bank.ts';
import { dueFirst } from './bank-first.ts';

const scenario = (name: string, file: string): Banked => ({
  name,
  entry: { kind: 'scenario', found: 'for a test', seed: '1', file, hash: '0'.repeat(64) },
});
const script = { startsAt: 0, virtualMs: 1, faults: {}, limits: {}, steps: [] };
const drawn: Banked = { name: 'drawn', entry: { kind: 'drawn', found: 'for a test', seed: '2', script } };
const BANKED = [scenario('of-a', 'a.yaml'), scenario('of-b', 'b.yaml'), drawn];

interface More {
  readonly isFolder?: boolean;
  readonly isPart?: boolean;
}
const due = (files: readonly string[], runs: number, { isFolder = false, isPart = false }: More = {}) =>
  dueFirst(BANKED, { files: new Set(files), runs, isFolder, isPart }).map(({ name }) => name);
const ALL = ['of-a', 'of-b', 'drawn'];

test('before a folder, and before as many runs as there are entries, comes all that ever failed', () => {
  expect(due(['c.yaml'], 1, { isFolder: true })).toEqual(ALL);
  expect(due(['a.yaml'], 3)).toEqual(ALL);
  expect(due(['c.yaml', 'd.yaml'], 20)).toEqual(ALL);
});

test('before fewer runs comes what failed of the same files', () => {
  expect(due(['a.yaml'], 1)).toEqual(['of-a']);
  expect(due(['a.yaml', 'b.yaml'], 2)).toEqual(['of-a', 'of-b']);
  expect(due(['c.yaml'], 2)).toEqual([]);
});

test('before a part of a file comes nothing: it repeats a failure', () => {
  expect(due(['a.yaml'], 1, { isPart: true })).toEqual([]);
});
