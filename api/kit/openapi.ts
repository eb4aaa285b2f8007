/** The OpenAPI document, generated from the route objects that also serve: it cannot tell of another API than the router's. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { ResponseSpec, Route } from './route.ts';
import { socketOperation } from './socket-document.ts';
import type { SocketRoute } from './sockets.ts';

type Responses = Parameters<OpenAPIHono['openAPIRegistry']['registerPath']>[0]['responses'];

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted, waits for approval',
  204: 'No content',
  400: 'The request is not valid',
  401: 'Missing or invalid token',
  403: 'Not allowed',
  404: 'Not found',
  408: 'The body stopped coming in',
  409: 'In conflict with the present state',
  413: 'Body too large',
  415: 'Content type not supported',
  422: 'The request is not valid, or its Idempotency-Key was used with another body',
  423: 'An emergency stop covers this',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available right now',
};

/** Every status with which a route can refuse. */
export function refusalsOf(route: Route): readonly number[] {
  const { surface, policy, rateLimit, params, query, body, form, entity, refusals = [], always } = route;
  const found = new Set<number>([...refusals, 500]);
  if (!always) found.add(503);
  if (policy.kind !== 'public') for (const status of [401, 403]) found.add(status);
  if (rateLimit.mode === 'counted' && rateLimit.limits.length > 0) found.add(429);
  if (params || query || body || form || entity) found.add(surface.statuses?.validation ?? 400);
  if (body || form) for (const status of [413, 415]) found.add(status);
  if (form) found.add(408);
  if (entity) for (const status of [409, 422]) found.add(status);
  return [...found].filter((status) => !(status in route.responses)).sort((a, b) => a - b);
}

function responseOf(status: number, spec: ResponseSpec): Responses[string] {
  const description = DESCRIPTIONS[status]!;
  if (spec === null) return { description };
  if ('contentType' in spec) return { description, content: { [spec.contentType]: { schema: { type: 'string' } } } };
  return { description, content: { 'application/json': { schema: spec } } };
}

function responsesOf(route: Route): Responses {
  const responses: Responses = {};
  for (const [status, spec] of Object.entries(route.responses)) responses[status] = responseOf(Number(status), spec);
  for (const status of refusalsOf(route)) responses[status] = responseOf(status, route.surface.errorSchema);
  return responses;
}

export const pathInDocument = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

const pathParams = (path: string) =>
  z.object(Object.fromEntries([...path.matchAll(/:(\w+)/g)].map(([, name]) => [name!, z.string()])));

const keyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .max(255)
    .optional()
    .openapi({ description: 'The same key with the same body gets the first answer again' }),
});

function requestOf(route: Route) {
  const { path, query, body, bodyOptional, bodyFormats = ['json'], form, entity } = route;
  const content: Record<string, { schema: z.ZodType }> = {};
  if (body && bodyFormats.includes('json')) content['application/json'] = { schema: body };
  if (body && bodyFormats.includes('form')) content['application/x-www-form-urlencoded'] = { schema: body };
  const multipart = form ?? (body && bodyFormats.includes('multipart') ? body : undefined);
  if (multipart) content['multipart/form-data'] = { schema: multipart };
  return {
    ...(path.includes(':') && { params: pathParams(path) }),
    ...(query && { query: query as unknown as ReturnType<typeof pathParams> }),
    ...(entity && { headers: keyHeader }),
    ...((body || form) && { body: { required: !bodyOptional, content } }),
  };
}

const SECURITY = 'bearer';
const BEARER = [{ [SECURITY]: [] }];

export interface Places {
  readonly routes: readonly Route[];
  readonly sockets: readonly SocketRoute[];
}

export function openapiDocument({ routes, sockets }: Places, version: string) {
  const documented = new OpenAPIHono();
  const registry = documented.openAPIRegistry;
  registry.registerComponent('securitySchemes', SECURITY, { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  for (const route of routes) {
    registry.registerPath({
      method: route.method.toLowerCase() as 'get',
      path: pathInDocument(route.path),
      tags: [route.tag],
      summary: route.summary,
      security: route.policy.kind === 'public' ? [] : BEARER,
      request: requestOf(route),
      responses: responsesOf(route),
    });
  }
  for (const socket of sockets) registry.registerPath({ ...socketOperation(registry, socket), security: BEARER });
  return documented.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Pitwall', version, description: 'A supervised multi-agent trading runtime' },
    servers: [{ url: '/' }],
  });
}
