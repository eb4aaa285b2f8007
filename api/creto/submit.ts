/**
 * Submitting a trade: one ticket, one ask, one answer by how far the order came. A repeat after a lost answer never submits again;
 * it is answered from the order's present state.
 */

import type { z } from '@hono/zod-openapi';
import { fromNumber } from '../../domain/decimal.ts';
import { DENIAL_CLASSES, DENIAL_CODES, type Denial } from '../../domain/denial.ts';
import { findInstrument } from '../../domain/instrument.ts';
import type { OrderTicket, OrderView } from '../../messages/common.ts';
import type { OrderAnswered, OrderSubmit } from '../../messages/order.ts';
import type { HaltRow, OrderRow, TraderRow } from '../../projections/rows.ts';
import type { ApiCall } from '../kit/call.ts';
import { iso } from '../kit/instant.ts';
import { invalid, notFound, Problem, unavailable } from '../kit/problem.ts';
import { actedTrader } from './access.ts';
import { denialProblem } from './denials.ts';
import { type PresentOrder, presentOrder, settledOrder } from './present-order.ts';
import type { submitTradeRequest } from './schemas.ts';
import { fromRow, fromView, type TradeState, tradeOf } from './trade-state.ts';

type SubmitCall = ApiCall<{ id: string }, undefined, z.infer<typeof submitTradeRequest>>;

/** An order as far as its answer needs it. */
interface Submitted {
  readonly state: TradeState;
  readonly denial: Denial | undefined;
  readonly request: { readonly id: string; readonly reason: string; readonly requestedAt: number } | undefined;
}

function ticketFor({ body, caller, entity: orderId }: SubmitCall, trader: TraderRow): OrderTicket {
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
    ...(caller.sub !== trader.userId && { submittedBy: caller.sub }),
  };
}

function fromAnswer(view: OrderView): Submitted {
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

async function fromTable(call: SubmitCall, row: OrderRow): Promise<Submitted> {
  const approval = row.requestId === null ? undefined : await call.house.read.approval(row.requestId);
  return {
    state: fromRow(row),
    denial: denialOf(row),
    request: approval && { id: approval.id, reason: approval.reason, requestedAt: approval.createdAt },
  };
}

async function submittedFrom(call: SubmitCall, order: PresentOrder): Promise<Submitted> {
  return 'view' in order ? fromAnswer(order.view) : fromTable(call, order.row);
}

/** What an earlier try with this key has made, if it came that far; else a new order under the same id. */
async function takeOrder(call: SubmitCall, trader: TraderRow): Promise<Submitted> {
  const earlier = call.repeated ? await presentOrder(call, call.entity) : undefined;
  if (earlier) return submittedFrom(call, earlier);
  const message: OrderSubmit = { type: 'order.submit', ticket: ticketFor(call, trader) };
  const order = await settledOrder(call, call.entity, call.ask<OrderAnswered>(message));
  if (!order) throw unavailable('The order could not be taken');
  return submittedFrom(call, order);
}

/** A stop that came while the order was on its way: the order has ended before it left, and the caller hears of the stop. */
async function haltOver(
  { house }: SubmitCall,
  { accountId }: TraderRow,
  { state }: Submitted,
): Promise<HaltRow | undefined> {
  if (state.end !== 'canceled' || state.filledQuantity !== '0') return undefined;
  const halts = await house.read.halts({ status: 'active' });
  return halts.find(
    ({ scope, targetId }) => scope === 'system' || targetId === (scope === 'account' ? accountId : state.traderId),
  );
}

/** Denied at submission there is no trade: the caller gets the reason. Everything else is a trade, also one that failed later. */
export async function submit(call: SubmitCall) {
  const trader = actedTrader(call, call.params.id);
  const submitted = await takeOrder(call, trader);
  const { state, denial, request } = submitted;
  if (denial && request === undefined) throw await denialProblem(call, denial, state);
  const halt = await haltOver(call, trader, submitted);
  if (halt) {
    const details = { reason: 'HALTED', stopId: halt.id, tradeId: state.id };
    throw new Problem('halted', `Trading was stopped: ${halt.reason}`, { details });
  }
  const trade = tradeOf(state);
  if (trade.status !== 'pending_approval') return { status: 201, body: trade } as const;
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
