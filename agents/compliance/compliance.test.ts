import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOW, sampleLimits } from '../../controls/testing/sample.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { GateAnswered } from '../../messages/order.ts';
import { drive } from '../testing/drive.ts';
import { createdTrader, request, traderFact } from '../testing/requests.ts';
import { type ComplianceState, complianceAgent } from './compliance.ts';

function gate(limits = sampleLimits()) {
  const agent = drive(complianceAgent(limits));
  agent.tell(createdTrader(), NOW);
  const check = (changes: Partial<OrderTicket> = {}, at = NOW) => {
    const [answer] = agent.tell({ type: 'compliance.check', ...request(changes, at) }, at) as GateAnswered[];
    return answer?.denial?.code ?? answer?.allowed;
  };
  return { agent, check };
}
/** Different orders, so that they are no duplicates. */
const numbered = (n: number): Partial<OrderTicket> => ({ orderId: `trade-${n}`, quantity: String(n) });

describe('compliance', () => {
  it('answers for the gate, with the order id and the whole denial', () => {
    const { agent } = gate();
    expect(agent.tell({ type: 'compliance.check', ...request() }, NOW)).toEqual([
      { type: 'gate.answered', gate: 'compliance', orderId: 'trade-1', allowed: true },
    ]);
    expect(
      agent.tell({ type: 'compliance.check', ...request({ orderId: 'trade-2', symbol: 'ABCD' }) }, NOW),
    ).toMatchObject([
      { gate: 'compliance', orderId: 'trade-2', allowed: false, denial: { code: 'INSTRUMENT_NOT_PERMITTED' } },
    ]);
  });

  it('halts a trader that repeats itself too often, until somebody releases it; then it counts anew', () => {
    const limits = sampleLimits({
      repeats: { max: 3, windowMs: 60_000 },
      duplicate: { max: 100, windowMs: 1_000 },
      orderRate: { max: 100, windowMs: 1_000 },
    });
    const { agent, check } = gate(limits);
    const place = (n: number, changes: Partial<OrderTicket> = {}, at = NOW) =>
      check({ orderId: `trade-${n}`, ...changes }, at);
    expect([place(1), place(2), place(3, { price: '99' }), place(4), place(5), place(6)]).toEqual(Array(6).fill(true));
    const request7 = { type: 'compliance.check', ...request({ orderId: 'trade-7' }) };
    expect(agent.tell(request7 as never, NOW)).toMatchObject([
      { allowed: false, denial: { code: 'REPEATED_ORDER', class: 'halt' } },
      { type: 'trading.halted', scope: 'agent', targetId: 'agent-1', by: 'repeat-throttle' },
    ]);
    expect(agent.tell(request7 as never, NOW)).toMatchObject([{ denial: { code: 'REPEATED_ORDER' } }]);
    expect([place(8), place(9), place(10), place(11)]).toEqual([true, true, true, 'REPEATED_ORDER']);
    expect([place(12), place(13), place(14), place(15, {}, NOW + 60_000)]).toEqual([true, true, true, true]);
  });

  it('takes market orders for the same whatever price they state', () => {
    const market = (n: number) => ({ orderId: `trade-${n}`, orderType: 'market', price: String(100 + n) }) as const;
    const orderRate = { max: 100, windowMs: 1_000 };
    const repeating = gate(
      sampleLimits({ repeats: { max: 2, windowMs: 60_000 }, duplicate: { max: 100, windowMs: 1_000 }, orderRate }),
    );
    expect([1, 2, 3].map((n) => repeating.check(market(n)))).toEqual([true, true, 'REPEATED_ORDER']);
    const { check } = gate(sampleLimits({ duplicate: { max: 1, windowMs: 1_000 }, orderRate }));
    expect([1, 2, 3].map((n) => check(market(n)))).toEqual([true, true, 'DUPLICATE_ORDER']);
    expect(check({ orderId: 'trade-4', price: '104' })).toBe(true);
  });

  it('counts repeated orders over the window that ends now, not from the first of them', () => {
    const { check } = gate(
      sampleLimits({
        repeats: { max: 3, windowMs: 60_000 },
        duplicate: { max: 100, windowMs: 1_000 },
        orderRate: { max: 100, windowMs: 1_000 },
      }),
    );
    const at = [0, 59_000, 59_500, 60_100, 60_200];
    expect(at.map((elapsedMs, n) => check({ orderId: `trade-${n}` }, NOW + elapsedMs))).toEqual([
      ...[true, true, true, true],
      'REPEATED_ORDER',
    ]);
  });

  it('keeps a small row of repeated orders, however many are allowed', () => {
    const max = 1_000_000;
    const { agent, check } = gate(
      sampleLimits({
        repeats: { max, windowMs: 60_000 },
        duplicate: { max, windowMs: 1_000 },
        orderRate: { max, windowMs: 1_000 },
      }),
    );
    for (let n = 0; n < 300; n += 1) check({ orderId: `trade-${n}` }, NOW + n * 150);
    const { passed } = agent.state<ComplianceState>('agent-1')!.run!;
    expect(passed.length).toBeLessThanOrEqual(21);
    expect(passed.reduce((sum, { count }) => sum + count, 0)).toBe(300);
  });

  it('keeps a small row of repeated exits too, which always pass, and counts them all the same', () => {
    const { agent, check } = gate(
      sampleLimits({
        repeats: { max: 3, windowMs: 86_400_000 },
        duplicate: { max: 100, windowMs: 1_000 },
        orderRate: { max: 1_000, windowMs: 1_000 },
      }),
    );
    for (let n = 0; n < 300; n += 1)
      expect(check({ orderId: `trade-${n}`, side: 'sell', exit: true }, NOW + n * 5_000)).toBe(true);
    expect(agent.state<ComplianceState>('agent-1')!.run!.passed).toHaveLength(3);
    expect(check({ orderId: 'trade-300', side: 'sell' }, NOW + 1_500_000)).toBe('REPEATED_ORDER');
  });

  it('refuses traders who are unknown, wind down or are terminated, and lets their exits pass', () => {
    const { agent, check } = gate();
    expect(check({ traderId: 'agent-2' })).toBe('TRADER_INACTIVE');
    expect(check({ traderId: 'agent-2', exit: true })).toBe(true);
    agent.tell(traderFact('trader.winding-down'), NOW);
    expect(check(numbered(2))).toBe('TRADER_INACTIVE');
    expect(check({ orderId: 'close-1', exit: true, side: 'sell' })).toBe(true);
    agent.tell(traderFact('trader.reactivated'), NOW);
    expect(check(numbered(3))).toBe(true);
    agent.tell(traderFact('trader.terminated'), NOW);
    expect(agent.state('agent-1')).toBeUndefined();
    expect(check(numbered(4))).toBe('TRADER_INACTIVE');
  });

  it('lets exactly the rate pass in any window', () => {
    const { check } = gate();
    for (const n of [1, 2, 3]) expect(check(numbered(n), NOW + n)).toBe(true);
    expect(check(numbered(4), NOW + 59_999)).toBe('ORDER_RATE');
    expect(check(numbered(5), NOW + 60_003)).toBe(true);
  });

  it('gives room back only when every order of a stretch of time has left the window', () => {
    const { check } = gate();
    expect([0, 2_900, 2_950].map((elapsedMs, n) => check(numbered(n + 1), NOW + elapsedMs))).toEqual([
      true,
      true,
      true,
    ]);
    expect(check(numbered(4), NOW + 62_899)).toBe('ORDER_RATE');
    expect(check(numbered(5), NOW + 62_950)).toBe(true);
  });

  it('never lets more than the rate pass in any window, however the orders come', () => {
    const gapMs = fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 54_000, max: 60_000 }));
    fc.assert(
      fc.property(fc.array(gapMs, { maxLength: 40 }), (gaps) => {
        const { check } = gate();
        const passed: number[] = [];
        let now = NOW;
        gaps.forEach((gap, n) => {
          now += gap;
          if (check(numbered(n + 1), now) === true) passed.push(now);
          expect(passed.filter((at) => at > now - 60_000).length).toBeLessThanOrEqual(3);
        });
      }),
    );
  });

  it('counts a repeated request once and answers it the same', () => {
    const { check } = gate();
    for (const _again of [1, 2, 3, 4]) expect(check(numbered(1))).toBe(true);
    expect([check(numbered(2)), check(numbered(3)), check(numbered(4))]).toEqual([true, true, 'ORDER_RATE']);
    expect(check(numbered(4))).toBe('ORDER_RATE');
    expect(check(numbered(1))).toBe(true);
  });

  it('refuses a repeat of an order whose trader is no longer active', () => {
    const { agent, check } = gate();
    expect(check(numbered(1))).toBe(true);
    agent.tell(traderFact('trader.winding-down'), NOW);
    expect(check(numbered(1))).toBe('TRADER_INACTIVE');
  });

  it('refuses the same order beyond the allowed repeats until the window has passed', () => {
    const { check } = gate(sampleLimits({ orderRate: { max: 100, windowMs: 60_000 } }));
    expect([1, 2, 3].map((n) => check({ orderId: `trade-${n}` }))).toEqual([true, true, 'DUPLICATE_ORDER']);
    expect(check({ orderId: 'trade-4', price: '101' })).toBe(true);
    expect(check({ orderId: 'trade-5' }, NOW + 1_000)).toBe(true);
  });

  it('lets a burst of a hundred different orders pass under the limits of the development profile', async () => {
    const { limits } = (await import('../../system/limits.development.json', { with: { type: 'json' } })).default;
    const { check } = gate(limits);
    for (let n = 1; n <= 100; n += 1) expect(check(numbered(n))).toBe(true);
  });

  it('goes by changed limits at once, and by none when there are none', () => {
    const { agent, check } = gate();
    expect(check(numbered(1))).toBe(true);
    const limits = sampleLimits({ orderRate: { max: 1, windowMs: 60_000 } });
    agent.tell({ type: 'limits.changed', limitsVersion: 2, limits, by: 'admin-1', reason: 'calm' } as never, NOW);
    expect(check(numbered(2))).toBe('ORDER_RATE');

    const none = drive(complianceAgent(undefined));
    none.tell(createdTrader(), NOW);
    expect(none.tell({ type: 'compliance.check', ...request() }, NOW)).toMatchObject([
      { allowed: false, denial: { code: 'NO_LIMIT_CONFIGURED' } },
    ]);
  });

  it('remembers a bounded number of orders whatever the limits are', () => {
    const { agent, check } = gate(sampleLimits({ orderRate: { max: 1_000_000, windowMs: 60_000 } }));
    for (let n = 1; n <= 500; n += 1) check(numbered(n), NOW + n);
    for (let n = 501; n <= 600; n += 1) check({ ...numbered(n), symbol: 'ABCD' }, NOW + n);
    const { answered, passed } = agent.state<ComplianceState>('agent-1')!;
    expect(answered.length).toBeLessThanOrEqual(64);
    expect(passed.length).toBeLessThanOrEqual(2);
    expect(passed.reduce((sum, { count }) => sum + count, 0)).toBe(500);
  });
});
