/** D5 on orders that are asked for while much waits for the database. */
import { expect, test } from 'vitest';
import { BOUNDS } from '../../runtime/bounds.ts';
import { commitOf, groupOf, History, STARTS_AT, submitted } from '../testing/history.ts';
import type { CheckedAnswer } from './checker.ts';
import { tailIsBounded } from './tail-is-bounded.ts';

const FULL = BOUNDS.uncommittedRecords + 1;
/** Records up to 5 are durable, and a commit of all up to `5 + FULL` is under way. */
const journalThen = { head: 5 + FULL, watermark: 5 };

function found(changes: Partial<CheckedAnswer> = {}, askedAt = STARTS_AT): string[] {
  const told: string[] = [];
  const checker = tailIsBounded();
  const first = commitOf([], { group: { previousSequence: 5, sequence: 5 + FULL } });
  checker.onGroup?.(groupOf([], { commit: first }), (what) => told.push(what));
  const [record] = new History().say(submitted()).records;
  const records = [{ ...record!, sequence: 6 + FULL }];
  const second = commitOf(records, { freeAt: STARTS_AT, askedAt });
  checker.onGroup?.(groupOf(records, { commit: second }), (what) => told.push(what));
  const answer: CheckedAnswer = {
    ...{ askedAt: STARTS_AT, at: STARTS_AT, method: 'POST', path: '/api/v1/agents/agent-1/trades', status: 201 },
    ...{ body: JSON.stringify({ trade: { id: 'trade-1' } }), durableSequence: 6 + FULL, journalThen },
  };
  checker.onAnswer?.({ ...answer, ...changes }, (what) => told.push(what));
  return told;
}

test('finds an order that was taken although too much waited', () => {
  expect(found()).toEqual([`order trade-1 was taken while ${FULL} records waited for the database`]);
});

test('one record less is within the bound', () => {
  expect(found({ journalThen: { ...journalThen, head: 4 + FULL } })).toEqual([]);
});

test('who is refused, or is told again what was taken before, has nothing to complain of', () => {
  expect(found({ status: 503 })).toEqual([]);
  expect(found({ journalThen: { head: 6 + FULL, watermark: 5 } })).toEqual([]);
});

test('says nothing where the tail may have become shorter meanwhile', () => {
  expect(found({}, STARTS_AT + 1)).toEqual([]);
  expect(found({ journalThen: { head: 5 + FULL, watermark: 4 } })).toEqual([]);
});
