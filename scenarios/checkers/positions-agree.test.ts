/** I2 on positions that differ in one place. */
import { expect, test } from 'vitest';
import { findingsOf } from '../testing/history.ts';
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
