/**
 * Orders as lists and answers show them. An order is listed once a gate's answer is behind it: what is denied at submission never
 * is, what is denied after a person was asked stays. A late fill is booked elsewhere; an order's end is final.
 */

import { plus } from '../domain/decimal.ts';
import type {
  OrderCancelRequested,
  OrderEnded,
  OrderFilled,
  OrderHeld,
  OrderIntended,
  OrderSubmitted,
  OrderUnresolved,
  OrderWorking,
} from '../messages/order.ts';
import type { JournalRecord } from '../runtime/message.ts';
import type { Projection } from './projection.ts';
import type { OrderRow } from './rows.ts';

type Progress =
  | OrderHeld
  | OrderIntended
  | OrderWorking
  | OrderCancelRequested
  | OrderUnresolved
  | OrderFilled
  | OrderEnded;

export const orders: Projection = {
  name: 'orders',
  version: 1,
  on: [
    'order.submitted',
    'order.held',
    'order.intended',
    'order.working',
    'order.cancel-requested',
    'order.unresolved',
    'order.filled',
    'order.ended',
  ],
  apply(view, record) {
    const fact = record.message as OrderSubmitted | Progress;
    if (fact.type === 'order.submitted') return view.put('orders', submitted(fact, record));
    const row = view.get('orders', 'ticket' in fact ? fact.ticket.orderId : fact.orderId);
    const change = row && row.end === null ? progress(row, fact, fact.at ?? record.recordedAt) : undefined;
    if (row && change) view.put('orders', changed(row, change));
  },
};

function submitted({ ticket, amount, at }: OrderSubmitted, record: JournalRecord): OrderRow {
  return {
    id: ticket.orderId,
    sequence: record.sequence,
    traderId: ticket.traderId,
    accountId: ticket.accountId,
    userId: ticket.userId,
    surface: ticket.surface,
    symbol: ticket.symbol,
    side: ticket.side,
    quantity: ticket.quantity,
    price: ticket.price,
    orderType: ticket.orderType,
    timeInForce: ticket.timeInForce,
    status: 'gating',
    listed: false,
    amount,
    filledQuantity: '0',
    averagePrice: '0',
    commission: '0',
    submittedAt: at ?? record.recordedAt,
    executedAt: null,
    endedAt: null,
    end: null,
    denialCode: null,
    denialClass: null,
    reason: null,
    requestId: null,
  };
}

type Change = {
  readonly [Column in
    | 'status'
    | 'listed'
    | 'filledQuantity'
    | 'averagePrice'
    | 'commission'
    | 'executedAt'
    | 'endedAt'
    | 'end'
    | 'denialCode'
    | 'denialClass'
    | 'reason'
    | 'requestId']?: OrderRow[Column];
};

/** Field by field: a literal is made at once, copies of copies one field after the other. */
function changed(row: OrderRow, change: Change): OrderRow {
  const { executedAt, endedAt, end, denialCode, denialClass, reason, requestId } = change;
  return {
    id: row.id,
    sequence: row.sequence,
    traderId: row.traderId,
    accountId: row.accountId,
    userId: row.userId,
    surface: row.surface,
    symbol: row.symbol,
    side: row.side,
    quantity: row.quantity,
    price: row.price,
    orderType: row.orderType,
    timeInForce: row.timeInForce,
    status: change.status ?? row.status,
    listed: change.listed ?? row.listed,
    amount: row.amount,
    filledQuantity: change.filledQuantity ?? row.filledQuantity,
    averagePrice: change.averagePrice ?? row.averagePrice,
    commission: change.commission ?? row.commission,
    submittedAt: row.submittedAt,
    executedAt: executedAt === undefined ? row.executedAt : executedAt,
    endedAt: endedAt === undefined ? row.endedAt : endedAt,
    end: end === undefined ? row.end : end,
    denialCode: denialCode === undefined ? row.denialCode : denialCode,
    denialClass: denialClass === undefined ? row.denialClass : denialClass,
    reason: reason === undefined ? row.reason : reason,
    requestId: requestId === undefined ? row.requestId : requestId,
  };
}

function progress(row: OrderRow, fact: Progress, at: number): Change | undefined {
  switch (fact.type) {
    case 'order.held':
      return { status: 'held', listed: true, requestId: fact.requestId };
    case 'order.intended':
      return { status: 'sending', listed: true };
    case 'order.working':
      return { status: 'working' };
    case 'order.cancel-requested':
      return { status: 'canceling' };
    case 'order.unresolved':
      return { status: 'unresolved', reason: fact.reason };
    case 'order.filled':
      return fact.late ? undefined : filled(row, fact, at);
    case 'order.ended':
      return {
        status: 'ended',
        end: fact.end,
        endedAt: at,
        listed: row.listed || fact.end !== 'denied',
        filledQuantity: fact.filledQuantity,
        denialCode: fact.denial?.code ?? null,
        denialClass: fact.denial?.class ?? null,
        reason: fact.reason ?? fact.denial?.explanation ?? row.reason,
      };
  }
}

function filled(row: OrderRow, fact: OrderFilled, at: number): Change {
  const { filledQuantity, averagePrice } = fact;
  const commission = plus(row.commission, fact.commission);
  if (!fact.end) return { filledQuantity, averagePrice, commission, executedAt: at };
  return { filledQuantity, averagePrice, commission, executedAt: at, status: 'ended', end: 'filled', endedAt: at };
}
