import { describe, expect, it } from 'vitest';
import type { PortfolioAnswered, PortfolioGet } from '../../messages/account.ts';
import type { OrderSubmit, OrdersOpen, OrdersOpenAnswered } from '../../messages/order.ts';
import { catalog, DEFINITIONS } from '../../messages/registry.ts';
import type { TraderAnswered, TraderCreate, TraderReactivated } from '../../messages/trader.ts';
import type { Message } from '../../runtime/message.ts';
import { ended, filled, traderCreated } from '../testing/samples.ts';
import { only, type Stage, stage, types } from '../testing/stage.ts';
import { tradersAgent } from './traders.ts';

const create: TraderCreate = { ...traderCreated(), type: 'trader.create' };
const terminate = { type: 'trader.terminate', traderId: 'agent-1', by: 'user-1' } as Message;
const openOrders = (...orderIds: string[]): OrdersOpenAnswered => ({
  type: 'orders.open-answered',
  requestId: 'agent-1',
  orderIds,
});

function holding(quantities: Readonly<Record<string, string>>): PortfolioAnswered {
  return {
    type: 'portfolio.answered',
    accountId: 'acct-1',
    requestId: 'agent-1',
    found: true,
    cash: '0',
    equity: '0',
    unrealizedPnl: '0',
    realizedPnl: '0',
    positions: Object.entries(quantities).map(([symbol, quantity]) => ({
      symbol,
      quantity,
      averagePrice: '100',
      currentPrice: '101',
      unrealizedPnl: '0',
      realizedPnl: '0',
    })),
  };
}

function active(): Stage {
  const traders = stage(tradersAgent());
  traders.tell(create);
  return traders;
}

/** On the way out, with these positions. */
function closing(quantities: Readonly<Record<string, string>>): { traders: Stage; orders: OrderSubmit[] } {
  const traders = active();
  traders.tell(terminate);
  traders.tell(openOrders());
  return { traders, orders: traders.tell(holding(quantities)) as OrderSubmit[] };
}

const outcome = (said: readonly Message[]) => only<TraderAnswered>(said, 'trader.answered');
const closed = ({ ticket: { orderId, symbol } }: OrderSubmit, over = {}) => filled({ orderId, symbol, ...over });

describe('creating a trader', () => {
  it('is recorded as it was asked for', () => {
    const said = stage(tradersAgent()).tell(create);
    expect(types(said)).toEqual(['trader.created', 'trader.answered']);
    expect(said[0]).toEqual(traderCreated());
    expect(outcome(said).outcome).toBe('created');
  });

  it('twice makes one trader', () => {
    const said = active().tell(create);
    expect(types(said)).toEqual(['trader.answered']);
    expect(outcome(said).outcome).toBe('created');
  });
});

