/** A1 on answers that say more than the journal knew. */
import { expect, test } from 'vitest';
import { findingsAt } from '../testing/answers.ts';
import { findingsOf, History, leaving } from '../testing/history.ts';
import { acknowledgedIsDurable } from './acknowledged-is-durable.ts';

const accepted = { body: JSON.stringify({ id: 'trade-1', status: 'pending' }) };

function after(history: History) {
  const checker = acknowledgedIsDurable();
  findingsOf(checker, history);
  return checker;
}

test('an accepted trade whose record was durable is as promised', () => {
  expect(findingsAt(after(new History().say(...leaving())), { ...accepted, durableSequence: 1 })).toEqual([]);
});

test('finds an answer that left before its record was durable', () => {
  const checker = after(new History().say(...leaving()));
  expect(findingsAt(checker, { ...accepted, durableSequence: 0 })).toEqual([
    'POST /api/v1/agents/agent-1/trades was answered 201 at 0, before its order.submitted 1 was durable',
  ]);
});

test('finds an accepted trade that no record knows', () => {
  expect(findingsAt(after(new History()), accepted)).toHaveLength(1);
});

test('an executed trade needs its fill', () => {
  const body = JSON.stringify({ success: true, trade: { id: 'trade-1', status: 'executed' } });
  expect(findingsAt(after(new History().say(...leaving())), { body })).toHaveLength(1);
});

test('a refusal promises nothing', () => {
  expect(findingsAt(after(new History()), { status: 503, body: '' })).toEqual([]);
});

test.each([
  ['POST', '/api/v1/emergency-stop', { stop_id: 'stop-1' }],
  ['DELETE', '/api/v1/emergency-stop/stop-1', {}],
  ['POST', '/api/v1/oversight/requests/req-1/approve', {}],
  ['DELETE', '/api/v1/agents/agent-1', {}],
  ['POST', '/api/v1/agents', { id: 'agent-1' }],
])('finds %s %s answered without a record', (method, path, body) => {
  expect(findingsAt(after(new History()), { method, path, status: 200, body: JSON.stringify(body) })).toHaveLength(1);
});
