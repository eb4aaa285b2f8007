/** The read tables with one row missing, too much, or wrong in one column. */
import { expect, test } from 'vitest';
import { findingsOf } from '../testing/history.ts';
import { smallHistory, smallRest, TABLES } from '../testing/small-world.ts';
import { tablesEqualRecords } from './tables-equal-records.ts';

const history = smallHistory();
const found = (name: string, rows: readonly Readonly<Record<string, unknown>>[]) =>
  findingsOf(
    tablesEqualRecords(),
    history,
    smallRest(history, { rows: (table) => (table === name ? rows : (TABLES[table] ?? [])) }),
  );
const changed = (name: string, column: string, value: unknown) =>
  (TABLES[name] ?? []).map((row, index) => (index === 0 ? { ...row, [column]: value } : row));

test.each([
  ['orders', 'status', 'working'],
  ['orders', 'filledQuantity', '99'],
  ['orders', 'endedAt', null],
  ['orders', 'listed', false],
  ['fills', 'price', '151'],
  ['fills', 'realizedPnl', '1'],
  ['fills', 'sequence', 4],
  ['halts', 'status', 'resolved'],
  ['halts', 'targetId', null],
])('finds in %s a wrong %s', (name, column, value) => {
  const findings = found(name, changed(name, column, value));
  expect(findings).toHaveLength(1);
  expect(findings[0]).toContain(`: ${column} is`);
});

test.each(['orders', 'fills', 'halts'])('finds missing and surplus rows of %s', (name) => {
  expect(found(name, []).every((finding) => finding.endsWith('is missing'))).toBe(true);
  expect(found(name, []).length).toBeGreaterThan(0);
  expect(found(name, [...(TABLES[name] ?? []), { id: 'other' }])).toEqual([`${name} other has no record`]);
});
