/** C3 on orders that go on resting after a stop. */
import { expect, test } from 'vitest';
import { ended, findingsOf, History, halted, leaving, submitted } from '../testing/history.ts';
import type { Fact } from './folds/facts.ts';
import { stopsCancelAtOnce } from './stops-cancel-at-once.ts';

const working: Fact = { type: 'order.working', orderId: 'trade-1', traderId: 'agent-1' };
const canceling: Fact = {
  type: 'order.cancel-requested',
  orderId: 'trade-1',
  traderId: 'agent-1',
  by: 'a',
  reason: 'b',
};
const later = (history: History, ms: number, ...facts: Fact[]) => {
  history.at += ms;
  return history.say(...facts);
};
const stopped = () => new History().say(...leaving(), working, halted);

test('a cancel, or an end, within a second is at once', () => {
  expect(findingsOf(stopsCancelAtOnce(), later(stopped(), 900, canceling))).toEqual([]);
  expect(findingsOf(stopsCancelAtOnce(), later(stopped(), 900, ended()))).toEqual([]);
});

test('finds an order that still rests more than a second later', () => {
  expect(findingsOf(stopsCancelAtOnce(), later(stopped(), 1_500, submitted({ orderId: 'trade-2' })))).toEqual([
    'order trade-1 still rests 1501 ms after the stop stop-1',
  ]);
});

test('finds it at the end too', () => {
  const history = stopped();
  expect(findingsOf(stopsCancelAtOnce(), history, history.rest({ now: history.at + 5_000 }))).toHaveLength(1);
});

test('an agent that is being restarted has its second from its restart', () => {
  const of = (type: string) => ({ type, agent: 'orders', reason: 'planted' }) as never;
  const other = submitted({ orderId: 'trade-2' });
  const back = () => later(later(stopped().say(of('agent.crashed')), 5_000, other), 1_000, of('agent.restarted'));
  expect(findingsOf(stopsCancelAtOnce(), later(back(), 900, canceling))).toEqual([]);
  expect(findingsOf(stopsCancelAtOnce(), later(back(), 1_500, other))).toHaveLength(1);
});

test('exits go on', () => {
  const exit = new History().say(...leaving({ exit: true }), working, halted);
  expect(findingsOf(stopsCancelAtOnce(), later(exit, 1_500, submitted({ orderId: 'trade-2' })))).toEqual([]);
});
