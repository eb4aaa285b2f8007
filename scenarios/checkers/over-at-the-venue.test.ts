/** L2 on orders that were given up too early. */
import { expect, test } from 'vitest';
import type { VenueCall } from '../../adapters/paper/calls.ts';
import type { PaperOrder } from '../../adapters/paper/matching.ts';
import { ended, findingsOf, groupOf, History, intended, sent, submitted } from '../testing/history.ts';
import { overAtTheVenue } from './over-at-the-venue.ts';

const given = () => new History().say(submitted(), intended(), sent(), ended({}, { end: 'canceled' }));
const filledThere = new Map([['trade-1', { status: 'filled' } as PaperOrder]]);
const cancel: VenueCall = { at: 1, call: 'cancel', clientOrderId: 'trade-1', told: 'filled' };

const found = (venueOrders: ReadonlyMap<string, PaperOrder>, venueCalls: readonly VenueCall[] = []) => {
  const history = given();
  return findingsOf(overAtTheVenue(), history, history.rest({ venueOrders, venueCalls }));
};

test('an end that the venue knows, and a fill that crossed a cancel, keep the promise', () => {
  expect(found(new Map([['trade-1', { status: 'canceled' } as PaperOrder]]))).toEqual([]);
  expect(found(new Map())).toEqual([]);
  expect(found(filledThere, [cancel])).toEqual([]);
});

test('what was given up and filled there breaks it', () => {
  expect(found(filledThere)).toEqual(['order trade-1 has ended as canceled, and the venue has filled it']);
});

test('what was given up and is found open there breaks it', () => {
  const open = {
    ...{ type: 'order.external-found', clientOrderId: 'trade-1', accountId: 'acct-1', symbol: 'AAPL', side: 'buy' },
    ...{ leavesQuantity: '60', price: '150', ours: true },
  } as never;
  expect(findingsOf(overAtTheVenue(), given().say(open))).toEqual([
    'order trade-1 has ended as canceled, and 60 of it work at the venue',
  ]);
  expect(findingsOf(overAtTheVenue(), new History().say(submitted(), open))).toEqual([]);
});

test('what works there at the moment at which its end becomes durable breaks it', () => {
  const found = (status: PaperOrder['status']) => {
    const checker = overAtTheVenue();
    const { records, at } = given();
    const told: string[] = [];
    const tell = (what: string) => told.push(what);
    for (const record of records) if (checker.takes?.includes(record.type as never)) checker.onRecord(record, tell);
    const venueOrders = new Map([['trade-1', { status } as PaperOrder]]);
    for (let commit = 0; commit < 2; commit += 1)
      checker.onGroup?.(groupOf(records, { landedAt: at, venueOrders }), tell);
    return told;
  };
  expect(found('accepted')).toEqual(['order trade-1 ends as canceled, and works at the venue']);
  expect(found('canceled')).toEqual([]);
});
