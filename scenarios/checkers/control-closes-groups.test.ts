/** D1 on commits with a halt in them. */
import { expect, test } from 'vitest';
import { groupOf, History, halted, leaving } from '../testing/history.ts';
import type { CheckedRecord } from './checker.ts';
import { controlClosesGroups } from './control-closes-groups.ts';

function found(records: readonly CheckedRecord[]): string[] {
  const told: string[] = [];
  controlClosesGroups().onGroup?.(groupOf(records), (what) => told.push(what));
  return told;
}

test('a halt may come last, behind what was waiting', () => {
  expect(found(new History().say(...leaving(), halted).records)).toEqual([]);
});

test('what its own turn recorded behind it belongs to it', () => {
  expect(found(new History().say(halted, ...leaving()).records)).toEqual([]);
});

test('finds what another turn recorded behind it', () => {
  const { records } = new History().say(halted, ...leaving());
  const later = records.map((record, index) => (index === 2 ? { ...record, causationId: 1 } : record));
  expect(found(later)).toEqual(['the order.intended 3 was committed behind the trading.halted 1']);
});
