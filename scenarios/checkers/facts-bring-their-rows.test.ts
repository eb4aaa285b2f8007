/** D6 on commits that leave something out. */
import { expect, test } from 'vitest';
import type { OrderCancelRequested } from '../../messages/order.ts';
import type { EntityRow, Group } from '../../runtime/store.ts';
import { commitOf, ended, groupOf, History, intended, rowOf, submitted } from '../testing/history.ts';
import { factsBringTheirRows } from './facts-bring-their-rows.ts';
import type { Fact } from './folds/facts.ts';

const kept = rowOf('orders', 'trade-1', {});
const gone: EntityRow = { ...kept, state: null };
const promise = { sequence: 2, agent: 'orders' };

function found(facts: readonly Fact[], group: Partial<Group>): string[] {
  const told: string[] = [];
  const checker = factsBringTheirRows();
  const { records } = new History().say(...facts);
  for (const record of records) for (const fold of checker.folds ?? []) fold.apply(record);
  checker.onGroup?.(groupOf(records, { commit: commitOf(records, { group }) }), (what) => told.push(what));
  return told;
}

test('an order is written with what is said of it, and taken away with its end', () => {
  expect(found([submitted(), intended()], { rows: [kept], opened: [promise] })).toEqual([]);
  expect(found([submitted(), ended()], { rows: [gone] })).toEqual([]);
});

test('finds a commit without the row', () => {
  expect(found([submitted()], { rows: [rowOf('risk', 'trade-1', {})] })).toEqual([
    'the order.submitted 1 is committed without the row of order trade-1',
  ]);
});

test('finds a row that outlives its order, and one that its order outlives', () => {
  expect(found([submitted(), ended()], { rows: [kept] })).toContain(
    'the order.ended 2 is committed, and the row of order trade-1 is kept',
  );
  expect(found([submitted()], { rows: [gone] })).toEqual([
    'the order.submitted 1 is committed, and the row of order trade-1 is taken away',
  ]);
});

test('finds an intent that promises nothing', () => {
  expect(found([submitted(), intended()], { rows: [kept] })).toEqual([
    'the order.intended 2 is committed, and no promise of what follows it',
  ]);
});

test('a cancel that is asked for again changes nothing of its order, and is promised all the same', () => {
  const cancel = { type: 'order.cancel-requested', orderId: 'trade-1' } as OrderCancelRequested;
  expect(found([submitted(), cancel], { rows: [kept], opened: [promise] })).toEqual([]);
  expect(found([cancel], {})).toEqual(['the order.cancel-requested 1 is committed, and no promise of what follows it']);
});
