/** I7 on orders that were cleared beyond a limit, and on what excuses. */
import { expect, test } from 'vitest';
import {
  created,
  ended,
  filled,
  findingsOf,
  gatesOf,
  History,
  intended,
  leaving,
  submitted,
  ticket,
} from '../testing/history.ts';
import type { CheckedSettings } from './checker.ts';
import { exposureWithinLimits } from './exposure-within-limits.ts';
import type { Fact } from './folds/facts.ts';

const equity = { collarRatio: '0.05', orderValueMax: '20000', orderVolumeMax: '500', positionMax: '300' };
const account = { exposureMax: '30000', dailyLossRatioMax: '0.1', drawdownRatioMax: '0.2' };
const limits: NonNullable<CheckedSettings['limits']> = {
  instruments: { 'class:equity': equity },
  accounts: { default: account },
  orderRate: { max: 3, windowMs: 60_000 },
  duplicate: { max: 1, windowMs: 1_000 },
  quoteAgeMaxMs: 5_000,
};
const found = (...facts: Fact[]) =>
  findingsOf(
    exposureWithinLimits({ limits, quotaDailyTrades: 100, quotaDailyVolume: 500_000, autonomousThreshold: '50000' }),
    new History().say(...facts),
  );
const second = { orderId: 'trade-2' };
const third = { orderId: 'trade-3', symbol: 'MSFT', quantity: '1', price: '0.01' };

test('exactly the limit passes, and a cent more is found', () => {
  expect(found(...leaving(), ...leaving(second))).toEqual([]);
  expect(found(...leaving(), ...leaving(second), ...leaving(third))).toEqual([
    'order trade-3 was cleared: the exposure of acct-1 can reach 30000.01, the limit is 30000',
  ]);
});

test('what is held counts like what works', () => {
  expect(found(...leaving(), filled(), ...leaving(second), filled(second), ...leaving(third))).toHaveLength(1);
});

test('what has ended gives its room back', () => {
  expect(found(...leaving(), ...leaving(second), ended(), ...leaving(third))).toEqual([]);
});

test('finds positions, sizes and values beyond their limits', () => {
  const cheap = { price: '1', quantity: '200' };
  expect(found(...leaving(cheap), ...leaving({ ...cheap, ...second })).join()).toContain(
    'position in AAPL can reach 400',
  );
  expect(found(...leaving({ price: '1', quantity: '501' })).join()).toMatch(/position|quantity/);
  expect(found(...leaving({ price: '201' })).join()).toContain('its value is 20100');
});

test("finds what goes beyond the trader's own maximum", () => {
  expect(found(created({ maxPositionSize: 14_999 }), ...leaving())).toEqual([
    "order trade-1 was cleared: the trader's own maximum is 14999",
  ]);
});

test('limits that changed while the gate was asked excuse, earlier ones do not', () => {
  const tight = { ...limits, accounts: { default: { ...account, exposureMax: '1' } } };
  const changed: Fact = { type: 'limits.changed', limitsVersion: 2, limits: tight, by: 'admin', reason: 'test' };
  expect(found(submitted(), changed, intended())).toEqual([]);
  expect(found(changed, submitted(), intended())).toHaveLength(1);
});

test('a fill dearer than it was counted excuses what was asked before it', () => {
  const dear = filled({}, { price: '160', averagePrice: '160' });
  expect(found(...leaving(), submitted(second), dear, intended(second))).toEqual([]);
  expect(found(...leaving(), dear, submitted(second), intended(second))).toHaveLength(1);
});

test('an exit closes what is held and no more', () => {
  const exit = { orderId: 'trade-2', side: 'sell', exit: true } as const;
  expect(found(...leaving(), filled(), ...leaving(exit))).toEqual([]);
  expect(found(...leaving(), filled(), ...leaving({ ...exit, quantity: '101' }))).toEqual([
    'order trade-2 was cleared: exits of 101 AAPL close a position of 100',
  ]);
  expect(
    found(...leaving(), filled(), ...leaving(exit), ...leaving({ ...exit, orderId: 'trade-3', quantity: '1' })),
  ).toHaveLength(1);
});

test('what passes because it reduces turns no position, whatever else fills', () => {
  const sale = { side: 'sell' } as const;
  const reducing = (orderId: string, quantity: string): Fact[] => {
    const order = { ...sale, orderId, quantity };
    const gates = gatesOf(ticket(order)).map((gate) =>
      gate.gate === 'risk' ? { ...gate, reduces: true as const } : gate,
    );
    return [submitted(order), intended(order, { gates })];
  };
  expect(found(...leaving(), filled(), ...reducing('trade-2', '60'), ...reducing('trade-3', '40'))).toEqual([]);
  expect(found(...leaving(), filled(), ...reducing('trade-2', '60'), ...reducing('trade-3', '41'))).toEqual([
    'order trade-3 was cleared: as if it reduced, and orders to sell 101 AAPL meet a position of 100',
  ]);
});

test('without limits nothing may be cleared', () => {
  const checker = exposureWithinLimits({
    limits: undefined,
    quotaDailyTrades: 100,
    quotaDailyVolume: 500_000,
    autonomousThreshold: '50000',
  });
  expect(findingsOf(checker, new History().say(...leaving()))).toEqual([
    'order trade-1 was cleared: no limits for acct-1 and AAPL',
  ]);
});
