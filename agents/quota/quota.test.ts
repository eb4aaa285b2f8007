import { describe, expect, it } from 'vitest';
import { NOW } from '../../controls/testing/sample.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { GateAnswered } from '../../messages/order.ts';
import type { QuotaAnswered, QuotaWarned } from '../../messages/quota.ts';
import { drive } from '../testing/drive.ts';
import { createdTrader, ended, filled, request, traderFact } from '../testing/requests.ts';
import { quotaAgent } from './quota.ts';

const DAY_MS = 86_400_000;
const MIDNIGHT = Date.UTC(2026, 0, 16);
const FEBRUARY = Date.UTC(2026, 1, 1);

interface Given {
  readonly dailyTrades?: number;
  readonly dailyVolume?: number;
  readonly budget?: number;
}

function gate({ dailyTrades = 100, dailyVolume = 500_000, budget = 100_000 }: Given = {}) {
  const agent = drive(quotaAgent({ dailyTrades, dailyVolume }));
  agent.tell(createdTrader({ budget }), NOW);
  /** An order of `amount` USD: one share at that price. */
  const order = (n: number, amount: number, changes: Partial<OrderTicket> = {}): Partial<OrderTicket> => ({
    orderId: `trade-${n}`,
    quantity: '1',
    price: String(amount),
    ...changes,
  });
  const ask = (ticket: Partial<OrderTicket>, at = NOW, approved = false) =>
    agent.tell({ type: 'quota.reserve', approved, ...request(ticket, at) } as never, at);
  const reserve = (ticket: Partial<OrderTicket>, at = NOW, approved = false) => {
    const { allowed, denial } = ask(ticket, at, approved)[0] as GateAnswered;
    return denial?.code ?? allowed;
  };
  const used = (at = NOW) => {
    const [answer] = agent.tell({ type: 'quota.get', traderId: 'agent-1' } as never, at) as QuotaAnswered[];
    return [answer?.trades.used, answer?.volume.used, answer?.budget.used];
  };
  return { agent, order, ask, reserve, used };
}
const warnings = (messages: readonly { type: string }[]) =>
  messages
    .filter(({ type }) => type === 'quota.warned')
    .map((fact) => {
      const { quota, threshold, percentUsed } = fact as QuotaWarned;
      return `${quota} ${threshold} ${percentUsed}`;
    });

