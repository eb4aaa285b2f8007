/**
 * Submitting a trade: one ticket, one ask, one answer by how far the order came. A repeat after a lost answer never submits again;
 * it is answered from the order's present state.
 */

import type { z } from '@hono/zod-openapi';
import { fromNumber } from '../../domain/decimal.ts';
import { DENIAL_CLASSES, DENIAL_CODES, type Denial } from '../../domain/denial.ts';
import { findInstrument } from '../../domain/instrument.ts';
import type { OrderTicket, OrderView } from '../../messages/common.ts';
import type { OrderAnswered, OrderGet, OrderSubmit } from '../../messages/order.ts';
import type { OrderRow, TraderRow } from '../../projections/rows.ts';
import type { ApiCall } from '../kit/call.ts';
import { invalid, notFound, unavailable } from '../kit/problem.ts';
import { actedTrader } from './access.ts';
import { denialProblem } from './denials.ts';
import type { submitTradeRequest } from './schemas.ts';
import { iso } from './spelling.ts';
import { fromRow, fromView, statusOf, type TradeState, tradeOf } from './trade-state.ts';

export type SubmitCall = ApiCall<{ id: string }, undefined, z.infer<typeof submitTradeRequest>>;

/** An order as far as its answer needs it. */
interface Submitted {
  readonly state: TradeState;
  readonly denial: Denial | undefined;
  readonly request: { readonly id: string; readonly reason: string; readonly requestedAt: number } | undefined;
}

function ticketFor({ body, entity: orderId }: SubmitCall, trader: TraderRow): OrderTicket {
  const instrument = findInstrument(body.symbol);
  if (!instrument) {
    throw invalid([{ field: 'symbol', message: `Unknown symbol ${body.symbol}` }], 'Invalid trade parameters');
  }
  return {
    orderId,
    traderId: trader.id,
    accountId: trader.accountId,
    symbol: instrument.symbol,
    side: body.side,
    quantity: fromNumber(body.quantity),
    price: fromNumber(body.price),
    orderType: body.type,
    timeInForce: 'GTC',
    exit: false,
    surface: 'creto',
    userId: trader.userId,
  };
}

function submittedFrom(view: OrderView): Submitted {
  const { denial, requestId, requestReason, requestedAt } = view;
  const held = requestId !== undefined && requestReason !== undefined && requestedAt !== undefined;
  return {
    state: fromView(view),
    denial,
    request: held ? { id: requestId, reason: requestReason, requestedAt } : undefined,
  };
}

function denialOf({ denialCode, denialClass, reason }: OrderRow): Denial | undefined {
  const code = DENIAL_CODES.find((known) => known === denialCode);
  const kind = DENIAL_CLASSES.find((known) => known === denialClass);
  return code && kind && { code, class: kind, explanation: reason ?? code, numbers: {} };
}

async function submittedFromRow(call: SubmitCall, row: OrderRow): Promise<Submitted> {
  const approval = row.requestId === null ? undefined : await call.house.read.approval(row.requestId);
  return {
    state: fromRow(row),
    denial: denialOf(row),
    request: approval && { id: approval.id, reason: approval.reason, requestedAt: approval.createdAt },
  };
}

/** What an earlier try with this key has made, if it came that far. */
async function earlierTry(call: SubmitCall): Promise<Submitted | undefined> {
  const question: OrderGet = { type: 'order.get', orderId: call.entity, wait: true };
  const { order } = await call.ask<OrderAnswered>(question);
  if (order) return submittedFrom(order);
  const row = await call.house.read.order(call.entity);
  return row && submittedFromRow(call, row);
}

async function submitNow(call: SubmitCall, trader: TraderRow): Promise<Submitted> {
  const message: OrderSubmit = { type: 'order.submit', ticket: ticketFor(call, trader) };
  const { order } = await call.ask<OrderAnswered>(message);
  if (!order) throw unavailable('The order could not be taken');
  return submittedFrom(order);
}

/** Denied at submission there is no trade: the caller gets the reason. Everything else is a trade, also one that failed later. */
export async function submit(call: SubmitCall) {
  const trader = actedTrader(call, call.params.id);
  const { state, denial, request } =
    (call.repeated ? await earlierTry(call) : undefined) ?? (await submitNow(call, trader));
  if (denial && request === undefined) throw await denialProblem(call, denial, state);
  const trade = tradeOf(state);
  if (statusOf(state) !== 'pending_approval') return { status: 201, body: trade } as const;
  if (!request) throw notFound('Oversight request of trade', state.id);
  return {
    status: 202,
    body: {
      trade,
      oversightRequest: { id: request.id, reason: request.reason, createdAt: iso(request.requestedAt) },
      message: 'Trade submitted for approval',
    },
  } as const;
}
