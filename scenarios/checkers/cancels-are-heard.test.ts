/** A7 on cancels that were answered and did nothing. */
import { describe, expect, test } from 'vitest';
import { heard } from '../testing/answers.ts';
import { ended, filled, findingsOf, History, intended, leaving } from '../testing/history.ts';
import { cancelsAreHeard } from './cancels-are-heard.ts';
import type { CheckedAnswer } from './checker.ts';
import type { Fact } from './folds/facts.ts';

const TRADE = '/api/v1/agents/agent-1/trades/trade-1';
const working: Fact = { type: 'order.working', orderId: 'trade-1', traderId: 'agent-1' };

/** `served`: somebody else was answered before. */
function found({ records }: Pick<History, 'records'>, answer: Partial<CheckedAnswer>, served = true): string[] {
  const checker = cancelsAreHeard();
  const told = findingsOf(checker, { records });
  if (served) checker.onAnswer?.(heard({ askedAt: answer.askedAt ?? 0 }), (what) => told.push(what));
  checker.onAnswer?.(heard({ method: 'DELETE', path: TRADE, ...answer }), (what) => told.push(what));
  return told;
}

test.each([200, 409])('an order that has ended may be answered %i', (status) => {
  expect(found(new History().say(...leaving(), ended()), { status })).toEqual([]);
});

test.each([200, 409])('finds an answer %i over an order that goes on', (status) => {
  expect(found(new History().say(...leaving()), { status })).toEqual([
    `the cancel of trade-1 was answered ${status}, and it is sent: {}`,
  ]);
});

test('leaving a trader is no cancel of an order', () => {
  expect(found(new History().say(...leaving()), { status: 409, path: '/api/v1/agents/agent-1' })).toEqual([]);
});

test('an order is handed over again as long as nobody wants it cancelled, and never after that', () => {
  const cancel: Fact = { ...working, type: 'order.cancel-requested', by: 'user-1', reason: 'enough' };
  expect(findingsOf(cancelsAreHeard(), new History().say(...leaving(), intended(), cancel))).toEqual([]);
  expect(findingsOf(cancelsAreHeard(), new History().say(...leaving(), cancel, intended()))).toEqual([
    'order trade-1 is handed over again although somebody has cancelled it',
  ]);
});

describe('a cancel without an answer in time', () => {
  const resting = () => {
    const history = new History().say(...leaving(), working);
    history.at += 10;
    return history;
  };
  const other = filled({ orderId: 'trade-2' });

  test('is found when the house went on and the order rests on', () => {
    const history = resting();
    const askedAt = history.at;
    history.at += 2_000;
    expect(found(history.say(other), { status: 503, askedAt })).toEqual(['nobody has heard the cancel of trade-1']);
  });

  test('is excused when the agent that keeps orders was restarted since', () => {
    const history = resting();
    const askedAt = history.at;
    history.at += 2_000;
    history.say({ type: 'agent.restarted', agent: 'orders', reason: 'planted' } as never, other);
    expect(found(history, { status: 503, askedAt })).toEqual([]);
  });

  test('is excused while nothing at all is written', () => {
    const history = resting();
    expect(found(history, { status: 503, askedAt: history.at })).toEqual([]);
  });

  test('is excused when it was heard, and the venue cannot tell', () => {
    const history = resting();
    const askedAt = history.at;
    const request: Fact = { ...working, type: 'order.cancel-requested', by: 'user-1', reason: 'enough' };
    history.say(request).at += 2_000;
    expect(found(history.say(other), { status: 503, askedAt })).toEqual([]);
  });

  test('is excused while the house is starting: in this life it has answered nobody', () => {
    const history = resting();
    const askedAt = history.at;
    history.at += 2_000;
    expect(found(history.say(other), { status: 503, askedAt }, false)).toEqual([]);
  });

  test('is excused by another life in between', () => {
    const history = resting();
    const askedAt = history.at;
    history.at += 2_000;
    const { records } = history.say(other);
    const last = { ...records.at(-1)!, epoch: 2 };
    expect(found({ records: [...records.slice(0, -1), last] }, { status: 503, askedAt })).toEqual([]);
  });
});