describe('terminating a trader', () => {
  it('that is unknown is not found', () => {
    expect(outcome(stage(tradersAgent()).tell(terminate))).toMatchObject({ outcome: 'not-found', traderId: 'agent-1' });
  });

  it('stops new orders before it looks at the open ones', () => {
    const said = active().tell(terminate);
    expect(types(said)).toEqual(['trader.winding-down', 'orders.open']);
    expect(only<OrdersOpen>(said, 'orders.open')).toMatchObject({ scope: 'agent', targetId: 'agent-1' });
  });

  it('is refused while orders are open, and the trader goes on', () => {
    const traders = active();
    traders.tell(terminate);
    const said = traders.tell(openOrders('trade-1', 'trade-2'));
    expect(types(said)).toEqual(['trader.reactivated', 'trader.answered']);
    expect(outcome(said)).toMatchObject({ outcome: 'pending-trades', pendingTrades: 2 });
    expect(types(traders.tell(terminate))).toContain('trader.winding-down');
  });

  it('ends at once without positions, and is not found afterwards', () => {
    const traders = active();
    traders.tell(terminate);
    const asked = only<PortfolioGet>(traders.tell(openOrders()), 'portfolio.get');
    expect(asked).toMatchObject({ accountId: 'acct-1', requestId: 'agent-1' });
    const said = traders.tell(holding({ AAPL: '0' }));
    expect(types(said)).toEqual(['trader.terminated', 'trader.answered']);
    expect(outcome(traders.tell(terminate)).outcome).toBe('not-found');
  });

  it('closes every position by one exit order, and asks the portfolio whether that was all', () => {
    const { traders, orders } = closing({ AAPL: '100', EURUSD: '-2000' });
    expect(orders.map(({ ticket }) => ticket)).toMatchObject([
      { orderId: 'trade-close-agent-1-AAPL-1', side: 'sell', quantity: '100', exit: true, surface: 'wind-down' },
      {
        orderId: 'trade-close-agent-1-EURUSD-1',
        side: 'buy',
        quantity: '2000',
        orderType: 'market',
        timeInForce: 'IOC',
      },
    ]);
    expect(traders.tell(closed(orders[0]!))).toEqual([]);
    expect(types(traders.tell(closed(orders[1]!)))).toEqual(['portfolio.get']);
    expect(outcome(traders.tell(holding({}))).outcome).toBe('terminated');
  });

  it('waits for the rest of a partial fill', () => {
    const { traders, orders } = closing({ AAPL: '100' });
    expect(traders.tell(closed(orders[0]!, { end: false }))).toEqual([]);
    expect(types(traders.tell(closed(orders[0]!)))).toEqual(['portfolio.get']);
  });

  it('closes what a late fill has opened meanwhile, under a new order id', () => {
    const { traders, orders } = closing({ AAPL: '100' });
    traders.tell(closed(orders[0]!));
    const said = traders.tell(holding({ AAPL: '5' }));
    expect(only<OrderSubmit>(said, 'order.submit').ticket.orderId).toBe('trade-close-agent-1-AAPL-2');
  });

  it('goes on with another order where the market took only a part, once all of the round have ended', () => {
    const { traders, orders } = closing({ AAPL: '100', NVDA: '1' });
    const { orderId } = orders[0]!.ticket;
    expect(traders.tell(ended({ orderId, end: 'canceled', filledQuantity: '60' }))).toEqual([]);
    expect(types(traders.tell(closed(orders[1]!)))).toEqual(['portfolio.get']);
    const [second] = traders.tell(holding({ AAPL: '40' })) as [OrderSubmit];
    expect(second.ticket).toMatchObject({ orderId: 'trade-close-agent-1-AAPL-2', quantity: '40' });
    const left = ended({ orderId: second.ticket.orderId, end: 'canceled', filledQuantity: '30' });
    expect(types(traders.tell(left))).toEqual(['portfolio.get']);
    expect(outcome(traders.tell(holding({}))).outcome).toBe('terminated');
  });

  it('fails when a closing order ends without a fill, cancels the others, and the trader goes on', () => {
    const { traders, orders } = closing({ AAPL: '100', NVDA: '1' });
    const { orderId, symbol } = orders[0]!.ticket;
    const said = traders.tell(ended({ orderId, symbol, end: 'rejected', reason: 'no market' }));
    expect(types(said)).toEqual(['order.cancel', 'trader.reactivated', 'trader.answered']);
    expect(said[0]).toMatchObject({ orderId: orders[1]!.ticket.orderId });
    expect(outcome(said)).toMatchObject({
      outcome: 'close-failed',
      reason: 'the closing order for AAPL was rejected: no market',
    });
  });

  it('fails after 30 seconds', () => {
    const { traders } = closing({ AAPL: '100' });
    expect(traders.advance(29_999)).toEqual([]);
    const said = traders.advance(1);
    expect(only<TraderReactivated>(said, 'trader.reactivated').reason).toBe('positions were not closed in time');
    expect(outcome(said).outcome).toBe('close-failed');
  });

  it('never gives a closing order the id of an earlier one', () => {
    const { traders } = closing({ AAPL: '100' });
    traders.advance(30_000);
    traders.tell(terminate);
    traders.tell(openOrders());
    const said = traders.tell(holding({ AAPL: '100' }));
    expect(only<OrderSubmit>(said, 'order.submit').ticket.orderId).toBe('trade-close-agent-1-AAPL-2');
  });

  it('asked for twice goes its way once', () => {
    const traders = active();
    traders.tell(terminate);
    expect(traders.tell(terminate)).toEqual([]);
    traders.tell(openOrders());
    expect(outcome(traders.tell(holding({}))).outcome).toBe('terminated');
  });

  it('repeats what it waits for after a restart, at every step', () => {
    const traders = active();
    expect(traders.restart()).toEqual([]);
    traders.tell(terminate);
    expect(types(traders.restart())).toEqual(['orders.open']);
    traders.tell(openOrders());
    expect(types(traders.restart())).toEqual(['portfolio.get']);
    const [first, second] = traders.tell(holding({ AAPL: '100', NVDA: '1' })) as OrderSubmit[];
    traders.tell(closed(first!));
    expect(types(traders.restart())).toEqual(['orders.open']);
    expect(traders.tell(openOrders())).toEqual([second]);
  });

  it('never submits a closing order again that is open, or that has ended meanwhile', () => {
    const { traders, orders } = closing({ AAPL: '100', NVDA: '1' });
    expect(types(traders.restart())).toEqual(['orders.open']);
    expect(traders.tell(closed(orders[0]!))).toEqual([]);
    expect(traders.tell(openOrders(orders[1]!.ticket.orderId))).toEqual([]);
  });

  it('does not look at fills of other orders', () => {
    const { traders } = closing({ AAPL: '100' });
    expect(traders.tell(filled())).toEqual([]);
    expect(traders.tell(ended())).toEqual([]);
  });
});

it('says only messages that their schemas accept', () => {
  const { orders } = closing({ AAPL: '100' });
  for (const message of [...active().tell(terminate), ...orders]) {
    const definition = DEFINITIONS.find(({ type }) => type === catalog.entry(message.type).type);
    expect(definition?.schema.safeParse(message).error).toBeUndefined();
  }
});
