/**
 * A local Tradovate for tests: its documented REST interface and WebSocket on the loopback interface, with faults that a test orders one
 * by one. It holds clients to the protocol: tokens expire, missing heartbeats close the line, orders must say that they are automated.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type EntityType, Exchange, type PlaceBody } from './exchange.ts';
import { openNewsline } from './newsline.ts';

/** What becomes of the next request of a path: `lost-answer`, `error-after` and `garbage` act on it, the others do not. */
export type Fault =
  | 'rate-limit'
  | 'penalty'
  | 'captcha'
  | 'error-before'
  | 'error-after'
  | 'lost-request'
  | 'lost-answer'
  | 'garbage'
  | 'unauthorized';

export interface LocalOptions {
  readonly accounts: readonly string[];
  readonly tokenLifeMs?: number;
  /** A client that sends no heartbeat for this long is closed. */
  readonly heartbeatMaxMs?: number;
}

export interface LocalTradovate {
  readonly url: string;
  readonly exchange: Exchange;
  readonly newsline: ReturnType<typeof openNewsline>;
  /** `METHOD path` of each request, in order. */
  readonly requests: readonly string[];
  /** The bodies of what came to order/placeorder. */
  readonly placed: readonly Readonly<Record<string, unknown>>[];
  /** What comes to accesstokenrequest. */
  readonly signIns: readonly Readonly<Record<string, unknown>>[];
  fault(path: string, kind: Fault): void;
  expireTokens(): void;
  close(): Promise<void>;
}

export const PASSWORD = 'correct horse';

const LISTS: Readonly<Record<string, EntityType>> = {
  account: 'account',
  contract: 'contract',
  order: 'order',
  orderVersion: 'orderVersion',
  command: 'command',
  commandReport: 'commandReport',
  executionReport: 'executionReport',
  fill: 'fill',
  fillFee: 'fillFee',
  position: 'position',
  cashBalance: 'cashBalance',
};
const MASTER: Readonly<Record<string, string>> = { commandReport: 'commandId', fillFee: 'id' };

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

class Local {
  readonly requests: string[] = [];
  readonly placed: Readonly<Record<string, unknown>>[] = [];
  readonly signIns: Readonly<Record<string, unknown>>[] = [];
  readonly faults: { readonly path: string; readonly kind: Fault }[] = [];
  readonly tokens = new Map<string, number>();

  constructor(
    readonly exchange: Exchange,
    private readonly options: LocalOptions,
  ) {}

  isValid(token: string): boolean {
    return (this.tokens.get(token) ?? 0) > Date.now();
  }

  takeFault(path: string): Fault | undefined {
    const index = this.faults.findIndex((fault) => fault.path === path);
    return index < 0 ? undefined : this.faults.splice(index, 1)[0]?.kind;
  }

  newToken(): Answer {
    const accessToken = `token-${this.tokens.size + 1}`;
    const expiresAt = Date.now() + (this.options.tokenLifeMs ?? 80 * 60_000);
    this.tokens.set(accessToken, expiresAt);
    return {
      status: 200,
      body: { accessToken, expirationTime: new Date(expiresAt).toISOString(), userId: 7, name: 'desk' },
    };
  }

  async act(
    path: string,
    query: URLSearchParams,
    body: Readonly<Record<string, unknown>>,
    token: string,
  ): Promise<Answer> {
    if (path === 'auth/accesstokenrequest') {
      this.signIns.push(body);
      return body.password === PASSWORD
        ? this.newToken()
        : { status: 200, body: { errorText: `Incorrect password ${body.password}` } };
    }
    if (!this.isValid(token)) return { status: 401 };
    if (path === 'auth/renewaccesstoken') return this.newToken();
    if (path === 'order/placeorder') {
      this.placed.push(body);
      return { status: 200, body: await this.exchange.place(body as PlaceBody) };
    }
    if (path === 'order/cancelorder') return { status: 200, body: await this.exchange.cancel(Number(body.orderId)) };
    return this.read(path, query);
  }

  private read(path: string, query: URLSearchParams): Answer {
    const [noun = '', how] = path.split('/');
    const type = LISTS[noun];
    if (!type) return { status: 404 };
    const ids = (name: string): number[] => (query.get(name) ?? '').split(',').map(Number);
    if (how === 'list') return { status: 200, body: this.exchange.all(type) };
    if (how === 'items')
      return { status: 200, body: this.exchange.all(type).filter(({ id }) => ids('ids').includes(id)) };
    if (how === 'item') {
      const found = this.exchange.get(type, Number(query.get('id')));
      return found ? { status: 200, body: found } : { status: 404 };
    }
    const master = MASTER[noun] ?? 'orderId';
    const masters = how === 'deps' ? ids('masterid') : ids('masterids');
    return { status: 200, body: this.exchange.all(type).filter((entity) => masters.includes(Number(entity[master]))) };
  }
}

const REFUSALS: Readonly<Partial<Record<Fault, Answer>>> = {
  'rate-limit': { status: 429 },
  penalty: { status: 200, body: { 'p-ticket': 'ticket-1', 'p-time': 0.2 } },
  captcha: { status: 200, body: { 'p-ticket': 'ticket-2', 'p-time': 1, 'p-captcha': true } },
  'error-before': { status: 503 },
  unauthorized: { status: 401 },
};

async function serve(local: Local, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://local');
  const path = url.pathname.replace(/^\/v1\//, '');
  local.requests.push(`${request.method} ${path}`);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
  const fault = local.takeFault(path);
  if (fault === 'lost-request') return void request.socket.destroy();
  const refusal = fault && REFUSALS[fault];
  const token = (request.headers.authorization ?? '').replace('Bearer ', '');
  const answer = refusal ?? (await local.act(path, url.searchParams, body, token));
  if (fault === 'lost-answer') return void request.socket.destroy();
  const { status, body: said } = fault === 'error-after' ? { status: 502, body: undefined } : answer;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(fault === 'garbage' ? '<html>' : said === undefined ? '' : JSON.stringify(said));
}

export async function openLocalTradovate(options: LocalOptions): Promise<LocalTradovate> {
  const local = new Local(new Exchange(options.accounts), options);
  const server = createServer((request, response) => {
    serve(local, request, response).catch(() => request.socket.destroy());
  });
  const newsline = openNewsline(
    server,
    local.exchange,
    (token) => local.isValid(token),
    options.heartbeatMaxMs ?? 10_000,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    ...{ exchange: local.exchange, newsline, requests: local.requests, placed: local.placed, signIns: local.signIns },
    fault: (path, kind) => void local.faults.push({ path, kind }),
    expireTokens: () => local.tokens.clear(),
    async close() {
      newsline.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
