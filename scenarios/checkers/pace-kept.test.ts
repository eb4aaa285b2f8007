/** M3 on trades that came too fast, or were refused too early. */
import { expect, test } from 'vitest';
import type { DenialCode } from '../../domain/denial.ts';
import { developmentProfile } from '../settings.ts';
import { ended, findingsOf, History, intended, submitted } from '../testing/history.ts';
import type { Fact } from './folds/facts.ts';
import { paceKept } from './pace-kept.ts';

const profile = developmentProfile();
const settings = {
  ...profile,
  limits: {
    ...profile.limits!,
    orderRate: { max: 2, windowMs: 60_000 },
    duplicate: { max: 1, windowMs: 1_000 },
  },
};
const order = (id: number, price = String(150 + id)) => ({ orderId: `trade-${id}`, price });
const passing = (id: number, price?: string): Fact[] => [submitted(order(id, price)), intended(order(id, price))];
const refused = (id: number, code: DenialCode): Fact[] => [
  submitted(order(id)),
  ended(order(id), { end: 'denied', denial: { code, class: 'limit', explanation: 'no', numbers: {} } }),
];
const found = (...facts: readonly Fact[]): string[] => findingsOf(paceKept(settings), new History().say(...facts));

test('as many as allowed pass, and the next one is refused', () => {
  expect(found(...passing(1), ...passing(2), ...refused(3, 'ORDER_RATE'))).toEqual([]);
});

test('finds one too many, and one refused too early', () => {
  expect(found(...passing(1), ...passing(2), ...passing(3))).toEqual([
    'order trade-3 passed, and 2 before it within 60000 ms break ORDER_RATE',
  ]);
  expect(found(...passing(1), ...refused(2, 'ORDER_RATE'))).toEqual([
    'order trade-2 was denied by ORDER_RATE, and at most 1 of 2 were within 60000 ms',
  ]);
});

test('finds a repeat too many, and a repeat refused too early', () => {
  const same = [1, 2, 3].flatMap((id) => passing(id, '150'));
  expect(found(...same)).toContain('order trade-3 passed, and 2 before it within 1000 ms break DUPLICATE_ORDER');
  expect(found(...passing(1), ...refused(2, 'DUPLICATE_ORDER'))).toEqual([
    'order trade-2 was denied by DUPLICATE_ORDER, and at most 0 of 2 were within 1000 ms',
  ]);
});

test('an order that a clock was ahead for counts until the clock gets there', () => {
  const history = new History().say(...passing(1), ...passing(2));
  history.at -= 98_000;
  history.say(...refused(3, 'ORDER_RATE'));
  expect(findingsOf(paceKept(settings), history)).toEqual([]);
});

test('what was old by a clock that was ahead may be forgotten when that clock has been put back', () => {
  const history = new History().say(...passing(1), ...passing(2));
  history.at += 61_000;
  history.say(...refused(3, 'POSITION_LIMIT'));
  history.at -= 31_000;
  expect(findingsOf(paceKept(settings), history.say(...passing(4)))).toEqual([]);
  history.at += 1_000;
  expect(findingsOf(paceKept(settings), history.say(...passing(5), ...passing(6)))).toHaveLength(1);
});

test('a window that is made longer begins with what the shorter one still knew', () => {
  const limits = { ...settings.limits, orderRate: { max: 2, windowMs: 3_600_000 } };
  const longer: Fact = { ...{ type: 'limits.changed', limitsVersion: 2, limits, by: 'user-1', reason: 'test' } };
  const passed = (gapMs: number): string[] => {
    const history = new History().say(...passing(1), ...passing(2));
    history.at += gapMs;
    return findingsOf(paceKept(settings), history.say(longer, ...passing(3)));
  };
  expect(passed(60_001)).toEqual([]);
  expect(passed(30_000)).toHaveLength(1);
});

test('what a change of limits crosses is not held against them', () => {
  const changed: Fact = {
    ...{ type: 'limits.changed', limitsVersion: 2, limits: settings.limits, by: 'user-1', reason: 'test' },
  };
  expect(found(...passing(1), submitted(order(2)), changed, refused(2, 'ORDER_RATE')[1]!)).toEqual([]);
});
