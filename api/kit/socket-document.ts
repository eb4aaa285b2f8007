/**
 * A socket in the OpenAPI document, which knows none: a GET that is answered with 101, and what is said from then on under `x-websocket`.
 * The messages' schemas are those that the socket is served by.
 */
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { FLOOD, FORBIDDEN, TRY_LATER, toClient, toServer, UNAUTHENTICATED, UNSUPPORTED } from './client-session.ts';
import type { SocketRoute } from './sockets.ts';

type Registry = OpenAPIHono['openAPIRegistry'];

const CLOSES = {
  [UNSUPPORTED]: 'A message was not text',
  [FLOOD]: 'Too many messages at once',
  [TRY_LATER]: 'The client reads too slowly',
  [UNAUTHENTICATED]: 'No valid token in time, or its end has come',
  [FORBIDDEN]: 'The token has no role that may listen',
} as const;

/** What stands under `x-websocket`. */
export interface SpokenOnSocket {
  readonly roles: readonly string[];
  /** References to the schemas of all messages that the client may send, and that it may get. */
  readonly toServer: object;
  readonly toClient: object;
  readonly closeCodes: Readonly<Record<number, string>>;
}

const HANDSHAKE = {
  101: { description: 'Switching protocols: from here on messages are exchanged' },
  403: { description: 'Pages of this origin may not connect' },
  426: { description: 'Not an upgrade to a WebSocket' },
  503: { description: 'Not available right now' },
} as const;

const token = z.object({
  access_token: z
    .string()
    .optional()
    .openapi({ description: 'A token for clients that can set no header; the first message may bring it too' }),
});

export function socketOperation(registry: Registry, route: SocketRoute) {
  const { path, name, tag, summary, policy } = route;
  const messages = (called: string, schema: z.ZodType) => {
    registry.register(called, schema);
    return { $ref: `#/components/schemas/${called}` };
  };
  const spoken: SpokenOnSocket = {
    roles: policy.roles,
    toServer: messages(`${name}ToServer`, toServer(route)),
    toClient: messages(`${name}ToClient`, toClient(route)),
    closeCodes: CLOSES,
  };
  return {
    method: 'get' as const,
    path,
    tags: [tag],
    summary,
    request: { query: token },
    responses: HANDSHAKE,
    'x-websocket': spoken,
  };
}
