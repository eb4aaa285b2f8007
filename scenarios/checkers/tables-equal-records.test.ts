/** The read tables with one row missing, too much, or wrong in one column. */
import { describe, expect, test } from 'vitest';
import { decided, findingsOf, halted, requested, STARTS_AT } from '../testing/history.ts';
import { smallHistory, smallRest, TABLES } from '../testing/small-world.ts';
import type { Rest } from './checker.ts';
import type { Fact } from './folds/facts.ts';
import { Panel } from './panel.ts';
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

describe('looked at again', () => {
  /** Looks once at what is in order, and then at what `again` makes of it. */
  function lookTwice(again: (panel: Panel) => Partial<Rest>): string[] {
    const found: string[] = [];
    const panel = new Panel([tablesEqualRecords()], (_, what) => found.push(what));
    for (const record of history.records) panel.record(record);
    panel.rest(smallRest(history, { healed: false }));
    expect(found).toEqual([]);
    panel.rest(smallRest(history, { healed: false, ...again(panel) }));
    return found;
  }

  test('the same rows are in order still', () => {
    expect(lookTwice(() => ({}))).toEqual([]);
  });

  test('finds a row that has changed without a record', () => {
    const rows = (table: string) => (table === 'fills' ? changed('fills', 'price', '151') : (TABLES[table] ?? []));
    expect(lookTwice(() => ({ rows }))).toHaveLength(1);
  });

  test('finds a row that has not followed its record', () => {
    const findings = lookTwice((panel) => {
      const later = smallHistory().say({ ...halted, type: 'trading.resumed', by: 'x', reason: 'over' } as Fact);
      panel.record(later.records.at(-1)!);
      return {};
    });
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every((what) => what.startsWith('halts stop-1: '))).toBe(true);
  });

  test('in a healed world every row is compared, whatever was found before', () => {
    const row = { ...TABLES.fills![0]! } as Record<string, unknown>;
    const rows = (table: string) => (table === 'fills' ? [row] : (TABLES[table] ?? []));
    const found: string[] = [];
    const panel = new Panel([tablesEqualRecords()], (_, what) => found.push(what));
    for (const record of history.records) panel.record(record);
    panel.rest(smallRest(history, { healed: false, rows }));
    row.price = '151';
    panel.rest(smallRest(history, { healed: true, rows }));
    expect(found).toHaveLength(1);
  });
});
