/** The read tables with one row missing, too much, or wrong in one column. */
import { expect, test } from 'vitest';
import { decided, findingsOf, requested, STARTS_AT } from '../testing/history.ts';
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

test('finds an approval whose row is not what was decided', () => {
  const asking = { orderId: 'trade-3' };
  const asked = smallHistory().say(requested(asking), decided('rejected', asking));
  const row = {
    ...{ id: 'req-1', sequence: 11, orderId: 'trade-3', traderId: 'agent-1', userId: 'user-1', symbol: 'AAPL' },
    ...{ side: 'buy', quantity: '100', price: '150', amount: '15000', reason: 'large', priority: 'medium' },
    ...{ status: 'rejected', contentHash: 'h', bandLow: '148.5', bandHigh: '151.5', expiresAt: 0 },
    ...{ createdAt: STARTS_AT + 10, decidedBy: 'supervisor-1', decidedAt: STARTS_AT + 11, comment: null },
  };
  const foundWith = (approval: object) => {
    const rows = (table: string) => (table === 'approvals' ? [{ ...approval }] : (TABLES[table] ?? []));
    return findingsOf(tablesEqualRecords(), asked, smallRest(asked, { rows }));
  };
  expect(foundWith(row)).toEqual([]);
  expect(foundWith({ ...row, status: 'pending' })).toEqual([
    'approvals req-1: status is "pending", the records say "rejected"',
  ]);
});
