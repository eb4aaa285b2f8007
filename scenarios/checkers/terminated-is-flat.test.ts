/** C34 on traders that end with something left. */
import { expect, test } from 'vitest';
import { created, filled, findingsOf, History, intended, leaving } from '../testing/history.ts';
import type { Fact } from './folds/facts.ts';
import { terminatedIsFlat } from './terminated-is-flat.ts';

const terminated: Fact = { type: 'trader.terminated', traderId: 'agent-1', accountId: 'acct-1', by: 'user-1' };
const found = (...facts: Fact[]) => findingsOf(terminatedIsFlat(), new History().say(created(), ...facts));

test('a trader without orders and positions ends in order', () => {
  expect(found(terminated)).toEqual([]);
});

test('finds an open order and a position', () => {
  expect(found(...leaving(), terminated)).toEqual(['agent-1 was terminated, its order trade-1 is sent']);
  expect(found(...leaving(), filled(), terminated)).toEqual(['agent-1 was terminated and holds 100 AAPL']);
});

test('finds an intent afterwards', () => {
  expect(found(terminated, intended())).toHaveLength(1);
});
