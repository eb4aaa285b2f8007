/** C3 at the venue: a cancel that waited for its record. */
import { expect, test } from 'vitest';
import { groupOf, History, leaving, STARTS_AT } from '../testing/history.ts';
import { cancelsLeaveAtOnce } from './cancels-leave-at-once.ts';
import type { Fact } from './folds/facts.ts';

const wanted: Fact = {
  type: 'order.cancel-requested',
  orderId: 'trade-1',
  traderId: 'agent-1',
  by: 'user-1',
  reason: 'enough',
};
const LANDED_AT = STARTS_AT + 10;

function found(calledAt: number | undefined, healed = true): string[] {
  const checker = cancelsLeaveAtOnce();
  const told: string[] = [];
  const history = new History().say(...leaving(), wanted);
  checker.onGroup?.(groupOf(history.records, { landedAt: LANDED_AT }), (what) => told.push(what));
  const call = { call: 'cancel', clientOrderId: 'trade-1', told: 'canceled' } as const;
  const venueCalls = calledAt === undefined ? [] : [{ ...call, at: calledAt }];
  checker.atRest(history.rest({ venueCalls, healed, now: LANDED_AT + 200_000 }), (what) => told.push(what));
  return told;
}

const LATE = 'the cancel 4 of trade-1 had not left for the venue when its record was durable';

test('one that left before its record was durable is in time', () => {
  expect(found(LANDED_AT - 1)).toEqual([]);
});

test('finds one that left behind it, and one that never left', () => {
  expect(found(LANDED_AT + 1)).toEqual([LATE]);
  expect(found(undefined)).toEqual([LATE]);
});

test('while faults last a call may not be over', () => {
  expect(found(undefined, false)).toEqual([]);
});
