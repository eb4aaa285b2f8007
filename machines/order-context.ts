/** What an order remembers, and the pure arithmetic of its life: amount, fills, and the view that answers show. */
import { compare, type DecimalText, exact, max, plus, text, times } from '../domain/decimal.ts';
import type { Denial } from '../domain/denial.ts';
import { derivedUuid } from '../domain/derived-id.ts';
import { findInstrument, notional } from '../domain/instrument.ts';
import type { OrderEnd } from '../domain/order.ts';
import type { OrderStatus, OrderTicket, OrderView, QuoteView } from '../messages/common.ts';
import type { TradingHalted } from '../messages/halt.ts';
import type { Fill, GateVerdict, OrderFilled } from '../messages/order.ts';
import type { WantedCancel } from './order-cancel.ts';

export type OrderContext = {
  readonly ticket: OrderTicket;
  readonly amount: DecimalText;
  readonly quote: QuoteView | null;
  readonly autonomousThreshold: DecimalText;
  /** The house varies orders that ask for it. */
  readonly variance: boolean;
  readonly gates: readonly GateVerdict[];
  readonly filledQuantity: DecimalText;
  readonly averagePrice: DecimalText;
  readonly commission: DecimalText;
  readonly executions: readonly string[];
  readonly submittedAt: number;
  readonly executedAt: number | null;
  readonly endedAt: number | null;
  readonly end: OrderEnd | null;
  readonly denial: Denial | null;
  readonly reason: string | null;
  readonly request: { readonly requestId: string; readonly reason: string; readonly requestedAt: number } | null;
  readonly approvedBy: string | null;
  /** Hand-overs so far: a venue that certainly never had the order gets it again, a bounded number of times. */
  readonly attempts: number;
  readonly lookups: number;
  /** The venue has said that it has the order. */
  readonly accepted: boolean;
  /** Somebody wants it cancelled while the venue has not answered yet. */
  readonly cancel: WantedCancel | null;
};

/** Quantity × price × multiplier in account currency; a market order counts with the larger of stated and market price. */
export function amountOf(ticket: OrderTicket, quote: QuoteView | undefined): DecimalText {
  const instrument = findInstrument(ticket.symbol);
  const market =
    ticket.orderType === 'market' && quote ? (ticket.side === 'buy' ? quote.ask : quote.last) : ticket.price;
  const price = max(ticket.price, market);
  return instrument ? notional(instrument, ticket.quantity, price) : times(ticket.quantity, price);
}

export interface OrderInput {
  readonly autonomousThreshold: DecimalText;
  readonly variance: boolean;
}

export function startOf(
  ticket: OrderTicket,
  quote: QuoteView | undefined,
  { autonomousThreshold, variance }: OrderInput,
  at: number,
): OrderContext {
  return {
    ticket,
    amount: amountOf(ticket, quote),
    quote: quote ?? null,
    autonomousThreshold,
    variance,
    gates: [],
    filledQuantity: '0',
    averagePrice: '0',
    commission: '0',
    executions: [],
    submittedAt: at,
    executedAt: null,
    endedAt: null,
    end: null,
    denial: null,
    reason: null,
    request: null,
    approvedBy: null,
    attempts: 0,
    lookups: 0,
    accepted: false,
    cancel: null,
  };
}

/**
 * The same in an object of its own, which may still be written. Field by field, so that it is made in one piece: a spread of so many
 * fields costs ten times as much, and an order is copied with each message.
 */
export function copyOf(context: OrderContext): { -readonly [Field in keyof OrderContext]: OrderContext[Field] } {
  return {
    ticket: context.ticket,
    amount: context.amount,
    quote: context.quote,
    autonomousThreshold: context.autonomousThreshold,
    variance: context.variance,
    gates: context.gates,
    filledQuantity: context.filledQuantity,
    averagePrice: context.averagePrice,
    commission: context.commission,
    executions: context.executions,
    submittedAt: context.submittedAt,
    executedAt: context.executedAt,
    endedAt: context.endedAt,
    end: context.end,
    denial: context.denial,
    reason: context.reason,
    request: context.request,
    approvedBy: context.approvedBy,
    attempts: context.attempts,
    lookups: context.lookups,
    accepted: context.accepted,
    cancel: context.cancel,
  };
}

