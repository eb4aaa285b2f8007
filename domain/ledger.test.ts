/** Postings balance, and name what moved. */
import { expect, test } from 'vitest';
import { depositEntries, fillEntries } from './ledger.ts';
import { applyFill, FLAT } from './position.ts';

test('a deposit is cash against capital', () => {
  expect(depositEntries('acc', '1000')).toEqual([
    { account: 'acc/cash', amount: '1000' },
    { account: 'acc/capital', amount: '-1000' },
  ]);
});

test('a closing fill books cash, securities at cost, profit and commission', () => {
  const opened = applyFill(FLAT, { side: 'buy', quantity: '10', price: '100' });
  const fill = { side: 'sell' as const, quantity: '10', price: '110', commission: '1' };
  expect(fillEntries('acc', fill, opened, applyFill(opened, fill))).toEqual([
    { account: 'acc/cash', amount: '1099' },
    { account: 'acc/securities', amount: '-1000' },
    { account: 'acc/realized-pnl', amount: '-100' },
    { account: 'acc/commission', amount: '1' },
  ]);
});

test('a posting that does not balance is a bug', () => {
  const fill = { side: 'buy' as const, quantity: '1', price: '10', commission: '0' };
  expect(() => fillEntries('acc', fill, FLAT, { cost: '11', realizedPnl: '0' })).toThrow('sums to zero, not to 1');
});
