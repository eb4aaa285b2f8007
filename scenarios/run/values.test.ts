/** How a scenario reaches into values and compares them. */
import { describe, expect, test } from 'vitest';
import { durationMs, durationText, type Wanted } from '../file/fields.ts';
import { fieldMismatch, fillIn, mismatch, pick } from './values.ts';

const scope = new Map<string, unknown>([
  ['alpha', { id: 'agent-1', config: { budget: 5 } }],
  ['order1', { trades: [{ id: 'trade-1' }] }],
]);

describe('a path', () => {
  test('reaches into objects and lists', () => {
    expect(pick({ a: [{ b: 1 }, { b: 2 }] }, 'a[1].b')).toBe(2);
    expect(pick([{ b: 1 }], '[0].b')).toBe(1);
  });
  test('that leads nowhere is undefined', () => {
    expect(pick({ a: 1 }, 'a.b.c')).toBeUndefined();
    expect(pick(undefined, 'a')).toBeUndefined();
  });
});

describe('a reference', () => {
  test('is replaced in texts, lists and mappings', () => {
    expect(fillIn({ path: '/agents/${alpha.id}/x', all: ['${order1.trades[0].id}'] }, scope)).toEqual({
      path: '/agents/agent-1/x',
      all: ['trade-1'],
    });
  });
  test('alone is the value itself, not its text', () => {
    expect(fillIn('${alpha.config}', scope)).toEqual({ budget: 5 });
    expect(fillIn('budget ${alpha.config.budget}', scope)).toBe('budget 5');
  });
  test('that nobody knows is an error', () => {
    expect(() => fillIn('${beta.id}', scope)).toThrow('${beta.id} is not known (yet)');
    expect(() => fillIn('${alpha.name}', scope)).toThrow(
      '${alpha.name} is not known: "alpha" holds id, config, and no name',
    );
  });
});

describe('a wanted value', () => {
  test.each<[unknown, Wanted]>([
    ['10', 10],
    ['10.50', 10.5],
    [10, 10],
    ['AAPL', 'AAPL'],
    [null, null],
    [5, { min: 5, max: 5 }],
    ['7.5', { min: 7 }],
    ['sell', { not: 'buy' }],
    ['b', { in: ['a', 'b'] }],
    ['order-17', { matches: '^order-\\d+$' }],
    [undefined, { exists: false }],
    [0, { exists: true }],
  ])('%o is %o', (value, wanted) => expect(mismatch(value, wanted)).toBeUndefined());
  test.each<[unknown, Wanted, string]>([
    ['10', '10.0', 'is "10", not "10.0"'],
    [undefined, 'x', 'is absent, not "x"'],
    [4, { min: 5 }, 'is 4, not at least 5'],
    ['many', { max: 5 }, 'is "many", not at most 5'],
    ['buy', { not: 'buy' }, 'is "buy"'],
    ['c', { in: ['a', 'b'] }, 'is "c", none of "a", "b"'],
    ['x1', { matches: '^y' }, 'is "x1", which does not match ^y'],
    [null, { exists: true }, 'is absent'],
    [3, { exists: false }, 'is there: 3'],
  ])('%o is not %o', (value, wanted, why) => expect(mismatch(value, wanted)).toBe(why));
  test('may be a reference', () => {
    expect(fieldMismatch({ traderId: 'agent-1' }, { traderId: '${alpha.id}' }, scope)).toBeUndefined();
    expect(fieldMismatch({ traderId: 'agent-2' }, { traderId: '${alpha.id}' }, scope)).toBe(
      'traderId is "agent-2", not "agent-1"',
    );
    expect(fieldMismatch({}, { traderId: '${gamma.id}' }, scope)).toBe('${gamma.id} is not known (yet)');
  });
});

test('durations are read and written', () => {
  expect(['90s', '1h30m', '250ms', '1d', '0.5m'].map(durationMs)).toEqual([90_000, 5_400_000, 250, 86_400_000, 30_000]);
  expect([250, 90_000, 5_400_000, 2_500, 3_600_000].map(durationText)).toEqual([
    '250ms',
    '1m30s',
    '1h30m',
    '2.5s',
    '1h',
  ]);
});
