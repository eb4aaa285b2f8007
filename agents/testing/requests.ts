/** Sample traders, fills and ends of orders for tests of the gates, in the words of the journal. */
import { NOW, sampleQuote, sampleTicket } from '../../controls/testing/sample.ts';
import { times } from '../../domain/decimal.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { OrderEnded, OrderFilled } from '../../messages/order.ts';
import type { TraderConfig, TraderCreated } from '../../messages/trader.ts';

export const createdTrader = (config: Partial<TraderConfig> = {}): TraderCreated => ({
  type: 'trader.created',
  traderId: 'agent-1',
  accountId: 'acct-1',
  userId: 'user-1',
  name: 'Sample',
  config: { budget: 100_000, strategy: 'balanced', riskTolerance: 'medium', ...config },
  by: 'user-1',
});

export const traderFact = <T extends 'trader.winding-down' | 'trader.reactivated' | 'trader.terminated'>(type: T) => ({
  type,
  traderId: 'agent-1',
  accountId: 'acct-1',
  by: 'user-1',
  reason: 'close failed',
});

/** What a gate is asked about an order: `price` × `quantity` at a fresh quote of `at`. */
export function request(changes: Partial<OrderTicket> = {}, at = NOW) {
  const ticket = sampleTicket(changes);
  const amount = times(ticket.quantity, ticket.price);
  return { orderId: ticket.orderId, ticket, amount, quote: sampleQuote({ at }) };
}

export function filled(order: Partial<OrderTicket>, changes: Partial<OrderFilled> = {}): OrderFilled {
  const { orderId, traderId, accountId, symbol, side, quantity, price } = sampleTicket(order);
  return {
    type: 'order.filled',
    ...{ orderId, traderId, accountId, symbol, side, quantity, price },
    executionId: `${orderId}-1`,
    commission: '0',
    filledQuantity: quantity,
    leavesQuantity: '0',
    averagePrice: price,
    end: true,
    ...changes,
  };
}

export function ended(order: Partial<OrderTicket>, changes: Partial<OrderEnded> = {}): OrderEnded {
  const { orderId, traderId, accountId, symbol } = sampleTicket(order);
  return {
    type: 'order.ended',
    orderId,
    traderId,
    accountId,
    symbol,
    end: 'canceled',
    filledQuantity: '0',
    ...changes,
  };
}
