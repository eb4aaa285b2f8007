/** C3 on receipts of stops. */
import { expect, test } from 'vitest';
import { findingsAt } from '../testing/answers.ts';
import { ended, findingsOf, History, halted, leaving, submitted } from '../testing/history.ts';
import type { Fact } from './folds/facts.ts';
import { receiptsNameWhatLeft } from './receipts-name-what-left.ts';

function found(facts: readonly Fact[], named: readonly string[]): string[] {
  const checker = receiptsNameWhatLeft();
  findingsOf(checker, new History().say(...facts));
  const body = JSON.stringify({ success: true, stop_id: 'stop-1', affected_components: named });
  return findingsAt(checker, { path: '/api/v1/emergency-stop', status: 200, body });
}

test('an order that had left is named, with all else that is stopped', () => {
  expect(found([...leaving(), halted], ['agent-1', 'acct-1', 'trade-1'])).toEqual([]);
});

test('finds one that is not named', () => {
  expect(found([...leaving(), halted], ['agent-1', 'acct-1'])).toEqual([
    'the receipt of the stop stop-1 does not name trade-1, which had left and works on',
  ]);
});

test('what had not left, what is not covered and what has ended since need not be named', () => {
  expect(found([submitted(), halted], [])).toEqual([]);
  expect(found([...leaving({ accountId: 'acct-2' }), halted], [])).toEqual([]);
  expect(found([...leaving(), halted, ended()], [])).toEqual([]);
});
