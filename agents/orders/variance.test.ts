/** Personality variance: off unless the house allows it, drawn from the order's id, seen by every gate, recorded beside what was asked for. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleLimits } from '../../controls/testing/sample.ts';
import { exact } from '../../domain/decimal.ts';
import { vary } from '../../machines/order-variance.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { HaltCheck, RiskReserve } from '../../messages/gate.ts';
import type { OrderSubmitted } from '../../messages/order.ts';
import type { Message } from '../../runtime/message.ts';
import { riskAgent } from '../risk/risk.ts';
import { drive } from '../testing/drive.ts';
import { ticket, traderCreated } from '../testing/samples.ts';
import { only, type Stage, stage, types } from '../testing/stage.ts';
import type { Venue } from '../venue.ts';
import { ordersAgent } from './orders.ts';

const never = (): never => {
  throw new Error('a turn asks nobody');
};
const venue: Venue = {
  ...{ name: 'paper', idempotency: 'clientOrderId' as const },
  ...{ submit: never, cancel: never, lookup: never, snapshot: never, onReport: never },
};
const LIMITS = sampleLimits();
const variance = { sizeRatioMax: 0.05, levelRatioMax: 0.0002, delayMaxMs: 0 };

const house = (isOn: boolean): Stage =>
  stage(ordersAgent({ venue, autonomousThreshold: '1000000', variance: isOn, monotonic: () => 0 }));
const submit = (orders: Stage, over: Partial<OrderTicket> = {}): Message[] =>
  orders.tell({ type: 'order.submit', ticket: ticket({ variance, ...over }) } as Message);

describe('variance', () => {
  test('is off by default: the order is what was asked for, and no varied one', () => {
    const said = submit(house(false), { variance: { ...variance, delayMaxMs: 60_000 } });
    expect(only<OrderSubmitted>(said, 'order.submitted')).toMatchObject({ ticket: { quantity: '100', price: '150' } });
    expect(only<HaltCheck>(said, 'halt.check').ticket).not.toHaveProperty('variance');
  });

  test('comes before the gates: they are asked about the varied order, and the record holds both', () => {
    const said = submit(house(true), { quantity: '1000' });
    const submitted = only<OrderSubmitted>(said, 'order.submitted');
    expect(submitted.base).toEqual({ quantity: '1000', price: '150' });
    expect(submitted.ticket.quantity).not.toBe('1000');
    const asked = only<HaltCheck>(said, 'halt.check');
    expect(asked.ticket).toEqual(submitted.ticket);
    const { quantity, price } = submitted.ticket;
    expect(asked.amount).toBe(exact(quantity).times(price).toFixed());
  });

  test('of time lets the order wait before its gates, across a restart, and a cancel ends it there', () => {
    const delayed = { variance: { ...variance, delayMaxMs: 2_000 } };
    const orders = house(true);
    expect(types(submit(orders, delayed))).toEqual(['order.submitted']);
    orders.restart();
    expect(types(orders.advance(2_000))).toContain('halt.check');
    const other = house(true);
    submit(other, delayed);
    const cancel = { type: 'order.cancel', orderId: 'trade-1', by: 'user-1', reason: 'no' } as Message;
    expect(only(other.tell(cancel), 'order.ended')).toMatchObject({ end: 'canceled' });
  });

  test('of time is judged by the market of the moment at which it is over: risk sees a fresh quote, and the collar its price', () => {
    const judged = (orderType: 'limit' | 'market', last: number): Message => {
      const orders = house(true);
      const see = (price: number): void => {
        const sides = { bid: price - 0.1, ask: price + 0.1, last: price, at: orders.now };
        orders.quotes.set('AAPL', { type: 'market.quote', symbol: 'AAPL', ...sides } as Message);
      };
      see(150);
      submit(orders, { quantity: '10', orderType, variance: { ...variance, delayMaxMs: 60_000 } });
      const submittedAt = orders.now;
      do see(last);
      while (!types(orders.advance(1_000)).includes('halt.check'));
      expect(orders.now - submittedAt).toBeGreaterThan(LIMITS.quoteAgeMaxMs);
      const passes = (gate: 'halt' | 'compliance') =>
        orders.tell({ type: 'gate.answered', gate, orderId: 'trade-1', allowed: true } as Message);
      passes('halt');
      const risk = drive(riskAgent(LIMITS));
      risk.tell(traderCreated(), orders.now);
      return risk.tell(only<RiskReserve>(passes('compliance'), 'risk.reserve'), orders.now)[0]!;
    };
    expect(judged('market', 152)).toMatchObject({ gate: 'risk', allowed: true, reserved: '1521' });
    expect(judged('limit', 151)).toMatchObject({ gate: 'risk', allowed: true });
    expect(judged('limit', 160)).toMatchObject({ gate: 'risk', allowed: false, denial: { code: 'PRICE_COLLAR' } });
  });

  test('never meets an exit: it closes what it was asked to, at once, and no gate hears of variance', () => {
    const far = { sizeRatioMax: 0.5, levelRatioMax: 0.1, delayMaxMs: 60_000 };
    for (let n = 1; n <= 20; n += 1) {
      const said = submit(house(true), { orderId: `trade-${n}`, exit: true, side: 'sell', variance: far });
      const asked = only<HaltCheck>(said, 'halt.check');
      expect(asked.ticket).toMatchObject({ quantity: '100', price: '150', exit: true });
      expect(asked.ticket).not.toHaveProperty('variance');
      expect(only<OrderSubmitted>(said, 'order.submitted').base).toBeUndefined();
    }
  });

  test('stays within what was asked for, on the ticks, above zero; the same order always varies alike', () => {
    const quantity = fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(1, 10, 100));
    const price = fc.integer({ min: 100, max: 1e6 }).map((cents) => exact(cents).dividedBy(100).toFixed());
    const ratios = fc.record({
      sizeRatioMax: fc.double({ min: 0, max: 0.5, noNaN: true }),
      levelRatioMax: fc.double({ min: 0, max: 0.1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.uuid(), quantity, price, ratios, (orderId, [units, parts], limit, asked) => {
        const size = exact(units).dividedBy(parts).toFixed();
        const base = ticket({ orderId, quantity: size, price: limit, variance: { ...asked, delayMaxMs: 0 } });
        const varied = vary(base, true)!.ticket;
        expect(vary(base, true)!.ticket).toEqual(varied);
        const off = (value: string, from: string): number => Math.abs(Number(value) - Number(from));
        expect(Number(varied.quantity)).toBeGreaterThan(0);
        expect(off(varied.quantity, size)).toBeLessThanOrEqual(Number(size) * asked.sizeRatioMax + 1 / parts);
        expect(Number(varied.price)).toBeGreaterThan(0);
        expect(off(varied.price, limit)).toBeLessThanOrEqual(Number(limit) * asked.levelRatioMax + 0.01);
        expect(exact(varied.price).times(100).decimalPlaces()).toBe(0);
      }),
    );
  });
});
