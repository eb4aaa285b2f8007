/**
 * Oversight: what waits for a person, and the decision, once. Who asked can't approve without the supervisor role. A decision
 * whose answer was lost is answered again to the same caller and key.
 */
import { z } from '@hono/zod-openapi';
import type { ApprovalAnswered, ApprovalApprove, ApprovalReject } from '../../messages/approval.ts';
import type { ApprovalRow } from '../../projections/rows.ts';
import type { ApiCall } from '../kit/call.ts';
import { hasRole, seesAll } from '../kit/caller.ts';
import type { House } from '../kit/house.ts';
import { iso } from '../kit/instant.ts';
import { notFound, Problem } from '../kit/problem.ts';
import { READERS, type Route, roles, route } from '../kit/route.ts';
import { LIMITED, visibleTrader } from './access.ts';
import { pageFields } from './lists.ts';
import { presentOrder } from './present-order.ts';
import {
  approvedRequest,
  approveRequest,
  rejectedRequest,
  rejectRequest,
  requestList,
  requestsQuery,
} from './schemas.ts';
import { spelled } from './spelling.ts';
import { cretoSurface as surface } from './surface.ts';
import { fromRow, fromView, type TradeState, tradeOf } from './trade-state.ts';

const requestOf = (row: ApprovalRow) => ({
  id: row.id,
  agentId: row.traderId,
  tradeId: row.orderId,
  trade: {
    symbol: spelled(row.symbol),
    side: row.side as 'buy' | 'sell',
    quantity: Number(row.quantity),
    price: Number(row.price),
    amount: Number(row.amount),
  },
  reason: row.reason,
  status: row.status,
  createdAt: iso(row.createdAt),
  expiresAt: iso(row.expiresAt),
  priority: row.priority === 'high' ? ('high' as const) : ('medium' as const),
  contentHash: row.contentHash,
});

const processed = (status: string, processedAt: number): Problem =>
  new Problem(
    'conflict',
    status === 'expired' ? 'Request has expired' : 'Request has already been approved or rejected',
    {
      code: 'REQUEST_ALREADY_PROCESSED',
      details: { currentStatus: status, processedAt: iso(processedAt) },
    },
  );

/** The price has left its band, or there is none to hold against it. */
function stale({ shown, now, band }: ApprovalAnswered, row: ApprovalRow): Problem {
  const why =
    now === undefined
      ? `There is no quote of ${spelled(row.symbol)} to check the request by; try again once there is one`
      : 'The market has left what was shown; look at the request again';
  return new Problem('conflict', why, {
    code: 'APPROVAL_STALE',
    details: {
      shown: Number(shown ?? row.price),
      now: now === undefined ? null : Number(now),
      band: { low: Number(band?.low ?? row.bandLow), high: Number(band?.high ?? row.bandHigh) },
    },
  });
}

/** `If-Match` names other terms than those that wait now, whatever the market does. */
const otherTerms = ({ contentHash }: ApprovalRow): Problem =>
  new Problem('conflict', 'If-Match names another content than the request has now; look at the request again', {
    code: 'APPROVAL_STALE',
    details: { contentHash },
  });

async function storedRequest({ house }: ApiCall, id: string): Promise<ApprovalRow> {
  const row = await house.read.approval(id);
  if (!row) throw notFound('Oversight request', id);
  return row;
}

/** Decides, or finds that this caller has decided so before with this key. Returns when. */
async function decide(
  call: ApiCall<{ id: string }>,
  row: ApprovalRow,
  message: ApprovalApprove | ApprovalReject,
  decision: 'approved' | 'rejected',
): Promise<number> {
  const { house, caller } = call;
  let latest = row;
  if (row.status === 'pending') {
    const answer = await call.ask<ApprovalAnswered>(message);
    if (answer.outcome === decision) return answer.processedAt ?? house.clock.marketNow();
    if (answer.outcome === 'stale') throw stale(answer, row);
    if (answer.outcome === 'hash-mismatch') throw otherTerms(await storedRequest(call, row.id));
    if (answer.outcome === 'four-eyes') {
      throw new Problem('forbidden', 'Somebody else than who asked for the trade has to approve it');
    }
    latest = await storedRequest(call, row.id);
    if (latest.status === 'pending') throw notFound('Oversight request', row.id);
  }
  const decidedAt = latest.decidedAt ?? house.clock.marketNow();
  const repeated = call.repeated && latest.status === decision && latest.decidedBy === caller.sub;
  if (!repeated) throw processed(latest.status, decidedAt);
  return decidedAt;
}

