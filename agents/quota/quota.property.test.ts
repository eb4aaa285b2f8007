import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOW } from '../../controls/testing/sample.ts';
import { dayStart, monthStart } from '../../domain/calendar.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { GateAnswered } from '../../messages/order.ts';
import type { QuotaAnswered } from '../../messages/quota.ts';
import { drive } from '../testing/drive.ts';
import { createdTrader, ended, filled, request } from '../testing/requests.ts';
import { quotaAgent } from './quota.ts';

const LIMITS = { trades: 6, volume: 60, budget: 80 };

interface Taken {
  readonly side: OrderTicket['side'];
  readonly autonomous: boolean;
  readonly at: number;
  leaves: number;
  amount: number;
  filledAmount: number;
}

/** What should be used, told from the answers and the fills alone, in whole USD. */
class Expected {
  readonly open = new Map<string, Taken>();
  readonly posted: Taken[] = [];

  used(now: number) {
    const all = [...this.open.values(), ...this.posted];
    const today = all.filter(({ at }) => dayStart(at) === dayStart(now));
    const month = all.filter(
      ({ at, side, autonomous }) => monthStart(at) === monthStart(now) && side === 'buy' && autonomous,
    );
    const sum = (orders: readonly Taken[]) => orders.reduce((total, { amount }) => total + amount, 0);
    return { trades: today.length, volume: sum(today), budget: sum(month) };
  }

  end(orderId: string) {
    const order = this.open.get(orderId);
    this.open.delete(orderId);
    if (order && order.filledAmount > 0) this.posted.push({ ...order, amount: order.filledAmount });
  }
}

const action = fc.record({
  kind: fc.constantFrom('reserve', 'reserve', 'reserve', 'fill', 'end'),
  order: fc.integer({ min: 1, max: 12 }),
  side: fc.constantFrom('buy', 'sell'),
  quantity: fc.integer({ min: 1, max: 8 }),
  price: fc.integer({ min: 1, max: 6 }),
  approved: fc.boolean(),
  elapsedMs: fc.constantFrom(0, 0, 1, 30_000_000, 400_000_000),
});

describe('quotas under any sequence of requests, repeats, fills and ends', () => {
  it('never exceed their limits and equal what open and filled orders took', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const agent = drive(quotaAgent({ dailyTrades: LIMITS.trades, dailyVolume: LIMITS.volume }));
        agent.tell(createdTrader({ budget: LIMITS.budget }), NOW);
        const expected = new Expected();
        const begun = new Map<string, { side: OrderTicket['side']; quantity: number }>();
        let now = NOW;
        for (const { kind, order, side, quantity, price, approved, elapsedMs } of actions) {
          now += elapsedMs;
          const orderId = `trade-${order}`;
          const open = expected.open.get(orderId);
          if (kind === 'reserve' && (open ? open.filledAmount === 0 : !begun.has(orderId))) {
            const asked = begun.get(orderId) ?? { side, quantity };
            begun.set(orderId, asked);
            const ticket = { orderId, side: asked.side, quantity: String(asked.quantity), price: String(price) };
            const message = { type: 'quota.reserve', approved, ...request(ticket, now) };
            const answer = agent.tell(message as never, now)[0] as GateAnswered;
            if (answer.allowed) {
              const amount = asked.quantity * price;
              const taken = {
                side: asked.side,
                autonomous: !approved,
                leaves: asked.quantity,
                amount,
                filledAmount: 0,
              };
              expected.open.set(orderId, { ...taken, at: open?.at ?? now });
            }
          } else if (kind === 'fill' && open) {
            const traded = Math.min(quantity, open.leaves);
            const paid = Math.floor(open.amount / (begun.get(orderId)?.quantity ?? 1));
            open.leaves -= traded;
            open.filledAmount += traded * paid;
            const fill = { orderId, side: open.side, quantity: String(traded), price: String(paid) };
            agent.tell(filled(fill, { end: open.leaves === 0 }), now);
            if (open.leaves === 0) expected.end(orderId);
          } else if (kind === 'end') {
            agent.tell(ended({ orderId }), now);
            begun.set(orderId, begun.get(orderId) ?? { side, quantity });
            expected.end(orderId);
          }
          const [view] = agent.tell({ type: 'quota.get', traderId: 'agent-1' } as never, now) as QuotaAnswered[];
          const used = {
            trades: Number(view?.trades.used),
            volume: Number(view?.volume.used),
            budget: Number(view?.budget.used),
          };
          expect(used).toEqual(expected.used(now));
          expect(used.trades).toBeLessThanOrEqual(LIMITS.trades);
          expect(used.volume).toBeLessThanOrEqual(LIMITS.volume);
          expect(used.budget).toBeLessThanOrEqual(LIMITS.budget);
        }
      }),
      { numRuns: 300 },
    );
  });
});
