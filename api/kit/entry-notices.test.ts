/** What whoever starts a live run is told beforehand, at the price of the moment. */
import { expect, it } from 'vitest';
import { FakeHouse } from '../testing/fake-house.ts';
import { entryNotices } from './entry-notices.ts';

function noticesAt(ask: number, quantity = 1, strategyType = 'max', symbol = 'NQ'): readonly string[] {
  const house = new FakeHouse();
  house.quotes.set(symbol, { type: 'market.quote', symbol, bid: ask - 1, ask, last: ask, simulated: true });
  return entryNotices(house, { strategyType, symbol, parameters: { quantity } });
}

it('says that an entry above the threshold waits for a person, and how many the volume of a day has room for', () => {
  expect(noticesAt(21_000)).toEqual([
    'An entry of 1 NQ is worth 420,000 USD now, more than the 50,000 USD that need no person: each waits for a supervisor, for 60 s at most.',
    'An entry of 1 NQ is worth 420,000 USD now; the daily volume of 500,000 USD of a trader has room for 1 of them.',
  ]);
  expect(noticesAt(21_000, 2)[1]).toContain('is less than that: it will be refused.');
});

it('says nothing where nothing stands in the way: the threshold itself passes', () => {
  expect(noticesAt(2_500)).toEqual([]);
  expect(noticesAt(2_500.25)[0]).toContain('waits for a supervisor');
  expect(noticesAt(1.1, 45_000, 'sma_cross', 'EURUSD')).toEqual([]);
});

it('says that entries are made in whole steps, and that less than one is none', () => {
  expect(noticesAt(2_500, 1.5)).toEqual(['NQ is traded in multiples of 1: an entry of 1.5 is made one of 1.']);
  expect(noticesAt(21_000, 0.5)).toEqual([
    'An entry of 0.5 NQ is less than 1, the least that its market trades: each will be refused.',
  ]);
});

it('says that nothing quoted in another currency than accounts have is entered', () => {
  expect(noticesAt(155, 1, 'sma_cross', 'USDJPY')).toEqual([
    'USDJPY is quoted in JPY, and accounts are in USD: every entry will be refused.',
  ]);
});

it('says that there is no price yet, and nothing of what nobody knows', () => {
  const house = new FakeHouse();
  const of = { strategyType: 'max', parameters: {} };
  expect(entryNotices(house, { ...of, symbol: 'NQ' })).toEqual([
    'There is no quote of NQ now: nothing is entered before there is one.',
  ]);
  expect(entryNotices(house, { ...of, symbol: 'nothing' })).toEqual([]);
});
