/** D2 on commits of two processes, and of one that has lost a commit. */
import { expect, test } from 'vitest';
import { commitOf, groupOf, History, leaving, submitted } from '../testing/history.ts';
import type { CheckedCommit, CheckedGroup } from './checker.ts';
import { oneWriter } from './one-writer.ts';

const { records } = new History().say(...leaving(), submitted({ orderId: 'trade-2' }));
type Changes = NonNullable<Parameters<typeof commitOf>[1]>;

/** The first two records, or those behind them, as one commit. */
function commit(half: 'first' | 'second', changes: Changes = {}): CheckedGroup {
  const its = half === 'first' ? records.slice(0, 2) : records.slice(2);
  const epoch = changes.group?.epoch ?? 1;
  const told = its.map((record) => ({ ...record, epoch }));
  return groupOf(told, { commit: commitOf(told, changes) });
}

function found(groups: readonly CheckedGroup[], lost?: CheckedCommit): string[] {
  const told: string[] = [];
  const checker = oneWriter();
  const [first, ...others] = groups;
  checker.onGroup?.(first!, (what) => told.push(what));
  if (lost) checker.onLost?.(lost, (what) => told.push(what));
  for (const group of others) checker.onGroup?.(group, (what) => told.push(what));
  return told;
}

test('one process goes on, and another one under a higher epoch', () => {
  expect(found([commit('first'), commit('second')])).toEqual([]);
  expect(found([commit('first'), commit('second', { connection: 2, group: { epoch: 2 } })])).toEqual([]);
});

test('finds a gap between two commits', () => {
  expect(found([commit('first'), commit('second', { group: { previousSequence: 3 } })])).toEqual([
    'the commit up to 4 follows 3, and 2 was durable',
  ]);
});

test('finds another process under the same epoch, and one of an older epoch', () => {
  expect(found([commit('first'), commit('second', { connection: 2 })])).toEqual([
    'the commit up to 4 is of another process than the one before, and both write under epoch 1',
  ]);
  expect(found([commit('first', { group: { epoch: 2 } }), commit('second')])).toEqual([
    'the commit up to 4 of epoch 1 landed behind one of epoch 2',
  ]);
});

test('finds who goes on in the epoch in which a commit was lost', () => {
  const lost = commit('second').commit;
  expect(found([commit('first'), commit('second')], lost)).toEqual([
    'the commit up to 4 is of epoch 1, in which a commit was lost before',
  ]);
  expect(found([commit('first'), commit('second', { group: { epoch: 2 } })], lost)).toEqual([]);
});

test('finds a record that bears another epoch than its commit', () => {
  const group = commit('first');
  expect(found([{ ...group, records: records.map((record) => ({ ...record, epoch: 3 })) }])).toEqual([
    'record 1 of epoch 3 is in a commit of epoch 1',
  ]);
});
