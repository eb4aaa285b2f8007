/** I5 on venues that have an order twice, otherwise, or without our intent. */
import { expect, test } from 'vitest';
import type { VenueCall } from '../../adapters/paper/calls.ts';
import { findingsOf, groupOf, History, intended, STARTS_AT, ticket } from '../testing/history.ts';
import { goodVenue, smallHistory, smallRest, venueOrder } from '../testing/small-world.ts';
import type { Rest } from './checker.ts';
import { oneVenueOrder } from './one-venue-order.ts';

const history = smallHistory();
const found = (world: Partial<Rest>) => findingsOf(oneVenueOrder(), history, smallRest(history, world));
const submit = (clientOrderId: string, told: VenueCall['told'] = 'accepted'): VenueCall => ({
  ...{ at: STARTS_AT + 60_000, call: 'submit', clientOrderId, told },
});

test('finds a second order of the same id', () => {
  expect(found({ venueOrders: goodVenue().set('copy', venueOrder(ticket())) })).toEqual([
    'the venue has order trade-1 twice',
  ]);
});

test('finds an order that was never intended', () => {
  const stranger = venueOrder(ticket({ orderId: 'trade-9' }));
  expect(found({ venueOrders: goodVenue().set('trade-9', stranger) })).toEqual([
    'the venue has order trade-9, which was never intended',
  ]);
});

test('finds another quantity, side or price than intended', () => {
  const other = venueOrder(ticket({ quantity: '1000', side: 'sell', price: '151' }));
  expect(found({ venueOrders: goodVenue().set('trade-1', other) })).toEqual([
    'the venue has order trade-1 otherwise than intended: side, quantity, price',
  ]);
});

test('finds more hand-overs than intents', () => {
  expect(found({ venueCalls: [submit('trade-1'), submit('trade-2')] })).toEqual([]);
  expect(found({ venueCalls: [submit('trade-1', 'unresolved'), submit('trade-1')] })).toEqual([
    'order trade-1 was handed over 2 times, which is more often than it was intended',
  ]);
});

test('finds an order that the venue accepted and lost', () => {
  const venueOrders = goodVenue();
  venueOrders.delete('trade-2');
  expect(found({ venueOrders, venueCalls: [submit('trade-2')] })).toEqual([
    'the venue accepted order trade-2 (accepted) and does not have it',
  ]);
});

/** The intent of trade-1 is durable, and then the venue tells of these calls. */
function foundAtOnce(...venueCalls: readonly VenueCall[]): string[] {
  const told: string[] = [];
  const checker = oneVenueOrder();
  const { records } = new History().say(intended());
  for (const record of records) checker.onRecord(record, (what) => told.push(what));
  const group = { ...groupOf(records), venueOrders: goodVenue(), venueCalls, outsideOrders: new Set(['outside-1']) };
  for (let commit = 0; commit < 2; commit += 1) checker.onGroup?.(group, (what) => told.push(what));
  return told;
}

test('holds each call against the intents as it is told, once', () => {
  expect(foundAtOnce(submit('trade-1'), submit('outside-1'))).toEqual([]);
  expect(foundAtOnce(submit('trade-1'), submit('trade-1'))).toHaveLength(1);
  expect(foundAtOnce(submit('trade-2'))).toEqual(['order trade-2 was handed over, and never intended']);
});

test('finds an order that left before its intent was durable', () => {
  const early = { ...submit('trade-1'), at: STARTS_AT - 1 };
  expect(foundAtOnce(early)).toEqual([
    `order trade-1 was handed over at ${STARTS_AT - 1}, before its intent was durable`,
  ]);
});

test('finds an order that was handed over otherwise than intended', () => {
  const { order } = venueOrder(ticket({ quantity: '1000' }));
  expect(foundAtOnce({ ...submit('trade-1'), order })).toEqual(['order trade-1 was handed over otherwise: quantity']);
});

test('finds an order that is intended again for a venue that can never tell', () => {
  const twice = new History().say(intended(), intended());
  const rest = (venueIsMute: boolean) => twice.rest({ venueIsMute });
  expect(findingsOf(oneVenueOrder(), twice, rest(false))).toEqual([]);
  expect(findingsOf(oneVenueOrder(), twice, rest(true))).toEqual([
    "order trade-1 is sent again at a venue that can't tell whether it has it",
  ]);
});
