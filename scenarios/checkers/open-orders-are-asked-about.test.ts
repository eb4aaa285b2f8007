/** A10 on an order that rests while one process dies and another one begins. */
import { expect, test } from 'vitest';
import type { VenueCall } from '../../adapters/paper/calls.ts';
import { ended, findingsOf, History, leaving, submitted } from '../testing/history.ts';
import type { Fact } from './folds/facts.ts';
import { openOrdersAreAskedAbout } from './open-orders-are-asked-about.ts';

const other = submitted({ orderId: 'trade-2' });

/** The first three records are of one life, and all others of the next one. */
function found(later: readonly Fact[], call?: Partial<VenueCall>, healed = true): string[] {
  const history = new History().say(...leaving(), ...later);
  const records = history.records.map((record, index) => ({
    ...record,
    epoch: index < 3 ? 1 : 2,
  }));
  const lookup: VenueCall = { at: history.at, call: 'lookup', clientOrderId: 'trade-1', told: 'accepted', ...call };
  const checker = openOrdersAreAskedAbout();
  return findingsOf(checker, { records }, history.rest({ venueCalls: call ? [lookup] : [], healed }));
}

test('finds an order that nobody has asked about', () => {
  const finding = 'order trade-1 was open when this life began, and nobody has asked the venue about it';
  expect(found([other])).toEqual([finding]);
  expect(found([other], { clientOrderId: 'trade-9' })).toEqual([finding]);
  expect(found([other], { at: 0 })).toEqual([finding]);
});

test('what was asked about, or has ended, is in order', () => {
  expect(found([other], {})).toEqual([]);
  expect(found([other, ended()])).toEqual([]);
});

test('says nothing within one life, and while faults last', () => {
  expect(found([])).toEqual([]);
  expect(found([other], undefined, false)).toEqual([]);
});
