/** A2 on keys that name more than one entity. */
import { expect, test } from 'vitest';
import { findingsOf, History } from '../testing/history.ts';
import type { Fact } from './folds/facts.ts';
import { oneKeyOneEntity } from './one-key-one-entity.ts';

const claimed = (key: string, entity: string): Fact =>
  ({ type: 'key.claimed', scope: 'user POST /trades', key, bodyHash: 'h', entity }) as unknown as Fact;

test('keys with an entity each are in order', () => {
  expect(findingsOf(oneKeyOneEntity(), new History().say(claimed('a', 'trade-1'), claimed('b', 'trade-2')))).toEqual(
    [],
  );
});

test('finds a key that names a second entity', () => {
  expect(findingsOf(oneKeyOneEntity(), new History().say(claimed('a', 'trade-1'), claimed('a', 'trade-2')))).toEqual([
    'the key a named trade-1, and 1 ms later trade-2',
  ]);
});

test('finds an entity with two keys', () => {
  expect(
    findingsOf(oneKeyOneEntity(), new History().say(claimed('a', 'trade-1'), claimed('b', 'trade-1'))),
  ).toHaveLength(1);
});

test('a key may be used again after a day', () => {
  const history = new History().say(claimed('a', 'trade-1'));
  history.at += 24 * 60 * 60 * 1_000;
  expect(findingsOf(oneKeyOneEntity(), history.say(claimed('a', 'trade-2')))).toEqual([]);
});
