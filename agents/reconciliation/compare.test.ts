/** SAFETY's table of what we hold against what the venue holds, as far as one look at both can tell. */
import { describe, expect, test } from 'vitest';
import type { VenueOpenOrder, VenuePosition } from '../venue.ts';
import type { OwnOrder, OwnPosition } from './books.ts';
import { type Books, compareBooks, type Sides } from './compare.ts';

const NOW = 1_000_000;
const own = (over: Partial<OwnOrder> = {}): OwnOrder => ({
  ...{ orderId: 'o-1', accountId: 'a', symbol: 'AAPL', status: 'working', filledQuantity: '0' },
  ...over,
});
const open = (over: Partial<VenueOpenOrder> = {}): VenueOpenOrder => ({
  ...{ clientOrderId: 'o-1', accountId: 'a', symbol: 'AAPL', side: 'buy', price: '100' },
  ...{ filledQuantity: '0', leavesQuantity: '100' },
  ...over,
});
const held = (quantity: string, over: Partial<OwnPosition> = {}): OwnPosition => ({
  ...{ accountId: 'a', symbol: 'AAPL', quantity, averagePrice: '100', changedAt: NOW - 60_000 },
  ...over,
});
const there = (quantity: string, over: Partial<VenuePosition> = {}): VenuePosition => ({
  ...{ accountId: 'a', symbol: 'AAPL', quantity, averagePrice: '110' },
  ...over,
});

interface Setting {
  readonly orders?: readonly OwnOrder[];
  readonly positions?: readonly OwnPosition[];
  readonly before?: Partial<Books>;
  readonly venueOrders?: readonly VenueOpenOrder[];
  readonly venuePositions?: readonly VenuePosition[];
  readonly ended?: readonly string[];
}

function compared({ orders = [], positions = [], before, venueOrders = [], venuePositions = [], ended = [] }: Setting) {
  const after = { orders, positions };
  const sides: Sides = {
    before: { ...after, ...before },
    after,
    venue: { orders: venueOrders, positions: venuePositions },
    ended: new Set(ended),
    quietBefore: NOW - 2_000,
  };
  return compareBooks(sides);
}

describe('orders', () => {
  test('that both sides have alike are no difference', () => {
    expect(compared({ orders: [own()], venueOrders: [open()] })).toEqual({
      compared: { orders: 1, positions: 0, skipped: 0 },
      ...{ orders: [], positions: [], external: [] },
    });
  });

  test.each(['working', 'canceling'])('of ours that are %s and no longer open there are asked about', (status) => {
    const { orders } = compared({ orders: [own({ status })] });
    expect(orders).toEqual([{ orderId: 'o-1', what: 'not-open' }]);
  });

  test('with fills that we have not heard of are asked about', () => {
    const { orders } = compared({ orders: [own()], venueOrders: [open({ filledQuantity: '40' })] });
    expect(orders).toEqual([{ orderId: 'o-1', what: 'fills' }]);
  });

  test.each(['sending', 'unresolved'])('that are %s are left to those who wait for the answer', (status) => {
    expect(compared({ orders: [own({ status })] })).toMatchObject({ orders: [], compared: { orders: 0 } });
  });

  test('that changed while the venue was asked are not judged', () => {
    const moved = { before: { orders: [own({ status: 'sending' })] }, orders: [own()] };
    expect(compared(moved).orders).toEqual([]);
    expect(compared({ before: { orders: [] }, orders: [own()] }).orders).toEqual([]);
    expect(compared({ before: { orders: [own()] }, orders: [] }).orders).toEqual([]);
  });

  test('that have not left are nothing the venue could know', () => {
    expect(compared({ orders: [own({ status: 'held' }), own({ orderId: 'o-2', status: 'gating' })] }).orders).toEqual(
      [],
    );
  });

  test('that filled and are not found there are nobody’s business: venues drop what has ended', () => {
    expect(compared({ orders: [], positions: [held('100')], venuePositions: [there('100')] })).toMatchObject({
      orders: [],
      positions: [],
    });
  });

  test('of somebody else are external, one of ours that has ended is told as ours', () => {
    const { external } = compared({ venueOrders: [open({ clientOrderId: 'x' })] });
    expect(external).toMatchObject([{ clientOrderId: 'x', leavesQuantity: '100', ours: false }]);
    expect(compared({ venueOrders: [open()], ended: ['o-1'] }).external).toMatchObject([{ ours: true }]);
    // It ends just now: ours before the venue was asked, gone after.
    expect(compared({ before: { orders: [own()] }, venueOrders: [open()] }).external).toEqual([]);
  });
});

describe('positions', () => {
  test('differ by one lot, or have no counterpart at all', () => {
    const { positions } = compared({ positions: [held('100')], venuePositions: [there('101')] });
    expect(positions).toEqual([
      {
        ...{ accountId: 'a', symbol: 'AAPL', ownQuantity: '100', ownAveragePrice: '100' },
        ...{ venueQuantity: '101', venueAveragePrice: '110' },
      },
    ]);
    expect(compared({ positions: [held('100')] }).positions).toMatchObject([{ venueQuantity: '0' }]);
    expect(compared({ venuePositions: [there('-5')] }).positions).toMatchObject([
      { ownQuantity: '0', venueQuantity: '-5' },
    ]);
  });

  test('that moved a moment ago are skipped', () => {
    const young = held('100', { changedAt: NOW - 2_000 });
    expect(compared({ positions: [young], venuePositions: [there('150')] })).toMatchObject({
      compared: { positions: 0, skipped: 1 },
      positions: [],
    });
    const closed = held('0', { changedAt: NOW - 1 });
    expect(compared({ positions: [closed], venuePositions: [there('50')] }).positions).toEqual([]);
  });

  test('that moved while the venue was asked are skipped', () => {
    const moved = { before: { positions: [held('90')] }, positions: [held('100')], venuePositions: [there('90')] };
    expect(compared(moved).positions).toEqual([]);
  });

  test.each(['sending', 'unresolved'])('on which an order hangs that is %s are skipped', (status) => {
    const unsure = { orders: [own({ status })], positions: [held('100')], venuePositions: [there('150')] };
    expect(compared(unsure)).toMatchObject({ positions: [], compared: { skipped: 1 } });
    expect(compared({ ...unsure, orders: [own({ status, symbol: 'MSFT' })] }).positions).toHaveLength(1);
  });

  test('on which a fill hangs that we have not heard of wait for it', () => {
    const missed = { orders: [own()], venueOrders: [open({ filledQuantity: '50' })] };
    expect(compared({ ...missed, positions: [held('100')], venuePositions: [there('150')] }).positions).toEqual([]);
  });
});
