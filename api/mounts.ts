/**
 * Puts every route where it belongs and fails on a duplicate or on one without a policy. What no route takes is answered in the
 * form of the surface that the path belongs to.
 */
import type { RequestListener, Server } from 'node:http';
import { type Context, Hono } from 'hono';
import { METHOD_NAME_ALL } from 'hono/router';
import { TrieRouter } from 'hono/router/trie-router';
import type { Doors } from './kit/call.ts';
import { Cors } from './kit/cors.ts';
import type { House } from './kit/house.ts';
import { RateLimiter } from './kit/limits.ts';
import { Meter } from './kit/meter.ts';
import { refusal, responseOf, serve } from './kit/pipeline.ts';
import { Problem, problemOf } from './kit/problem.ts';
import type { Route } from './kit/route.ts';
import { KeepingRouter } from './kit/router.ts';
import { Sockets } from './kit/sockets.ts';
import { surfaceOf } from './kit/surface.ts';
import { Tokens } from './kit/tokens.ts';
import { listenerOf, refuseUnread } from './kit/unread.ts';
import { routesOf, sockets as socketRoutes, surfaces } from './routes.ts';

export interface Api {
  readonly app: Hono;
  readonly fetch: Hono['fetch'];
  readonly routes: readonly Route[];
  /** Of a Node server, which leaves requests without a host to it (`requireHostHeader`). `host`: what a request is sent to that does not say it. */
  listener(host?: string): RequestListener;
  /** Lets sockets in at a Node server. */
  attach(server: Pick<Server, 'on' | 'emit'>): void;
  /** Says goodbye to sockets and hands over what was metered. */
  close(): void;
  /** Ends sockets that have not said goodbye. */
  terminateSockets(): void;
}

/** `:name` of any name is the same place. */
const placeOf = ({ method, path }: Route): string => `${method} ${path.replace(/:\w+/g, ':')}`;

export function checkRoutes(routes: readonly Route[]): void {
  const places = new Set<string>();
  for (const route of routes) {
    const place = placeOf(route);
    if (places.has(place)) throw new Error(`route ${place} is mounted twice`);
    if (!route.policy) throw new Error(`route ${place} has no policy`);
    places.add(place);
  }
}

/** Which methods a path takes, as `Allow` lists them; undefined where nothing is. */
function methodsOf(routes: readonly Pick<Route, 'method' | 'path'>[]): (path: string) => string | undefined {
  const byPath = new Map<string, string[]>();
  const places = new TrieRouter<readonly string[]>();
  for (const { method, path } of routes) {
    const known = byPath.get(path);
    const allowed = known ?? [];
    allowed.push(...(method === 'GET' ? ['GET', 'HEAD'] : [method]));
    if (known) continue;
    byPath.set(path, allowed);
    places.add(METHOD_NAME_ALL, path, allowed);
  }
  return (path) => {
    const [found] = places.match(METHOD_NAME_ALL, path);
    const methods = found[0]?.[0];
    return methods && [...methods, 'OPTIONS'].join(', ');
  };
}

/** What no route has taken is refused as the surface of its path does. */
const refusals = (house: House) => (problem: Problem, path: string) => {
  const requestId = house.ids.uuid();
  const answer = refusal(surfaceOf(surfaces, path), problem, { requestId, at: house.clock.wallNow() });
  return { answer, requestId };
};

export function mountApi(house: House): Api {
  const routes = routesOf(house.settings.version);
  checkRoutes(routes);
  const meter = new Meter(house);
  const doors: Doors = { house, tokens: new Tokens(house), limiter: new RateLimiter(), meter };
  const cors = new Cors(house.settings.corsOrigins);
  const app = new Hono({ strict: false, router: new KeepingRouter() });
  const sockets = new Sockets(app, house, cors);

  const answerTo = refusals(house);
  const refused = (problem: Problem, path: string): Response => {
    const { answer, requestId } = answerTo(problem, path);
    return responseOf(answer, requestId);
  };
  const refuse = (context: Context, problem: Problem): Response => refused(problem, context.req.path);

  if (cors.active) {
    app.use(async (context, next) => {
      await next();
      const headers = cors.answerHeaders(context.req.header('origin'));
      for (const name in headers) context.res.headers.set(name, headers[name]!);
    });
  }
  for (const route of routes) app.on(route.method, route.path, serve(route, doors));
  for (const route of socketRoutes) app.get(route.path, sockets.handler(route.path, route.serve(doors), refuse));
  const upgrades = socketRoutes.map(({ path }) => ({ method: 'GET', path }) as const);
  const allowedAt = methodsOf([...routes, ...upgrades]);
  // Asked only for what no route has taken, so that a request that one takes meets nothing else on its way.
  app.notFound((context) => {
    const { method, path } = context.req;
    const allow = allowedAt(path);
    if (allow === undefined) return refuse(context, new Problem('not-found', `There is nothing at ${path}`));
    if (method === 'OPTIONS') {
      const headers = { Allow: allow, ...cors.preflightHeaders(context.req.header('origin'), allow) };
      return responseOf({ status: 204, text: undefined, headers }, house.ids.uuid());
    }
    const message = `${method} is not allowed here`;
    return refuse(context, new Problem('method-not-allowed', message, { headers: { Allow: allow } }));
  });
  app.onError((error, context) => {
    house.log.error('request.failed', { fault: error.stack });
    return refuse(context, problemOf(error));
  });

  return {
    app,
    fetch: app.fetch,
    routes,
    listener: (host) => listenerOf(app.fetch, { host, log: house.log, refuse: refused }),
    attach: (server) => {
      sockets.attach(server);
      refuseUnread(server, answerTo);
    },
    close: () => {
      meter.flush();
      sockets.close();
    },
    terminateSockets: () => sockets.terminate(),
  };
}
