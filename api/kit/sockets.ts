/**
 * Upgrades to WebSockets on a Node server. A request that is no proper upgrade ends its own connection, never the process;
 * messages above the cap are refused before they are read.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { createNodeWebSocket } from '@hono/node-ws';
import type { Context, Hono } from 'hono';
import type { Doors } from './call.ts';
import type { Protocol } from './client-session.ts';
import type { Cors } from './cors.ts';
import { isHandshake } from './handshake.ts';
import type { ApiSettings, House } from './house.ts';
import { passOver } from './passed-over.ts';
import { Problem, unavailable } from './problem.ts';
import { isPublicOrigin } from './public-address.ts';

const MESSAGE_BYTES_MAX = 16_384;
/** RFC 6455, 7.4.1. */
const TOO_BIG = 1009;
const SOCKETS_MAX = 5_000;
/** A peer that has vanished says nothing: one that has not answered a ping by the next one is gone. */
const PING_EVERY_MS = 30_000;

/** A socket as a protocol sees it. */
export interface Socket {
  send(text: string): void;
  close(code: number, reason: string): void;
  readonly bufferedAmount: number;
}

/** A protocol's end of one socket. */
export interface Session {
  received(text: string): void;
  /** A message that is not text. */
  receivedBinary(): void;
  closed(): void;
}

export interface Opening {
  readonly authorization: string | undefined;
  readonly accessToken: string | undefined;
}

export interface SocketServer {
  open(socket: Socket, opening: Opening): Session;
}

/** Handed in with an upgrade, as `line` of its environment, by a door that has no server of Node's: it holds the line itself. */
export interface HeldLine {
  readonly socket: Socket;
  opened(session: Session): void;
}

/** A place where sockets are let in, as one object like a route: where, who may, what is said and told, and who serves it. */
export interface SocketRoute extends Protocol<unknown> {
  readonly path: string;
  /** What its messages are called in the document. */
  readonly name: string;
  readonly tag: string;
  readonly summary: string;
  serve(doors: Doors): SocketServer;
}

type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;

/** A page of another origin may connect only when the settings name it; programs send no origin. */
function mayConnect(context: Context, cors: Cors, settings: ApiSettings): boolean {
  const origin = context.req.header('origin');
  if (origin === undefined || cors.allows(origin) || isPublicOrigin(origin, settings)) return true;
  return URL.canParse(origin) && new URL(origin).host === context.req.header('host');
}

/** As a server of Node's reads messages: one above the cap ends the line, and the session never hears of it. */
const bounded = (session: Session, socket: Socket): Session => ({
  received: (text) => {
    if (Buffer.byteLength(text) <= MESSAGE_BYTES_MAX) session.received(text);
    else {
      session.closed();
      socket.close(TOO_BIG, 'the message is too big');
    }
  },
  receivedBinary: () => session.receivedBinary(),
  closed: () => session.closed(),
});

const openingOf = ({ req }: Context): Opening => ({
  authorization: req.header('authorization'),
  accessToken: req.query('access_token'),
});

const noUpgrade = (): Problem =>
  new Problem('upgrade-required', 'This is a WebSocket: connect with an upgrade', {
    headers: { Upgrade: 'websocket' },
  });

export class Sockets {
  private readonly node: ReturnType<typeof createNodeWebSocket>;
  private readonly silent = new WeakSet<object>();
  private readonly places = new Set<string>();
  private cancelPing = (): void => undefined;

  constructor(
    app: Hono,
    private readonly house: House,
    private readonly cors: Cors,
  ) {
    this.node = createNodeWebSocket({ app });
    this.node.wss.options.maxPayload = MESSAGE_BYTES_MAX;
  }

  /** The GET handler of a path that upgrades, or says why not. */
  handler(path: string, server: SocketServer, refuse: (context: Context, problem: Problem) => Response) {
    this.places.add(path);
    const upgrade = this.node.upgradeWebSocket(
      (context) => {
        let session: Session | undefined;
        return {
          onOpen: (_event, { raw }) => {
            if (!raw) throw new Error('Invariant: an open socket has its connection');
            raw.on('pong', () => this.silent.delete(raw));
            session = server.open(raw, openingOf(context));
          },
          onMessage: ({ data }) => {
            if (typeof data === 'string') session?.received(data);
            else session?.receivedBinary();
          },
          onClose: () => session?.closed(),
        };
      },
      { onError: (error) => this.house.log.warn('socket.failed', { error: String(error) }) },
    );
    return async (context: Context, next: () => Promise<void>): Promise<Response> => {
      if (context.req.header('upgrade')?.toLowerCase() !== 'websocket') return refuse(context, noUpgrade());
      if (!mayConnect(context, this.cors, this.house.settings))
        return refuse(context, new Problem('forbidden', 'Pages of this origin may not connect'));
      if (this.house.state() !== 'ready' || this.node.wss.clients.size >= SOCKETS_MAX)
        return refuse(context, unavailable('No further socket can be opened right now'));
      const { line } = (context.env ?? {}) as { readonly line?: HeldLine };
      if (!line) return (await upgrade(context, next)) ?? refuse(context, noUpgrade());
      line.opened(bounded(server.open(line.socket, openingOf(context)), line.socket));
      return new Response(null, { status: 204 });
    };
  }

  private isForSocket({ method, url = '/', headers }: IncomingMessage): boolean {
    const path = url.replace(/\/?(\?.*)?$/u, '');
    const isAsked = method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && this.places.has(path);
    return isAsked && isHandshake(headers);
  }

  attach(server: Pick<Server, 'on' | 'emit'>): void {
    this.pingLater();
    let upgrade: UpgradeListener | undefined;
    // The library's listener rejects on a bad target and leaves its socket without an error listener; both would end the process.
    const capture = { on: (_event: string, listener: UpgradeListener) => (upgrade = listener) };
    this.node.injectWebSocket(capture as unknown as Server);
    server.on('upgrade', (request, socket, head) => {
      if (!this.isForSocket(request)) return passOver(server, request, socket, head);
      socket.on('error', () => socket.destroy());
      upgrade?.(request, socket, head).catch((error: unknown) => {
        this.house.log.warn('socket.refused', { error: String(error) });
        socket.destroy();
      });
    });
  }

  private pingLater(): void {
    const { clock } = this.house;
    this.cancelPing = clock.at('monotonic', clock.monotonic() + PING_EVERY_MS, () => {
      for (const client of this.node.wss.clients) {
        if (this.silent.has(client)) client.terminate();
        else {
          this.silent.add(client);
          client.ping();
        }
      }
      this.pingLater();
    });
  }

  /** Says goodbye to all sockets, so that a server can close. */
  close(): void {
    this.cancelPing();
    for (const client of this.node.wss.clients) client.close(1001, 'the service is stopping');
    this.node.wss.close();
  }

  /** Ends what has not said goodbye. */
  terminate(): void {
    for (const client of this.node.wss.clients) client.terminate();
  }
}
