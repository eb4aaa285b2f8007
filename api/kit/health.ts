/** How the house is, as the union of what the contracts ask. Answers also while it starts and stops; then with 503. */
import { z } from '@hono/zod-openapi';
import type { DependencyState, House, HouseHealth } from './house.ts';
import { iso } from './instant.ts';
import { PUBLIC, type Route, route, UNLIMITED } from './route.ts';
import type { Surface } from './surface.ts';

const dependencyState = z.enum(['healthy', 'degraded', 'unhealthy']);

export const healthSchema = z
  .object({
    status: z.enum(['healthy', 'degraded', 'unhealthy', 'starting', 'stopping']),
    timestamp: z.iso.datetime(),
    version: z.string(),
    uptime: z.number().openapi({ description: 'Seconds since the start' }),
    providers: z.array(z.object({ name: z.string(), status: dependencyState, simulated: z.boolean() })),
    models_loaded: z.boolean(),
    dependencies: z.object({
      database: dependencyState,
      message_broker: dependencyState,
      external_apis: dependencyState,
    }),
  })
  .openapi('Health');

type Health = z.infer<typeof healthSchema>;

function statusOf(house: House, { dependencies, providers }: HouseHealth): Health['status'] {
  const state = house.state();
  if (state !== 'ready') return state;
  const all: readonly DependencyState[] = [
    ...Object.values(dependencies),
    ...providers.map((provider) => provider.state),
  ];
  return all.every((one) => one === 'healthy') ? 'healthy' : 'degraded';
}

function healthOf(house: House): Health {
  const health = house.health();
  const { database, messageBroker, externalApis } = health.dependencies;
  return {
    status: statusOf(house, health),
    timestamp: iso(house.clock.wallNow()),
    version: house.settings.version,
    uptime: health.uptimeS,
    providers: health.providers.map(({ name, state, simulated }) => ({ name, status: state, simulated })),
    models_loaded: health.modelsLoaded,
    dependencies: { database, message_broker: messageBroker, external_apis: externalApis },
  };
}

export const healthRoutes = (surface: Surface): readonly Route[] => [
  route({
    method: 'GET',
    path: '/health',
    surface,
    policy: PUBLIC,
    rateLimit: UNLIMITED,
    tag: 'House',
    summary: 'Health of the process and what it depends on',
    always: true,
    responses: { 200: healthSchema, 503: healthSchema },
  })(({ house }) => {
    const body = healthOf(house);
    return house.state() === 'ready' ? { status: 200, body } : { status: 503, body, headers: { 'Retry-After': '1' } };
  }),
  route({
    method: 'GET',
    path: '/metrics',
    surface,
    policy: { kind: 'loopback', roles: ['admin', 'service'] },
    rateLimit: UNLIMITED,
    tag: 'House',
    summary: 'Metrics as Prometheus text; free on loopback',
    always: true,
    responses: { 200: { contentType: 'text/plain' } },
  })(async ({ house }) => ({
    status: 200,
    body: await house.metrics.text(),
    headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
  })),
];
