/** Agents of the contract are traders of the house: created with an account of their own, shown with what it holds, terminated flat. */
import { z } from '@hono/zod-openapi';
import { accountOf } from '../../domain/account.ts';
import type { PortfolioAnswered, PortfolioGet } from '../../messages/account.ts';
import type { TraderAnswered, TraderCreate, TraderTerminate } from '../../messages/trader.ts';
import type { TraderRow } from '../../projections/rows.ts';
import type { ApiCall } from '../kit/call.ts';
import { actsForOthers, seesAll } from '../kit/caller.ts';
import { iso } from '../kit/instant.ts';
import { oncePer } from '../kit/once-per.ts';
import { checkLimitsOfOthers } from '../kit/own-limits.ts';
import { notFound, Problem, unavailable } from '../kit/problem.ts';
import { READERS, type Route, route, TRADERS } from '../kit/route.ts';
import { pagingQuery } from '../kit/validate.ts';
import { actedTrader, agentIn, LIMITED, visibleTrader } from './access.ts';
import { pageFields } from './lists.ts';
import { agent, agentDetails, agentList, createAgentRequest } from './schemas.ts';
import { spelled } from './spelling.ts';
import { cretoSurface as surface } from './surface.ts';

/** A trader that is winding down is still there, and may come back. */
const statusOf = ({ status }: TraderRow): 'active' | 'terminated' => (status === 'terminated' ? status : 'active');

const summaryOf = (row: TraderRow) => ({
  id: row.id,
  name: row.name,
  type: 'trading' as const,
  status: statusOf(row),
  createdAt: iso(row.createdAt),
});

/** A row never changes. */
const agentOf = oncePer((row: TraderRow) => ({
  ...summaryOf(row),
  config: {
    budget: row.budget,
    strategy: row.strategy,
    riskTolerance: row.riskTolerance,
    ...(row.maxPositionSize !== null && { maxPositionSize: row.maxPositionSize }),
  },
  userId: row.userId,
  updatedAt: iso(row.updatedAt),
}));

async function portfolioOf(call: ApiCall, { accountId }: TraderRow) {
  const question: PortfolioGet = { type: 'portfolio.get', accountId };
  const { equity, positions } = await call.ask<PortfolioAnswered>(question);
  return {
    totalValue: Number(equity),
    positions: positions
      .filter(({ quantity }) => quantity !== '0')
      .map(({ symbol, quantity, averagePrice, currentPrice, unrealizedPnl }) => ({
        symbol: spelled(symbol),
        quantity: Number(quantity),
        averagePrice: Number(averagePrice),
        currentPrice: Number(currentPrice),
        unrealizedPnL: Number(unrealizedPnl),
      })),
  };
}

async function create(call: ApiCall<undefined, undefined, z.infer<typeof createAgentRequest>>): Promise<TraderRow> {
  const { body, caller, entity: traderId, house } = call;
  if (body.userId !== caller.sub && !actsForOthers(caller)) {
    throw new Problem('forbidden', 'User can create agents only for itself');
  }
  const accountId = accountOf(traderId);
  const { maxPositionSize, ...config } = body.config;
  const message: TraderCreate = {
    type: 'trader.create',
    traderId,
    accountId,
    userId: body.userId,
    name: body.name,
    config: { ...config, ...(maxPositionSize !== undefined && { maxPositionSize }) },
    by: caller.sub,
  };
  if (!house.read.trader(traderId)) {
    await checkLimitsOfOthers(call, accountId, body.userId);
    await call.ask<TraderAnswered>(message);
  }
  const row = house.read.trader(traderId);
  if (!row) throw new Error(`Invariant: a created trader can be read (${traderId})`);
  return row;
}

/** Closing positions may take half a minute before the house gives it up itself. */
const TERMINATE_MS = 40_000;

async function terminate(call: ApiCall, traderId: string): Promise<void> {
  if (actedTrader(call, traderId).status === 'terminated') return;
  const message: TraderTerminate = { type: 'trader.terminate', traderId, by: call.caller.sub };
  const { outcome, pendingTrades = 0, reason } = await call.ask<TraderAnswered>(message, TERMINATE_MS);
  switch (outcome) {
    case 'pending-trades':
      throw new Problem('conflict', 'Cannot terminate agent with pending trades', {
        code: 'AGENT_HAS_PENDING_TRADES',
        details: { pendingTrades },
      });
    case 'close-failed':
      throw unavailable(`The positions of the agent could not be closed: ${reason ?? 'no reason was given'}`);
    case 'not-found':
      // It has left memory: another request has terminated it meanwhile, or it never was.
      if (call.house.read.trader(traderId)?.status !== 'terminated') throw notFound('Agent', traderId);
  }
}

const idParam = z.object({ id: z.string() });
const common = { surface, tag: 'Agents', rateLimit: LIMITED } as const;

export const agentRoutes: readonly Route[] = [
  route({
    ...common,
    method: 'POST',
    path: '/api/v1/agents',
    policy: TRADERS,
    summary: 'Create an agent',
    body: createAgentRequest,
    responses: { 201: agent },
    entity: (_params, { ids }) => `agent-${ids.uuid()}`,
  })(async (call) => ({ status: 201, body: agentOf(await create(call)) })),
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/agents',
    policy: READERS,
    summary: 'List agents, the newest first',
    query: z.object({
      ...pagingQuery,
      status: z.enum(['active', 'terminated'], 'Status must be active or terminated').optional(),
    }),
    responses: { 200: agentList },
  })(async ({ house, caller, query: { status, ...paging } }) => {
    const filter = {
      ...(!seesAll(caller) && { userId: caller.sub }),
      ...(status === 'terminated' && { status: ['terminated'] as const }),
      ...(status === 'active' && { status: ['active', 'winding-down'] as const }),
    };
    const page = await house.read.traders(filter, paging);
    return { status: 200, body: { agents: page.rows.map(summaryOf), ...pageFields(page, paging) } };
  }),
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/agents/:id',
    policy: READERS,
    summary: 'An agent with its portfolio',
    params: idParam,
    responses: { 200: agentDetails },
    refusals: [404],
    subject: agentIn('id'),
  })(async (call) => {
    const trader = visibleTrader(call, call.params.id);
    return { status: 200, body: { ...agentOf(trader), portfolio: await portfolioOf(call, trader) } };
  }),
  route({
    ...common,
    method: 'DELETE',
    path: '/api/v1/agents/:id',
    policy: TRADERS,
    summary: 'Close all positions and terminate an agent',
    params: idParam,
    responses: { 204: null },
    refusals: [404, 409],
    subject: agentIn('id'),
  })(async (call) => {
    await terminate(call, call.params.id);
    return { status: 204, body: undefined };
  }),
];