async function tradeAfter(call: ApiCall, orderId: string): Promise<TradeState> {
  const order = await presentOrder(call, orderId);
  if (!order) throw new Error(`Invariant: the order of a request can be read (${orderId})`);
  return 'view' in order ? fromView(order.view) : fromRow(order.row);
}

const unquoted = (header: string | undefined): string | undefined => header?.replace(/^(W\/)?"(.*)"$/, '$2');

async function approve(call: ApiCall<{ id: string }, undefined, z.infer<typeof approveRequest>>) {
  const { caller, body, params } = call;
  const row = await storedRequest(call, params.id);
  if (row.userId === caller.sub && !hasRole(caller, ['supervisor'])) {
    throw new Problem('forbidden', 'User does not have permission to approve its own requests');
  }
  const ifMatch = unquoted(call.header('if-match'));
  const message: ApprovalApprove = {
    type: 'approval.approve',
    requestId: row.id,
    by: caller.sub,
    ...(body.comment !== undefined && { comment: body.comment }),
    ...(ifMatch !== undefined && ifMatch !== '*' && { ifMatch }),
  };
  const approvedAt = await decide(call, row, message, 'approved');
  const { status, executedAt } = tradeOf(await tradeAfter(call, row.orderId));
  return {
    id: row.id,
    agentId: row.traderId,
    tradeId: row.orderId,
    status: 'approved' as const,
    approvedBy: caller.sub,
    approvedAt: iso(approvedAt),
    ...(body.comment !== undefined && { comment: body.comment }),
    executedTrade: { id: row.orderId, status, ...(executedAt !== undefined && { executedAt }) },
  };
}

async function reject(call: ApiCall<{ id: string }, undefined, z.infer<typeof rejectRequest>>) {
  const { caller, body, params } = call;
  const row = await storedRequest(call, params.id);
  const message: ApprovalReject = { type: 'approval.reject', requestId: row.id, by: caller.sub, reason: body.reason };
  const rejectedAt = iso(await decide(call, row, message, 'rejected'));
  return {
    id: row.id,
    agentId: row.traderId,
    tradeId: row.orderId,
    status: 'rejected' as const,
    rejectedBy: caller.sub,
    rejectedAt,
    rejectionReason: body.reason,
    cancelledTrade: { id: row.orderId, status: 'cancelled' as const, cancelledAt: rejectedAt },
  };
}

/** One id a first request, so that its repeat is told apart from a second decision under another key. */
const decisionId = (_params: unknown, { ids }: House): string => `decision-${ids.uuid()}`;
const DECIDERS = roles('supervisor', 'admin');
const idParam = z.object({ id: z.string() });
const common = { surface, tag: 'Oversight', rateLimit: LIMITED } as const;

export const oversightRoutes: readonly Route[] = [
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/oversight/requests',
    policy: READERS,
    summary: 'List oversight requests, the newest first; those that are pending unless asked otherwise',
    query: requestsQuery,
    responses: { 200: requestList },
    refusals: [404],
  })(async (call) => {
    const { house, caller, query } = call;
    if (query.agentId !== undefined) visibleTrader(call, query.agentId);
    const filter = {
      ...(!seesAll(caller) && { userId: caller.sub }),
      ...(query.agentId !== undefined && { traderId: query.agentId }),
      ...(query.status !== 'all' && { status: [query.status] }),
    };
    const page = await house.read.approvals(filter, query);
    return { status: 200, body: { requests: page.rows.map(requestOf), ...pageFields(page, query) } };
  }),
  route({
    ...common,
    method: 'POST',
    path: '/api/v1/oversight/requests/:id/approve',
    policy: DECIDERS,
    summary: 'Approve a request and execute its trade',
    params: idParam,
    body: approveRequest,
    bodyOptional: true,
    responses: { 200: approvedRequest },
    refusals: [404, 409],
    entity: decisionId,
  })(async (call) => ({ status: 200, body: await approve(call) })),
  route({
    ...common,
    method: 'POST',
    path: '/api/v1/oversight/requests/:id/reject',
    policy: DECIDERS,
    summary: 'Reject a request and cancel its trade',
    params: idParam,
    body: rejectRequest,
    responses: { 200: rejectedRequest },
    refusals: [404, 409],
    entity: decisionId,
  })(async (call) => ({ status: 200, body: await reject(call) })),
];