/** Fills that are not booked yet, each with what it makes of the order; a repeated execution id counts once. */
export function newFills(
  context: OrderContext,
  fills: readonly Fill[],
  at: number,
): { readonly context: OrderContext; readonly facts: readonly OrderFilled[] } {
  let after = context;
  const facts: OrderFilled[] = [];
  const { orderId, traderId, accountId, symbol, side, quantity } = context.ticket;
  for (const fill of fills) {
    if (after.executions.includes(fill.executionId)) continue;
    const before = exact(after.filledQuantity);
    const filled = before.plus(fill.quantity);
    const leaves = exact(quantity).minus(filled);
    const end = !leaves.greaterThan(0);
    const filledQuantity = text(filled);
    const leavesQuantity = text(leaves);
    // The first fill's price is the average; there is nothing to divide.
    const averagePrice = before.isZero()
      ? text(exact(fill.price))
      : text(exact(after.averagePrice).times(before).plus(exact(fill.price).times(fill.quantity)).dividedBy(filled));
    const next = copyOf(after);
    next.filledQuantity = filledQuantity;
    next.averagePrice = averagePrice;
    next.commission = plus(after.commission, fill.commission);
    next.executions = [...after.executions, fill.executionId];
    next.executedAt = at;
    if (end) {
      next.end = 'filled';
      next.endedAt = at;
    }
    after = next;
    facts.push({
      type: 'order.filled',
      orderId,
      traderId,
      accountId,
      symbol,
      side,
      executionId: fill.executionId,
      quantity: fill.quantity,
      price: fill.price,
      commission: fill.commission,
      filledQuantity,
      leavesQuantity,
      averagePrice,
      end,
    });
  }
  return { context: after, facts };
}

/** More filled than was ordered is what must never be: the fill is booked, because it happened, and the whole house stops. */
export function overfill(before: OrderContext, after: OrderContext): TradingHalted | undefined {
  const { orderId, quantity } = after.ticket;
  const isOver = ({ filledQuantity }: OrderContext): boolean => compare(filledQuantity, quantity) > 0;
  if (!isOver(after) || isOver(before)) return undefined;
  return {
    type: 'trading.halted',
    stopId: derivedUuid('overfill', orderId),
    scope: 'system',
    reason: `Invariant: order ${orderId} over ${quantity} has fills of ${after.filledQuantity}`,
    by: 'house',
  };
}

/** Field by field: one literal is made at once, a spread with fields behind it one by one. */
export function viewOf(context: OrderContext, status: OrderStatus): OrderView {
  const { ticket, request } = context;
  return {
    orderId: ticket.orderId,
    traderId: ticket.traderId,
    accountId: ticket.accountId,
    symbol: ticket.symbol,
    side: ticket.side,
    quantity: ticket.quantity,
    price: ticket.price,
    orderType: ticket.orderType,
    timeInForce: ticket.timeInForce,
    stopPrice: ticket.stopPrice,
    exit: ticket.exit,
    surface: ticket.surface,
    userId: ticket.userId,
    status,
    amount: context.amount,
    filledQuantity: context.filledQuantity,
    averagePrice: context.averagePrice,
    commission: context.commission,
    submittedAt: context.submittedAt,
    executedAt: context.executedAt ?? undefined,
    endedAt: context.endedAt ?? undefined,
    end: context.end ?? undefined,
    denial: context.denial ?? undefined,
    reason: context.reason ?? undefined,
    requestId: request?.requestId,
    requestReason: request?.reason,
    requestedAt: request?.requestedAt,
  };
}
