/**
 * `POST /oauth/token`: the client_credentials grant of RFC 6749, as JSON or as a form, credentials in the body or as Basic. Wrong
 * credentials all look the same; tries are limited per client and address.
 */
import { z } from '@hono/zod-openapi';
import type { ApiCall } from '../kit/call.ts';
import { Problem } from '../kit/problem.ts';
import { PUBLIC, type Route, route } from '../kit/route.ts';
import type { Surface } from '../kit/surface.ts';

const TOKEN_RATE = { name: 'authentication', max: 5, windowMs: 60_000 };

const errorSchema = z.object({ error: z.string(), error_description: z.string() }).openapi('OauthError');

const CODES: Readonly<Partial<Record<Problem['kind'], string>>> = {
  unauthorized: 'invalid_client',
  internal: 'server_error',
  unavailable: 'temporarily_unavailable',
  'rate-limited': 'too_many_requests',
};

const surface: Surface = {
  name: 'oauth',
  prefixes: ['/oauth'],
  errorSchema,
  render: ({ kind, code, message }) => ({
    error: code ?? CODES[kind] ?? 'invalid_request',
    error_description: message,
  }),
};
export const oauthSurface = surface;

const tokenRequest = z.object({
  grant_type: z.string(),
  client_id: z.string().max(200).optional(),
  client_secret: z.string().max(500).optional(),
  scope: z.string().max(500).optional(),
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
  if (colon < 0) throw invalidClient();
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
  if (secret !== undefined) {
    throw new Problem('validation', 'Credentials must be given in one way only', { code: 'invalid_request' });
  }
  return basicCredentials(header);
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
      throw new Problem('validation', 'Only client_credentials is supported', { code: 'unsupported_grant_type' });
    }
    const { clientId, secret } = credentialsOf(call);
    call.limit(TOKEN_RATE, `${clientId}@${call.remoteAddress ?? 'local'}`);
    const client = call.doors.tokens.clientOf(clientId, secret);
    if (!client) throw invalidClient();
    const { token, ttlS } = await call.doors.tokens.issue(client);
    return {
      status: 200,
      body: { access_token: token, token_type: 'Bearer', expires_in: ttlS },
      headers: { Pragma: 'no-cache' },
    };
  }),
];
