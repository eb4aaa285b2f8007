/** Trades of an agent: submitted, listed, cancelled. A cancel is never refused for its rate, and a repeated one is the same cancel. */
import { z } from '@hono/zod-openapi';
import { findInstrument } from '../../domain/instrument.ts';
import type { OrderCancel, OrderCancelAnswered } from '../../messages/order.ts';
import { atOnce } from '../kit/at-once.ts';
import type { ApiCall } from '../kit/call.ts';
import { iso } from '../kit/instant.ts';
import { notFound, Problem, unavailable } from '../kit/problem.ts';
import { READERS, type Route, route, TRADERS } from '../kit/route.ts';
import { isoInstant, pagingQuery } from '../kit/validate.ts';
import { agentIn, LIMITED, NEVER_REFUSED, visibleTrader } from './access.ts';
import { pageFields } from './lists.ts';
import { cancelledTrade, heldTrade, submitTradeRequest, trade, tradeList, tradeStatus } from './schemas.ts';
import { submit } from './submit.ts';
import { cretoSurface as surface } from './surface.ts';
import { filterFor, fromRow, fromView, statusOf, type TradeState, tradeOfRow } from './trade-state.ts';

const listQuery = z.object({
  ...pagingQuery,
  status: tradeStatus.optional(),
  symbol: z.string().max(40).optional(),
  startDate: isoInstant.optional(),
  endDate: isoInstant.optional(),
});

function filterOf(traderId: string, { status, symbol, startDate, endDate }: z.output<typeof listQuery>) {
  return {
    traderId,
    ...(status && filterFor(status)),
    ...(symbol !== undefined && { symbol: findInstrument(symbol)?.symbol ?? symbol }),
    ...(startDate !== undefined && { from: startDate }),
    ...(endDate !== undefined && { to: endDate }),
  };
}

function notCancellable(state: TradeState): Problem {
  return statusOf(state) === 'executed'
    ? new Problem('conflict', 'Cannot cancel trade that has already been executed', {
        code: 'CANNOT_CANCEL_EXECUTED_TRADE',
      })
    : new Problem('conflict', 'Cannot cancel trade that has already failed', { code: 'TRADE_ALREADY_FAILED' });
}

function cancelled(state: TradeState, now: number) {
  if (statusOf(state) !== 'cancelled') throw notCancellable(state);
  return { id: state.id, status: 'cancelled' as const, cancelledAt: iso(state.endedAt ?? now) };
}

/** The order as it was left when the venue or a fill was faster than the cancel. */
async function endedState({ house }: ApiCall, orderId: string): Promise<TradeState> {
  const row = await house.read.order(orderId);
  if (!row) throw notFound('Trade', orderId);
  return fromRow(row);
}

async function cancel(call: ApiCall<{ agentId: string; tradeId: string }>) {
  const { house, caller, params } = call;
  const trader = visibleTrader(call, params.agentId);
  const row = await house.read.order(params.tradeId);
  if (!row?.listed || row.traderId !== trader.id) throw notFound('Trade', params.tradeId);
  if (row.end !== null) return cancelled(fromRow(row), house.clock.marketNow());
  const message: OrderCancel = {
    type: 'order.cancel',
    orderId: row.id,
    by: caller.sub,
    reason: 'cancelled by the user',
  };
  const { outcome, order } = await call.ask<OrderCancelAnswered>(message);
  if (outcome === 'unresolved') throw unavailable('The venue has not confirmed the cancel yet');
  const state = order ? fromView(order) : await endedState(call, row.id);
  return cancelled(state, house.clock.marketNow());
}

const common = { surface, tag: 'Trades' } as const;

export const tradeRoutes: readonly Route[] = [
  route({
    ...common,
    method: 'POST',
    path: '/api/v1/agents/:id/trades',
    policy: TRADERS,
    rateLimit: LIMITED,
    summary: 'Submit a trade',
    params: z.object({ id: z.string() }),
    body: submitTradeRequest,
    responses: { 201: trade, 202: heldTrade },
    refusals: [404, 423],
    subject: agentIn('id'),
    entity: (_params, { ids }) => `trade-${ids.uuid()}`,
  })(submit),
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/agents/:id/trades',
    policy: READERS,
    rateLimit: LIMITED,
    summary: 'List trades, the newest first',
    params: z.object({ id: z.string() }),
    query: listQuery,
    responses: { 200: tradeList },
    refusals: [404],
    subject: agentIn('id'),
  })((call) => {
    const { house, params, query } = call;
    const trader = visibleTrader(call, params.id);
    return atOnce(house.read.orders(filterOf(trader.id, query), query), (page) => {
      const trades = page.rows.map(tradeOfRow);
      return { status: 200, body: { trades, ...pageFields(page, query) } };
    });
  }),
  route({
    ...common,
    method: 'DELETE',
    path: '/api/v1/agents/:agentId/trades/:tradeId',
    policy: TRADERS,
    rateLimit: NEVER_REFUSED,
    summary: 'Cancel a trade',
    params: z.object({ agentId: z.string(), tradeId: z.string() }),
    responses: { 200: cancelledTrade },
    refusals: [404, 409],
    subject: agentIn('agentId'),
  })(async (call) => ({ status: 200, body: await cancel(call) })),
];
