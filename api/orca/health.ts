/** Orca's two looks at the house. What is not configured is not down. They answer before the house is ready too, then with 503. */
import { z } from '@hono/zod-openapi';
import type { DependencyState, House } from '../kit/house.ts';
import { iso } from '../kit/instant.ts';
import { PUBLIC, type Route, route, UNLIMITED } from '../kit/route.ts';
import { secondsOf } from './spelling.ts';
import { orcaSurface as surface } from './surface.ts';

const state = z.enum(['healthy', 'degraded', 'unhealthy']);
const rootHealth = z.object({ status: state, timestamp: z.iso.datetime() }).openapi('OrcaHealth');
const tradingHealth = z
  .object({
    status: state,
    timestamp: z.number(),
    datetime: z.iso.datetime(),
    checks: z.object({ redis: state, broker: state }),
    response_time_ms: z.number(),
  })
  .openapi('OrcaTradingHealth');

const common = { method: 'GET', surface, policy: PUBLIC, rateLimit: UNLIMITED, tag: 'Trading', always: true } as const;
const RETRY = { 'Retry-After': '1' } as const;

/** Without its broker there is no trading at all; without Redis only background work waits. */
function tradingState(house: House, redis: DependencyState, broker: DependencyState): DependencyState {
  const { database } = house.health().dependencies;
  if (house.state() !== 'ready' || broker === 'unhealthy') return 'unhealthy';
  return [redis, broker, database].every((one) => one === 'healthy') ? 'healthy' : 'degraded';
}

export const orcaHealthRoutes: readonly Route[] = [
  route({
    ...common,
    path: '/api/health',
    summary: 'Does the server answer?',
    responses: { 200: rootHealth, 503: rootHealth },
  })(({ house }) => {
    const timestamp = iso(house.clock.wallNow());
    if (house.state() === 'ready') return { status: 200, body: { status: 'healthy', timestamp } };
    return { status: 503, body: { status: 'unhealthy', timestamp }, headers: RETRY };
  }),
  route({
    ...common,
    path: '/api/v1/trading/health',
    summary: 'Health of Redis and of the broker',
    responses: { 200: tradingHealth, 503: tradingHealth },
  })(({ house }) => {
    const startedMs = house.clock.monotonic();
    const { dependencies, providers } = house.health();
    const redis = dependencies.messageBroker;
    const broker = providers.find(({ serves }) => serves === 'orders')?.state ?? 'healthy';
    const status = tradingState(house, redis, broker);
    const now = house.clock.wallNow();
    const body = {
      ...{ status, timestamp: secondsOf(now), datetime: iso(now), checks: { redis, broker } },
      response_time_ms: Number((house.clock.monotonic() - startedMs).toFixed(3)),
    };
    return status === 'unhealthy' ? { status: 503, body, headers: RETRY } : { status: 200, body };
  }),
];
