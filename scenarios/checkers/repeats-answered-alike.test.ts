/** A8 on requests that come again. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { KeyClaimed, KeySettled } from '../../messages/key.ts';
import { heard } from '../testing/answers.ts';
import { groupOf, History, STARTS_AT, submitted } from '../testing/history.ts';
import type { CheckedAnswer } from './checker.ts';
import { repeatsAnsweredAlike } from './repeats-answered-alike.ts';

const PATH = '/api/v1/agents/agent-1/trades';
const FIRST = { status: 201, body: '{"id":"trade-1"}' };
const asked = { key: 'key-1', asked: '{"symbol":"AAPL"}', who: 'ann', askedAt: STARTS_AT + 1_000, ...FIRST };
const settled = (scope = 'user-1'): KeySettled => ({
  ...{ type: 'key.settled', scope: `${scope} POST ${PATH}`, key: 'key-1', answer: FIRST },
});

function found(facts: readonly (KeyClaimed | KeySettled)[], answers: readonly Partial<CheckedAnswer>[]): string[] {
  const checker = repeatsAnsweredAlike();
  const told: string[] = [];
  const [record] = new History().say(submitted()).records;
  const records = facts.map((message) => ({ ...record!, type: message.type, message }));
  checker.onGroup?.(groupOf(records, { landedAt: STARTS_AT }), (what) => told.push(what));
  for (const answer of answers) checker.onAnswer?.(heard({ ...asked, ...answer }), (what) => told.push(what));
  return told;
}

test('the remembered answer again is right, and so is none at all', () => {
  expect(found([settled()], [{}, { status: 503, body: '{}' }])).toEqual([]);
});

test('finds a conflict where the body was the same', () => {
  const conflict = { status: 422, body: 'This Idempotency-Key was used with another request body' };
  expect(found([], [{}, conflict])).toEqual([
    `POST ${PATH} key-1 was answered 422, and always had the same body: ${conflict.body}`,
  ]);
  expect(found([], [{}, { ...conflict, asked: '{"symbol":"TSLA"}' }])).toEqual([]);
});

test('finds an answer that is not the remembered one', () => {
  const under = { status: 409, body: '{}' };
  expect(found([settled()], [under])).toEqual([
    `POST ${PATH} key-1 was answered 201 ${FIRST.body} first, and then 409 {}`,
  ]);
  // Asked before the first was remembered, and where two callers use one key, nobody can tell.
  expect(found([settled()], [{ ...under, askedAt: STARTS_AT }])).toEqual([]);
  expect(found([settled(), settled('user-2')], [under])).toEqual([]);
});

test('finds a second entity', () => {
  expect(found([], [{}, { body: '{"id":"trade-2"}' }])).toEqual([
    `POST ${PATH} key-1 was about trade-1, and asked again about trade-2`,
  ]);
});

test('finds a deed under a key that was claimed with another body, whatever the order of its fields', () => {
  const bodyHash = createHash('sha256').update('{"a":1,"b":2}').digest('hex');
  const claimed: KeyClaimed = {
    ...{ type: 'key.claimed', scope: `user-1 POST ${PATH}`, key: 'key-1', bodyHash, entity: 'trade-1' },
  };
  expect(found([claimed], [{ asked: '{"b":2,"a":1}' }])).toEqual([]);
  expect(found([claimed], [{ asked: '{"a":1,"b":3}', status: 422 }])).toEqual([]);
  expect(found([claimed], [{ asked: '{"a":1,"b":3}' }])).toEqual([
    `POST ${PATH} key-1 was claimed with another body, and answered 201 ${FIRST.body}`,
  ]);
});
