/** The router, its description and the routes that are nobody's contract: they all come from the same objects. */
import { describe, expect, it } from 'vitest';
import { healthSchema } from './kit/health.ts';
import { pathInDocument, refusalsOf } from './kit/openapi.ts';
import { checkRoutes } from './mounts.ts';
import { FakeHouse } from './testing/fake-house.ts';
import { World } from './testing/samples.ts';

const { routes } = new World().api;
type Operation = { security: unknown[]; responses: Record<string, unknown> };
const document = async () =>
  (await new World().call('GET', '/openapi.json', { as: '' })).body as {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
  };

describe('mounting', () => {
  it('refuses a place that is taken, whatever its parameters are called', () => {
    const [first] = routes.filter(({ path }) => path.endsWith('/:id'));
    expect(() => checkRoutes([first!, { ...first!, path: first!.path.replace(':id', ':other') }])).toThrow('twice');
  });
  it('refuses a route without a policy', () => {
    const { policy, ...open } = routes[0]!;
    expect(policy).toBeDefined();
    expect(() => checkRoutes([open as (typeof routes)[number]])).toThrow('policy');
  });
  it('observes every answer by the pattern of its route', async () => {
    const house = new FakeHouse();
    await new World(house).call('GET', '/api/v1/agents/agent-7');
    expect(house.samples).toEqual([{ method: 'GET', route: '/api/v1/agents/:id', status: 404, durationMs: 0 }]);
  });
});

describe('the OpenAPI document', () => {
  it('has exactly the routes of the router, with all their answers', async () => {
    const { openapi, paths } = await document();
    expect(openapi).toBe('3.1.0');
    const described = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([, operation]) => !('x-websocket' in operation))
        .map(([method, { responses }]) => `${method.toUpperCase()} ${path} ${Object.keys(responses).join(',')}`),
    );
    const mounted = routes.map((route) => {
      const statuses = [...Object.keys(route.responses).map(Number), ...refusalsOf(route)].sort((a, b) => a - b);
      return `${route.method} ${pathInDocument(route.path)} ${statuses.join(',')}`;
    });
    expect(described.toSorted()).toEqual(mounted.toSorted());
  });
  it('has every socket that the server upgrades, with all that is said on it', async () => {
    const { app } = new World().api;
    const handlers = app.routes.filter(
      ({ method, path }) => method === 'GET' && !routes.some((of) => of.path === path),
    );
    const { paths, components } = (await document()) as unknown as {
      paths: Record<string, { get: Operation & { 'x-websocket': Record<string, { $ref: string }> } }>;
      components: { schemas: Record<string, unknown> };
    };
    const upgraded = handlers.map(({ path }) => path);
    expect(upgraded.toSorted()).toEqual(['/events', '/ws']);
    for (const path of upgraded) {
      expect((await app.request(path)).status).toBe(426);
      const { security, responses, 'x-websocket': spoken } = paths[path]!.get;
      expect([security.length, Object.keys(responses)]).toEqual([1, ['101', '403', '426', '503']]);
      for (const { $ref } of [spoken.toServer!, spoken.toClient!])
        expect(components.schemas).toHaveProperty([$ref.replace('#/components/schemas/', '')]);
    }
    const told = (name: string): string => JSON.stringify(components.schemas[name]);
    expect(told('EventSocketToServer')).toContain('since_trade_sequence');
    for (const type of ['quota_warning', 'trade_closed', 'TmtError'])
      expect(told('EventSocketToClient')).toContain(type);
    for (const type of ['portfolio:update', 'CretoError']) expect(told('AgentSocketToClient')).toContain(type);
    expect((await new World().call('GET', '/docs', { as: '' })).text).toContain('<b>WS</b> <code>/events</code>');
  });
  it('declares the security of every protected operation, and 503 for all that need the house', async () => {
    const { paths } = await document();
    for (const { path, method, policy, always } of routes) {
      const operation = paths[pathInDocument(path)]![method.toLowerCase()]!;
      expect(operation.security.length).toBe(policy.kind === 'public' ? 0 : 1);
      if (!always) expect(operation.responses).toHaveProperty('503');
    }
  });
  it('is readable as a page that loads nothing', async () => {
    const reply = await new World().call('GET', '/docs', { as: '' });
    expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(reply.text).toContain('/api/v1/agents/{id}/trades');
    expect(reply.text).not.toMatch(/<script|https?:\/\//);
  });
});

describe('a query', () => {
  it('is refused by every route where a parameter stands twice, in the form of its surface', async () => {
    const world = new World();
    for (const { method, path, surface } of routes) {
      const address = path.replace(/:\w+/g, '1');
      const { status, body } = await world.call(method, `${address}?once=1&twice=1&twice=2`);
      expect([method, path, status]).toEqual([method, path, surface.statuses?.validation ?? 400]);
      expect(surface.errorSchema.parse(body)).toEqual(body);
    }
  });
  it('may have parameters that nobody knows', async () => {
    for (const path of ['/health', '/api/symbols', '/openapi.json', '/api/v1/agents'])
      expect((await new World().call('GET', `${path}?unknown=1`)).status).toBe(200);
  });
});

describe('health', () => {
  it('is the union of what the contracts ask', async () => {
    const { status, body } = await new World().call('GET', '/health', { as: '' });
    expect(status).toBe(200);
    expect(healthSchema.strict().parse(body)).toMatchObject({
      status: 'healthy',
      version: '0.1.0',
      models_loaded: true,
      providers: [{ name: 'simulated', simulated: true }],
      dependencies: { database: 'healthy', message_broker: 'healthy', external_apis: 'healthy' },
    });
  });
  it('is degraded, and still served, when a dependency is down', async () => {
    const house = new FakeHouse();
    house.wellbeing = { ...house.wellbeing, dependencies: { ...house.wellbeing.dependencies, database: 'unhealthy' } };
    const reply = await new World(house).call('GET', '/health', { as: '' });
    expect(reply).toMatchObject({ status: 200, body: { status: 'degraded' } });
  });
});

describe('market data', () => {
  const world = () => {
    const house = new FakeHouse();
    house.quotes.set('XAUUSD', {
      type: 'market.quote',
      symbol: 'XAUUSD',
      bid: 2350.25,
      ask: 2350.75,
      last: 2350.5,
      simulated: true,
      at: 0,
    });
    return new World(house);
  };
  it('shows the newest quote with its change since the open, in any spelling', async () => {
    for (const spelling of ['XAUUSD', 'XAU_USD', 'xauusd']) {
      expect((await world().call('GET', `/api/snapshot/${spelling}`)).body).toEqual({
        symbol: 'XAUUSD',
        bid: 2350.25,
        ask: 2350.75,
        last_price: 2350.5,
        timestamp: '1970-01-01T00:00:00.000Z',
        daily_change: 5.5,
        daily_change_pct: 0.2345,
      });
    }
  });
  it('does not know other symbols, and says when there is no quote yet', async () => {
    expect((await world().call('GET', '/api/snapshot/NOPE')).body).toMatchObject({ error: 'not-found' });
    expect((await world().call('GET', '/api/snapshot/AAPL')).status).toBe(503);
  });
  it('lists the instruments', async () => {
    expect((await world().call('GET', '/api/symbols')).body).toEqual({
      symbols: ['XAUUSD', 'EURUSD', 'BTCUSD', 'AAPL'],
    });
  });
});
