/** What happens to one sample order at the gates: asked, filled, ended; each says only how it differs from the sample. */
import { NOW, sampleQuote, sampleTicket } from '../../controls/testing/sample.ts';
import { times } from '../../domain/decimal.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { OrderEnded, OrderFilled } from '../../messages/order.ts';
import type { TraderConfig } from '../../messages/trader.ts';
import * as samples from './samples.ts';

export const createdTrader = (config: Partial<TraderConfig> = {}) =>
  samples.traderCreated({ config: { ...samples.traderCreated().config, ...config } });

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

const identityOf = ({ orderId, traderId, accountId, symbol }: OrderTicket) => ({
  orderId,
  traderId,
  accountId,
  symbol,
});

export function filled(order: Partial<OrderTicket>, changes: Partial<OrderFilled> = {}): OrderFilled {
  const ticket = sampleTicket(order);
  const { side, quantity, price } = ticket;
  return samples.filled({ ...identityOf(ticket), side, quantity, price, filledQuantity: quantity, ...changes });
}

export const ended = (order: Partial<OrderTicket>, changes: Partial<OrderEnded> = {}): OrderEnded =>
  samples.ended({ ...identityOf(sampleTicket(order)), ...changes });
