/** Messages that many tests begin with; each test states only what it is about. */
import type { AccountOpen } from '../../messages/account.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { OrderEnded, OrderFilled } from '../../messages/order.ts';
import type { TraderCreated } from '../../messages/trader.ts';

export function ticket(over: Partial<OrderTicket> = {}): OrderTicket {
  return {
    orderId: 'trade-1',
    traderId: 'agent-1',
    accountId: 'acct-1',
    symbol: 'AAPL',
    side: 'buy',
    quantity: '100',
    price: '150',
    orderType: 'limit',
    timeInForce: 'GTC',
    exit: false,
    surface: 'creto',
    userId: 'user-1',
    ...over,
  };
}

export function filled(over: Partial<OrderFilled> = {}): OrderFilled {
  return {
    type: 'order.filled',
    orderId: 'trade-1',
    traderId: 'agent-1',
    accountId: 'acct-1',
    symbol: 'AAPL',
    side: 'buy',
    executionId: 'trade-1-1',
    quantity: '100',
    price: '150',
    commission: '0',
    filledQuantity: '100',
    leavesQuantity: '0',
    averagePrice: '150',
    end: true,
    ...over,
  };
}

export function ended(over: Partial<OrderEnded> = {}): OrderEnded {
  return {
    type: 'order.ended',
    orderId: 'trade-1',
    traderId: 'agent-1',
    accountId: 'acct-1',
    symbol: 'AAPL',
    end: 'canceled',
    filledQuantity: '0',
    ...over,
  };
}

export function traderCreated(over: Partial<TraderCreated> = {}): TraderCreated {
  return {
    type: 'trader.created',
    traderId: 'agent-1',
    accountId: 'acct-1',
    userId: 'user-1',
    name: 'first',
    config: { budget: 100_000, strategy: 'balanced', riskTolerance: 'medium' },
    by: 'user-1',
    ...over,
  };
}

export function accountOpen(over: Partial<AccountOpen> = {}): AccountOpen {
  return {
    type: 'account.open',
    accountId: 'acct-1',
    userId: 'user-1',
    name: 'first',
    venue: 'tradovate',
    venueId: 'D1',
    currency: 'USD',
    pack: 'apex',
    deposit: '50000',
    leverage: null,
    by: 'house',
    ...over,
  };
}
