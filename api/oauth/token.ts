/**
 * `POST /oauth/token`: the client_credentials grant of RFC 6749, as JSON or as a form, credentials in the body or as Basic. Wrong
 * credentials all look the same; tries are limited per client and address.
 */
import { z } from '@hono/zod-openapi';
import type { ApiCall } from '../kit/call.ts';
import { type FieldProblem, invalid, Problem } from '../kit/problem.ts';
import { PUBLIC, type Route, route } from '../kit/route.ts';
import type { Surface } from '../kit/surface.ts';

const DESCRIPTION_MAX = 300;
const TOKEN_RATE = { name: 'authentication', max: 5, windowMs: 60_000 };

const errorSchema = z.object({ error: z.string(), error_description: z.string() }).openapi('OauthError');

const CODES: Readonly<Partial<Record<Problem['kind'], string>>> = {
  unauthorized: 'invalid_client',
  internal: 'server_error',
  unavailable: 'temporarily_unavailable',
  'rate-limited': 'too_many_requests',
};

const named = (fields: readonly FieldProblem[]): string =>
  fields.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; ');

/** RFC 6749, 5.2: ASCII without quotes and backslashes. Names of parameters are as the client has written them. */
const printable = (text: string): string =>
  text
    .replaceAll('"', "'")
    .replace(/[^\x20-\x5b\x5d-\x7e]/gu, '?')
    .slice(0, DESCRIPTION_MAX);

const surface: Surface = {
  name: 'oauth',
  prefixes: ['/oauth'],
  errorSchema,
  render: ({ kind, code, message, details }) => ({
    error: code ?? CODES[kind] ?? 'invalid_request',
    error_description: printable(kind === 'validation' && Array.isArray(details) ? named(details) : message),
  }),
};
export const oauthSurface = surface;

/** RFC 6749, 3.2: a parameter without a value counts as one that was left out. */
const given = (text: string): string | undefined => (text === '' ? undefined : text);
const optional = (max: number) => z.string().max(max).transform(given).optional().openapi({ type: 'string' });
const CLIENT_ID_MAX = 200;
const tokenRequest = z.object({
  grant_type: z.string().min(1, 'Required'),
  client_id: optional(CLIENT_ID_MAX),
  client_secret: optional(500),
  scope: optional(500),
});
type TokenRequest = z.infer<typeof tokenRequest>;

const tokenResponse = z
  .object({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.number().int() })
  .openapi('Token');

const BASIC = /^basic +([a-z0-9+/]+=*)$/i;
const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

const invalidClient = (): Problem =>
  new Problem('unauthorized', 'Client authentication failed', {
    headers: { 'WWW-Authenticate': 'Basic realm="pitwall"' },
  });

interface Credentials {
  readonly clientId: string;
  readonly secret: string;
}

function basicCredentials(header: string): Credentials {
  const encoded = BASIC.exec(header)?.[1];
  if (encoded === undefined) throw invalidClient();
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  // No client of ours has such a name, and limits remember whom they have counted.
  if (colon < 0 || colon > CLIENT_ID_MAX) throw invalidClient();
  try {
    return { clientId: formDecoded(decoded.slice(0, colon)), secret: formDecoded(decoded.slice(colon + 1)) };
  } catch {
    throw invalidClient();
  }
}

function credentialsOf(call: ApiCall<undefined, undefined, TokenRequest>): Credentials {
  const { client_id: clientId, client_secret: secret } = call.body;
  const header = call.header('authorization');
  if (header === undefined) {
    if (clientId === undefined || secret === undefined) throw invalidClient();
    return { clientId, secret };
  }
  const inHeader = basicCredentials(header);
  const twice = secret === undefined ? 'client_id' : 'client_secret';
  if (secret !== undefined || (clientId !== undefined && clientId !== inHeader.clientId))
    throw invalid([{ field: twice, message: 'Credentials must be given in one way only' }]);
  return inHeader;
}

export const tokenRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/oauth/token',
    surface,
    policy: PUBLIC,
    rateLimit: { limits: [], mode: 'counted' },
    tag: 'OAuth',
    summary: 'A bearer token for a client',
    body: tokenRequest,
    bodyFormats: ['json', 'form'],
    responses: { 200: tokenResponse },
    refusals: [401, 429],
  })(async (call) => {
    if (call.body.grant_type !== 'client_credentials') {
      throw new Problem('validation', 'grant_type: Must be client_credentials', { code: 'unsupported_grant_type' });
    }
    const { clientId, secret } = credentialsOf(call);
    call.limit(TOKEN_RATE, `${clientId}@${call.remoteAddress ?? 'local'}`);
    const client = call.doors.tokens.clientOf(clientId, secret);
    if (!client) throw invalidClient();
    if (call.body.scope !== undefined)
      throw new Problem('validation', 'scope: There is none here; a client has its roles', { code: 'invalid_scope' });
    const { token, ttlS } = await call.doors.tokens.issue(client);
    return {
      status: 200,
      body: { access_token: token, token_type: 'Bearer', expires_in: ttlS },
      headers: { Pragma: 'no-cache' },
    };
  }),
];
