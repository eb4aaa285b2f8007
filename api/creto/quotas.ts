/** What an agent has used: figures over the last hour to year, and how its quotas stand. */
import { z } from '@hono/zod-openapi';
import type { QuotaAnswered, QuotaGet } from '../../messages/quota.ts';
import type { ApiCall } from '../kit/call.ts';
import type { OrdersCount } from '../kit/house.ts';
import { iso } from '../kit/instant.ts';
import { notFound, Problem } from '../kit/problem.ts';
import { READERS, type Route, route } from '../kit/route.ts';
import { agentIn, LIMITED, visibleTrader } from './access.ts';
import { quotaFigures, warningsFor } from './quota-figures.ts';
import { type PERIODS, quotaStatus, usageQuery, usageSummary } from './schemas.ts';
import { spelled } from './spelling.ts';
import { cretoSurface as surface } from './surface.ts';
import { statusOf } from './trade-state.ts';

const HOUR_MS = 3_600_000;
const PERIOD_HOURS: Readonly<Record<(typeof PERIODS)[number], number>> = {
  hourly: 1,
  daily: 24,
  weekly: 24 * 7,
  monthly: 24 * 30,
  yearly: 24 * 365,
};

function countsBy(orders: readonly OrdersCount[], key: (order: OrdersCount) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const order of orders) counts[key(order)] = (counts[key(order)] ?? 0) + order.count;
  return counts;
}

const breakdownOf = (orders: readonly OrdersCount[]) => ({
  trades: { buy: 0, sell: 0, ...countsBy(orders, ({ side }) => side) },
  bySymbol: countsBy(orders, ({ symbol }) => spelled(symbol)),
  byType: countsBy(orders, ({ orderType }) => orderType),
  byStatus: countsBy(orders, (order) => statusOf({ ...order, denialCode: null })),
});

async function usage(call: ApiCall<{ id: string }, z.output<typeof usageQuery>>) {
  const { house, doors, query } = call;
  const { id } = visibleTrader(call, call.params.id);
  const to = house.clock.marketNow();
  const from = to - PERIOD_HOURS[query.period] * HOUR_MS;
  // The present moment belongs to the period.
  const until = to + 1;
  const [metered, fills, orders] = await Promise.all([
    house.read.usage(id, from, until),
    house.read.fillsSummary(id, from, until),
    house.read.ordersSummary(id, from, until),
  ]);
  const pending = doors.meter.pending(id);
  return {
    agentId: id,
    period: query.period,
    startDate: iso(from),
    endDate: iso(to),
    summary: {
      totalTrades: orders.reduce((sum, { count }) => sum + count, 0),
      totalVolume: Number(fills.volume),
      totalFees: Number(fills.fees),
      apiCalls: metered.apiCalls + pending.apiCalls,
      computeTime: metered.computeMs + Math.round(pending.computeMs),
    },
    ...(query.includeBreakdown === 'true' && { breakdown: breakdownOf(orders) }),
  };
}

async function quota(call: ApiCall<{ id: string }>) {
  const { id, status } = visibleTrader(call, call.params.id);
  if (status === 'terminated') throw new Problem('not-found', `Agent with id '${id}' is terminated: it has no quota`);
  const question: QuotaGet = { type: 'quota.get', traderId: id };
  const answer = await call.ask<QuotaAnswered>(question);
  if (!answer.found) throw notFound('Quota of agent', id);
  const trades = quotaFigures(answer.trades);
  const volume = quotaFigures(answer.volume);
  const budget = quotaFigures(answer.budget);
  return {
    agentId: id,
    quotas: {
      daily: { trades, volume: { ...volume, currency: 'USD' as const } },
      monthly: { budget: { ...budget, currency: 'USD' as const } },
    },
    warnings: [
      ...warningsFor('daily.trades', trades.percentUsed),
      ...warningsFor('daily.volume', volume.percentUsed),
      ...warningsFor('monthly.budget', budget.percentUsed),
    ],
  };
}

const common = {
  method: 'GET',
  surface,
  tag: 'Metering',
  policy: READERS,
  rateLimit: LIMITED,
  params: z.object({ id: z.string() }),
  refusals: [404],
  subject: agentIn('id'),
} as const;

export const quotaRoutes: readonly Route[] = [
  route({
    ...common,
    path: '/api/v1/agents/:id/usage',
    summary: 'What an agent has used in a period that ends now',
    query: usageQuery,
    responses: { 200: usageSummary },
  })(async (call) => ({ status: 200, body: await usage(call) })),
  route({
    ...common,
    path: '/api/v1/agents/:id/quota',
    summary: 'How the quotas of an agent stand',
    responses: { 200: quotaStatus },
  })(async (call) => ({ status: 200, body: await quota(call) })),
];
