/** L1 on worlds that do not come to rest. */
import { expect, test } from 'vitest';
import { decided, ended, findingsOf, held, leaving, requested, STARTS_AT, submitted } from '../testing/history.ts';
import { goodVenue, rowsWith, smallHistory, smallRest } from '../testing/small-world.ts';
import type { Rest } from './checker.ts';
import { comesToRest } from './comes-to-rest.ts';

const found = (world: Partial<Rest>, history = smallHistory()) =>
  findingsOf(comesToRest(), history, smallRest(history, world));
const storedWith = (changes: Readonly<Record<string, object | undefined>>) => ({
  rows: rowsWith(changes),
  cursors: [],
  effects: [],
});

test.each(['gating', 'intended', 'sending', 'canceling', 'asking', 'unresolved'])(
  'an order does not stay %s',
  (value) => {
    expect(found({ stored: storedWith({ 'orders trade-2': { value } }) })).toHaveLength(1);
  },
);

test('an order is gone that nobody has a row of', () => {
  expect(found({}, smallHistory().say(submitted({ orderId: 'trade-3' })))).toEqual([
    'order trade-3 is still without a row',
  ]);
});

test('what works here works at the venue, as much of it, and the other way round', () => {
  const venueOrders = goodVenue();
  const resting = venueOrders.get('trade-2')!;
  expect(found({ venueOrders: goodVenue().set('trade-2', { ...resting, leavesQuantity: '4' }) })).toHaveLength(1);
  expect(found({ venueOrders: goodVenue().set('trade-2', { ...resting, status: 'canceled' }) })).toHaveLength(1);
  expect(found({}, smallHistory().say(ended({ orderId: 'trade-2' })))).toEqual([
    'order trade-2 works at the venue, and has ended or was never submitted',
  ]);
});

test('an accepted order that the venue no longer knows may stay unresolved', () => {
  const venueOrders = goodVenue();
  venueOrders.delete('trade-2');
  expect(found({ venueOrders, stored: storedWith({ 'orders trade-2': { value: 'unresolved' } }) })).toEqual([]);
});

test('no effect stays open', () => {
  const stored = { ...storedWith({}), effects: [{ sequence: 3, agent: 'orders' }] };
  const history = smallHistory();
  const begunAt = history.records[2]!.recordedAt;
  expect(found({ stored, now: begunAt + 5_001 }, history)).toEqual(['the effect of record 3 by orders has no outcome']);
  expect(found({ stored, now: begunAt + 5_000 }, history)).toEqual([]);
});

test('while faults last nothing has to be at rest', () => {
  expect(found({ healed: false }, smallHistory().say(...leaving({ orderId: 'trade-3' })))).toEqual([]);
});

test('an order waits for a person only while that person can decide', () => {
  const asking = { orderId: 'trade-3' };
  const expiresAt = STARTS_AT + 60_000;
  const history = smallHistory().say(submitted(asking), { ...requested(asking), expiresAt }, held(asking));
  const request = { value: 'pending', context: {} };
  const rows = (more: Readonly<Record<string, object>>) => storedWith({ 'orders trade-3': { value: 'held' }, ...more });
  expect(found({ stored: rows({ 'oversight req-1': request }) }, history)).toEqual([]);
  expect(found({ stored: rows({}) }, history)).toEqual(['order trade-3 waits for a person who cannot decide']);
  expect(found({ stored: rows({ 'oversight req-1': request }), now: expiresAt + 1 }, history)).toEqual([
    'order trade-3 waits for a person although its time is over',
  ]);
  const late = history.say(decided('rejected', asking));
  expect(found({ stored: rows({ 'oversight req-1': request }) }, late)).toEqual([
    'order trade-3 waits for a decision that nobody was asked for, or that was made',
  ]);
});
