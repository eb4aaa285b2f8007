import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOW, sampleLimits } from '../../controls/testing/sample.ts';
import { exact } from '../../domain/decimal.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { GateAnswered } from '../../messages/order.ts';
import { drive } from '../testing/drive.ts';
import { createdTrader, ended, filled, request } from '../testing/requests.ts';
import { type RiskState, riskAgent } from './risk.ts';

const EXPOSURE_MAX = 1_500;
const POSITION_MAX = 12;
const limits = sampleLimits({
  instruments: {
    'class:equity': {
      collarRatio: '0.2',
      orderValueMax: '1200',
      orderVolumeMax: '10',
      positionMax: String(POSITION_MAX),
    },
  },
  accounts: { default: { exposureMax: String(EXPOSURE_MAX), dailyLossRatioMax: '0.1', drawdownRatioMax: '0.2' } },
});
const SYMBOLS = ['AAPL', 'MSFT'];

interface Open {
  readonly symbol: string;
  readonly side: OrderTicket['side'];
  readonly price: number;
  leaves: number;
}

/** The account as a ledger of its own would tell it: positions at cost and open orders, and the worst that fills can make of them. */
class Ledger {
  readonly held = new Map(SYMBOLS.map((symbol) => [symbol, { quantity: 0, cost: 0 }]));
  readonly open = new Map<string, Open>();

  fill(order: Open, quantity: number): void {
    const position = this.held.get(order.symbol)!;
    const signed = order.side === 'buy' ? quantity : -quantity;
    const closed = position.quantity * signed < 0 ? Math.min(quantity, Math.abs(position.quantity)) : 0;
    if (closed > 0) position.cost *= 1 - closed / Math.abs(position.quantity);
    position.cost += (quantity - closed) * order.price;
    position.quantity += signed;
    order.leaves -= quantity;
  }

  quantities(symbol: string) {
    const { quantity } = this.held.get(symbol)!;
    const working = (side: string) =>
      [...this.open.values()]
        .filter((order) => order.symbol === symbol && order.side === side)
        .reduce((sum, { leaves }) => sum + leaves, 0);
    return [quantity, quantity + working('buy'), quantity - working('sell')];
  }

  atCost(): number {
    return [...this.held.values()].reduce((sum, { cost }) => sum + cost, 0);
  }
}

const action = fc.record({
  kind: fc.constantFrom('reserve', 'reserve', 'reserve', 'fill', 'end'),
  order: fc.integer({ min: 1, max: 15 }),
  symbol: fc.constantFrom(...SYMBOLS),
  side: fc.constantFrom('buy', 'sell'),
  quantity: fc.integer({ min: 1, max: 10 }),
  price: fc.integer({ min: 85, max: 115 }),
  exit: fc.boolean(),
});

describe('the risk of an account under any sequence of requests, repeats, fills and ends', () => {
  it('never exceeds its limits, whatever of the working orders fills', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
        const agent = drive(riskAgent(limits));
        agent.tell(createdTrader(), NOW);
        const ledger = new Ledger();
        const tickets = new Map<string, Partial<OrderTicket>>();
        for (const { kind, order, symbol, side, quantity, price, exit } of actions) {
          const orderId = `trade-${order}`;
          const open = ledger.open.get(orderId);
          const asked = tickets.get(orderId);
          if (kind === 'reserve' && (!asked || open?.leaves === Number(asked.quantity))) {
            const base = asked ?? { orderId, symbol, side, quantity: String(quantity), exit };
            const ticket = { ...base, price: String(price) };
            tickets.set(orderId, base);
            const message = { type: 'risk.reserve', ...request(ticket) };
            const answer = agent.tell(message as never, NOW)[0] as GateAnswered;
            const working = { symbol: base.symbol!, side: base.side!, price, leaves: Number(base.quantity) };
            if (answer.allowed) ledger.open.set(orderId, working);
          } else if (kind === 'fill' && open) {
            const traded = Math.min(quantity, open.leaves);
            ledger.fill(open, traded);
            const { symbol: of, side: on } = open;
            const fill = { orderId, symbol: of, side: on, quantity: String(traded), price: String(open.price) };
            agent.tell(filled(fill, { end: open.leaves === 0 }), NOW);
            if (open.leaves === 0) ledger.open.delete(orderId);
          } else if (kind === 'end') {
            agent.tell(ended({ orderId }), NOW);
            tickets.set(orderId, asked ?? { orderId, quantity: '0' });
            ledger.open.delete(orderId);
          }
          const state = agent.state<RiskState>('acct-1');
          expect(Object.keys(state?.reservations ?? {}).sort()).toEqual([...ledger.open.keys()].sort());
          expect(ledger.atCost()).toBeLessThanOrEqual(EXPOSURE_MAX + 1e-6);
          for (const each of SYMBOLS) {
            const [held, most, least] = ledger.quantities(each);
            expect(exact(state?.positions[each]?.quantity ?? '0').toNumber()).toBe(held);
            expect(most).toBeLessThanOrEqual(POSITION_MAX);
            expect(least).toBeGreaterThanOrEqual(-POSITION_MAX);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
