/** D3 on commits that wait, and on one that is too large. */
import { expect, test } from 'vitest';
import { commitOf, groupOf, History, leaving, STARTS_AT } from '../testing/history.ts';
import type { CheckedCommit, CheckedRecord } from './checker.ts';
import { groupsAreBounded } from './groups-are-bounded.ts';

const { records } = new History().say(...leaving());

function found(times: Partial<Omit<CheckedCommit, 'group'>>, its: readonly CheckedRecord[] = records): string[] {
  const told: string[] = [];
  groupsAreBounded().onGroup?.(groupOf(its, { commit: commitOf(its, times) }), (what) => told.push(what));
  return told;
}

test('a commit may wait for the one before it, and 25 ms for outcomes', () => {
  expect(found({ firstAt: STARTS_AT, freeAt: STARTS_AT + 5_000, askedAt: STARTS_AT + 5_000 })).toEqual([]);
  expect(found({ firstAt: STARTS_AT, askedAt: STARTS_AT + 25 })).toEqual([]);
});

test('finds one that waits longer', () => {
  expect(found({ firstAt: STARTS_AT, freeAt: STARTS_AT + 10, askedAt: STARTS_AT + 36 })).toEqual([
    'the commit up to 3 was begun 26 ms after it could have been',
  ]);
});

test('says nothing where nobody can tell when its first record was made', () => {
  expect(found({ firstAt: undefined, askedAt: STARTS_AT + 60_000 })).toEqual([]);
});

const many = (count: number, causationOf: (index: number) => number): CheckedRecord[] =>
  Array.from({ length: count }, (_, index) => ({ ...records[0]!, causationId: causationOf(index) }));

test('finds one with more records than a commit may have, its last turn apart', () => {
  expect(
    found(
      {},
      many(4_001, (index) => index),
    ),
  ).toEqual(['the commit up to 1 has 4001 records']);
  expect(
    found(
      {},
      many(4_001, (index) => (index < 3_999 ? index : 4_000)),
    ),
  ).toEqual([]);
});
