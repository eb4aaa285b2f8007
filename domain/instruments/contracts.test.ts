/** Dated contracts against dates that CME Group has published. */
import { describe, expect, it } from 'vitest';
import { dayText } from '../sessions/zone.ts';
import { contractSymbol, contractYear, frontContract, lastTradeDay, parseContract, rollDay } from './contracts.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const contract = (symbol: string) => parseContract(symbol)!;

describe('a year of one digit', () => {
  it.each([
    ['NQZ5', 2025],
    ['NQH2', 2022],
    ['NQH1', 2031],
    ['NQZ6', 2026],
    ['NQZ25', 2025],
  ])('%s is of %i, seen from 2026', (symbol, year) => expect(contractYear(contract(symbol), NOW)).toBe(year));
  it('is another one when it is seen from another year', () => {
    expect(contractYear(contract('NQH0'), Date.parse('2019-12-16T00:00:00Z'))).toBe(2020);
  });
});

describe('the last day of trading', () => {
  it.each([
    ['ESZ25', '2025-12-19'],
    ['NQH26', '2026-03-20'],
    ['GCZ25', '2025-12-29'],
    ['CLF26', '2025-12-19'],
    ['CLZ25', '2025-11-20'],
    ['NGF26', '2025-12-29'],
    ['6EZ25', '2025-12-15'],
    ['ZNZ25', '2025-12-19'],
  ])('of %s is %s', (symbol, day) => expect(dayText(lastTradeDay(contract(symbol), NOW))).toBe(day));
});

describe('the front contract', () => {
  const front = (root: string, text: string) => contractSymbol(frontContract(root, Date.parse(text)));

  it('of an index moves on on the Monday before the third Friday', () => {
    expect(dayText(rollDay(contract('ESZ25'), NOW))).toBe('2025-12-15');
    expect(front('ES', '2025-12-14T23:00:00Z')).toBe('ESZ25');
    expect(front('ES', '2025-12-15T12:00:00Z')).toBe('ESH26');
    expect(front('NQ', '2025-12-31T12:00:00Z')).toBe('NQH26');
  });
  it('of gold moves on before its first notice', () => {
    expect(front('GC', '2025-11-24T12:00:00Z')).toBe('GCZ25');
    expect(front('GC', '2025-11-28T12:00:00Z')).toBe('GCG26');
  });
  it('of crude oil is a month ahead', () => {
    expect(front('CL', '2025-11-14T12:00:00Z')).toBe('CLZ25');
    expect(front('CL', '2025-11-20T12:00:00Z')).toBe('CLF26');
  });
});
