/** I11 on facts that come after an end. */
import { expect, test } from 'vitest';
import {
  created,
  decided,
  ended,
  filled,
  findingsOf,
  History,
  halted,
  intended,
  leaving,
  resumed,
  sent,
  submitted,
} from '../testing/history.ts';
import { endsAreFinal } from './ends-are-final.ts';
import type { Fact } from './folds/facts.ts';

const found = (...facts: Fact[]) => findingsOf(endsAreFinal(), new History().say(...facts));
const terminated: Fact = { type: 'trader.terminated', traderId: 'agent-1', accountId: 'acct-1', by: 'user-1' };

test.each([
  ['another end', ended()],
  ['a fill', filled()],
  ['an intent', intended()],
  ['a hand-over', sent()],
  ['a submission', submitted()],
])('after its end an order has no %s', (_, fact) => {
  expect(found(...leaving(), ended(), fact)).toHaveLength(1);
  expect(found(...leaving(), filled(), fact)).toHaveLength(1);
});

test('late fills come after the end, and only then', () => {
  const late = filled({}, { late: true, end: false });
  expect(found(...leaving(), ended(), late)).toEqual([]);
  expect(found(late)).toEqual([]);
  expect(found(...leaving(), late)).toEqual(['late fill of order trade-1, which is open']);
});

test('nothing happens to an order that nobody submitted', () => {
  expect(found(intended())).toEqual(['order.intended of order trade-1, which has not begun']);
});

test('a request is decided once, a halt released once, a trader terminated once', () => {
  expect(found(decided('approved'))).toHaveLength(1);
  expect(found(halted, resumed)).toEqual([]);
  expect(found(halted, resumed, resumed)).toEqual(['trading.resumed of halt stop-1, which has ended']);
  expect(found(halted, resumed, halted)).toHaveLength(1);
  expect(found(created(), terminated)).toEqual([]);
  expect(found(created(), terminated, terminated)).toHaveLength(1);
});