describe('a quota', () => {
  it('counts at acceptance', () => {
    const { agent, ask, order, used } = gate();
    expect(ask(order(1, 15_000))).toEqual([
      { type: 'gate.answered', gate: 'quota', orderId: 'trade-1', allowed: true, reserved: '15000' },
    ]);
    expect(used()).toEqual(['1', '15000', '15000']);
    expect(agent.tell({ type: 'quota.get', traderId: 'agent-1' } as never, NOW)).toEqual([
      {
        type: 'quota.answered',
        traderId: 'agent-1',
        found: true,
        trades: { limit: '100', used: '1', resetAt: MIDNIGHT },
        volume: { limit: '500000', used: '15000', resetAt: MIDNIGHT },
        budget: { limit: '100000', used: '15000', resetAt: FEBRUARY },
      },
    ]);
  });

  it('lets exactly the limit pass, refuses a cent more with the figures, and then takes nothing', () => {
    const { ask, order, reserve, used } = gate({ dailyVolume: 20_000 });
    expect(reserve(order(1, 15_000))).toBe(true);
    expect(ask(order(2, 5_000.01))).toMatchObject([
      {
        allowed: false,
        denial: {
          code: 'QUOTA_VOLUME',
          class: 'quota',
          numbers: {
            requestedAmount: '5000.01',
            remainingQuota: '5000',
            quotaLimit: '20000',
            resetAt: String(MIDNIGHT),
          },
        },
      },
    ]);
    expect(used()).toEqual(['1', '15000', '15000']);
    expect(reserve(order(2, 5_000))).toBe(true);
  });

  it('counts trades', () => {
    const { order, reserve } = gate({ dailyTrades: 2 });
    expect([1, 2, 3].map((n) => reserve(order(n, 10)))).toEqual([true, true, 'QUOTA_TRADES']);
  });

  it('has one winner of two that race for the last of it', () => {
    const { order, reserve } = gate({ dailyVolume: 10_000 });
    expect(reserve(order(1, 9_900))).toBe(true);
    expect([reserve(order(2, 100)), reserve(order(3, 100))]).toEqual([true, 'QUOTA_VOLUME']);
  });

  it('of the budget is used by autonomous buys only', () => {
    const { order, reserve, used } = gate({ budget: 10_000 });
    expect(reserve(order(1, 10_000))).toBe(true);
    expect(reserve(order(2, 1))).toBe('QUOTA_BUDGET');
    expect(reserve(order(3, 5_000, { side: 'sell' }))).toBe(true);
    expect(reserve(order(4, 20_000), NOW, true)).toBe(true);
    expect(used()).toEqual(['3', '35000', '10000']);
  });

  it('of the day holds for approved orders too', () => {
    const { order, reserve } = gate({ dailyVolume: 10_000, budget: 1_000 });
    expect(reserve(order(1, 10_001), NOW, true)).toBe('QUOTA_VOLUME');
    expect(reserve(order(1, 10_000), NOW, true)).toBe(true);
  });

  it('is not needed for exits', () => {
    const { ask, order, used } = gate({ dailyVolume: 10 });
    expect(ask(order(1, 10_000, { exit: true, side: 'sell' }))).toMatchObject([{ allowed: true, reserved: '0' }]);
    expect(used()).toEqual(['0', '0', '0']);
  });

  it('is taken once by a repeated request, at its newest amount', () => {
    const { order, reserve, used } = gate({ dailyVolume: 10_000, dailyTrades: 1 });
    expect([reserve(order(1, 9_000)), reserve(order(1, 9_000)), reserve(order(1, 9_500))]).toEqual([true, true, true]);
    expect(used()).toEqual(['1', '9500', '9500']);
    expect(reserve(order(1, 10_001))).toBe('QUOTA_VOLUME');
    expect(used()).toEqual(['1', '9500', '9500']);
  });

  it('counts with the fills after a fill', () => {
    const { agent, order, reserve, used } = gate();
    reserve(order(1, 15_000));
    agent.tell(filled(order(1, 14_900)), NOW);
    expect(used()).toEqual(['1', '14900', '14900']);
    agent.tell(filled(order(1, 14_900), { late: true }), NOW);
    expect(used()).toEqual(['1', '14900', '14900']);
  });

  it('is given back when an order ends unfilled, and in part when it ends partly filled', () => {
    const { agent, order, reserve, used } = gate();
    reserve(order(1, 15_000));
    agent.tell(ended(order(1, 15_000)), NOW);
    expect(used()).toEqual(['0', '0', '0']);
    reserve(order(2, 100, { quantity: '100' }));
    agent.tell(filled(order(2, 99, { quantity: '40' }), { leavesQuantity: '60', end: false }), NOW);
    expect(used()).toEqual(['1', '10000', '10000']);
    agent.tell(ended(order(2, 100), { filledQuantity: '40' }), NOW);
    expect(used()).toEqual(['1', '3960', '3960']);
  });

  it('is not taken by an order that ended before its request came', () => {
    const { agent, order, reserve, used } = gate();
    agent.tell(ended(order(1, 100)), NOW);
    expect(reserve(order(1, 100))).toBe('GATE_UNAVAILABLE');
    expect(used()).toEqual(['0', '0', '0']);
  });

  it.each(['canceled', 'denied'] as const)(
    'is not taken again by an order that asked twice and was %s in between',
    (end) => {
      const { agent, order, reserve, used } = gate();
      reserve(order(1, 100));
      agent.tell(ended(order(1, 100), { end }), NOW);
      expect(reserve(order(1, 100))).toBe('GATE_UNAVAILABLE');
      expect(used()).toEqual(['0', '0', '0']);
    },
  );

  it('starts anew at UTC midnight and on the first of the month', () => {
    const { order, reserve, used } = gate({ dailyVolume: 10_000, budget: 15_000 });
    expect(reserve(order(1, 10_000), MIDNIGHT - 1)).toBe(true);
    expect(reserve(order(2, 1), MIDNIGHT - 1)).toBe('QUOTA_VOLUME');
    expect(used(MIDNIGHT)).toEqual(['0', '0', '10000']);
    expect(reserve(order(2, 5_001), MIDNIGHT)).toBe('QUOTA_BUDGET');
    expect(reserve(order(2, 5_000), MIDNIGHT)).toBe(true);
    expect(reserve(order(3, 10_000), FEBRUARY)).toBe(true);
    expect(used(FEBRUARY)).toEqual(['1', '10000', '10000']);
  });

  it('is given back only to the day it was taken from', () => {
    const { agent, order, reserve, used } = gate({ dailyVolume: 10_000 });
    reserve(order(1, 6_000), MIDNIGHT - 1);
    reserve(order(2, 3_000), MIDNIGHT - 1);
    reserve(order(3, 8_000), MIDNIGHT);
    agent.tell(ended(order(1, 6_000)), MIDNIGHT + 1);
    agent.tell(filled(order(2, 2_500)), MIDNIGHT + 2);
    expect(used(MIDNIGHT + 3)).toEqual(['1', '8000', '10500']);
  });

  it('of an earlier day is kept when a held order is checked again the next day', () => {
    const { order, reserve, used } = gate({ dailyVolume: 10_000 });
    reserve(order(1, 9_000), MIDNIGHT - 1);
    reserve(order(2, 9_000), MIDNIGHT);
    expect(reserve(order(1, 9_090), MIDNIGHT + DAY_MS - 1, true)).toBe(true);
    expect(used(MIDNIGHT + DAY_MS - 1)).toEqual(['1', '9000', '9000']);
  });

  it('warns at 80, 90 and 100 percent, once a threshold and period', () => {
    const { agent, ask, order } = gate({ dailyVolume: 10_000, budget: 1_000_000 });
    expect(warnings(ask(order(1, 7_999)))).toEqual([]);
    expect(warnings(ask(order(2, 1)))).toEqual(['daily.volume 80 80']);
    expect(warnings(ask(order(3, 500)))).toEqual([]);
    agent.tell(ended(order(2, 1)), NOW);
    expect(warnings(ask(order(4, 1)))).toEqual([]);
    expect(warnings(ask(order(5, 1_500)))).toEqual(['daily.volume 90 100', 'daily.volume 100 100']);
    expect(warnings(ask(order(6, 8_000), MIDNIGHT))).toEqual(['daily.volume 80 80']);
  });

  it('is unknown for traders who are unknown or terminated, except for their exits', () => {
    const { agent, order, reserve } = gate();
    agent.tell(traderFact('trader.terminated'), NOW);
    expect(reserve(order(1, 10))).toBe('NO_LIMIT_CONFIGURED');
    expect(reserve(order(1, 10, { exit: true }))).toBe(true);
    expect(agent.tell({ type: 'quota.get', traderId: 'agent-1' } as never, NOW)).toMatchObject([{ found: false }]);
  });
});
