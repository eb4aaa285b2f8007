/** I6 on rows and postings that lose or make money. */
import { expect, test } from 'vitest';
import { filled, findingsOf, History, leaving } from '../testing/history.ts';
import { posting, rowsWith, smallHistory, smallRest, TABLES } from '../testing/small-world.ts';
import type { Rest } from './checker.ts';
import { moneyConserved } from './money-conserved.ts';

const history = smallHistory();
const found = (world: Partial<Rest>) => findingsOf(moneyConserved(), history, smallRest(history, world));
const ledgerWith = (...rows: ReturnType<typeof posting>[]) => ({
  rows: (table: string) => (table === 'ledger' ? rows : (TABLES[table] ?? [])),
});
const deposit = posting('deposit/acct-1', { cash: '100000', capital: '-100000' });

test('finds a cent that the portfolio has too much', () => {
  const stored = { rows: rowsWith({ 'portfolio acct-1': { cash: '84999.01' } }), cursors: [], effects: [] };
  expect(found({ stored })).toEqual([
    "the portfolio's row of acct-1 is off by 0.01",
    "the portfolio's cash of acct-1 is 84999.01, the records say 84999",
  ]);
});

test('finds a posting that does not balance, is missing, or says something else', () => {
  const broken = posting('trade-1-1', { cash: '-15001', securities: '15000' });
  expect(found(ledgerWith(deposit, broken))[0]).toBe('the posting trade-1-1 sums to -1');
  expect(found(ledgerWith(deposit))).toEqual(['the posting trade-1-1 is missing']);
  const other = posting('trade-1-1', { cash: '-15002', securities: '15000', commission: '2' });
  expect(found(ledgerWith(deposit, other))[0]).toMatch(/^the posting trade-1-1 is .*, the record says /);
});

test('conserves money through losses, partial closes, reversals and prices that do not divide', () => {
  const trades = [
    ['buy', '3', '10.01'],
    ['buy', '4', '10.02'],
    ['sell', '5', '9.99'],
    ['sell', '7', '10.5'],
    ['buy', '2', '11.07'],
    ['buy', '3', '9.1'],
  ] as const;
  const facts = trades.flatMap(([side, quantity, price], index) => {
    const order = { orderId: `trade-${index}`, side, quantity, price };
    return [...leaving(order), filled(order, { commission: '0.07' })];
  });
  expect(findingsOf(moneyConserved(), new History().say(...facts))).toEqual([]);
});
