/** I2 on positions that differ in one place. */
import { expect, test } from 'vitest';
import type { Upsert } from '../../runtime/store.ts';
import { commitOf, filled, findingsOf, groupOf, History } from '../testing/history.ts';
import { goodVenue, rowsWith, smallHistory, smallRest, TABLES } from '../testing/small-world.ts';
import { positionsAgree } from './positions-agree.ts';

const history = smallHistory();
const portfolioHas = (quantity: string, cursor: number) => ({
  rows: rowsWith({ 'portfolio acct-1': { positions: { AAPL: { quantity } } } }),
  cursors: [{ agent: 'portfolio', sequence: cursor }],
  effects: [],
});

test('finds a portfolio that lost a fill', () => {
  const stored = portfolioHas('90', 10);
  expect(findingsOf(positionsAgree(), history, smallRest(history, { stored }))).toEqual([
    'portfolio: the position acct-1/AAPL is 90, the fills make 100',
  ]);
});

test('gives a portfolio that has not read on its time, as long as faults last', () => {
  const stored = portfolioHas('0', 4);
  expect(findingsOf(positionsAgree(), history, smallRest(history, { stored, healed: false }))).toEqual([]);
  expect(findingsOf(positionsAgree(), history, smallRest(history, { stored }))).toHaveLength(1);
});

test('finds a read table that differs', () => {
  const rows = (table: string) => (table === 'positions' ? [] : (TABLES[table] ?? []));
  expect(findingsOf(positionsAgree(), history, smallRest(history, { rows }))).toEqual([
    'read table: the position acct-1/AAPL is 0, the fills make 100',
  ]);
});

test('finds a venue that holds more', () => {
  const venueOrders = goodVenue();
  const resting = venueOrders.get('trade-2')!;
  const fill = { executionId: 'trade-2-1', quantity: '4', price: '140', commission: '0' };
  venueOrders.set('trade-2', { ...resting, fills: [fill] });
  expect(findingsOf(positionsAgree(), history, smallRest(history, { venueOrders }))).toEqual([
    'venue: the position acct-1/AAPL is 104, the fills make 100',
  ]);
});

/** A fill of 100 is committed with these rows. */
function foundWith(...upserts: readonly Upsert[]): string[] {
  const told: string[] = [];
  const checker = positionsAgree();
  const { records } = new History().say(filled());
  for (const record of records) checker.onRecord(record, (what) => told.push(what));
  const commit = commitOf(records, { group: { upserts } });
  for (let time = 0; time < 2; time += 1) checker.onGroup?.(groupOf(records, { commit }), (what) => told.push(what));
  return [...new Set(told)];
}
const positionRow = (quantity: string, key = 'acct-1/AAPL'): Upsert => ({ table: 'positions', key, row: { quantity } });

test('finds a commit that writes another position than its fills make, or none', () => {
  expect(foundWith(positionRow('100'))).toEqual([]);
  expect(foundWith(positionRow('90'))).toEqual([
    'the position acct-1/AAPL is written as 90, the fills so far make 100',
  ]);
  expect(foundWith()).toEqual(['a fill moves the position acct-1/AAPL, and the commit does not write it']);
  expect(foundWith(positionRow('100'), positionRow('1', 'acct-1/MSFT'))).toEqual([
    'the position acct-1/MSFT is written as 1, the fills so far make 0',
  ]);
});
