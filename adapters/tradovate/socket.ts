/**
 * The WebSocket that tells what happens to the user's orders: authorize, synchronise, listen, again after every break. Invariants: one
 * connection at a time; nothing is told before its synchronisation; a line that is silent, though asked, is given up.
 */
import { WebSocket } from 'ws';
import type { Clock, Random } from '../../runtime/ports.ts';
import { CLIENT_HEARTBEAT, HEARTBEAT_EVERY_MS, parseFrame, requestFrame } from './frames.ts';
import type { Session } from './session.ts';
import { SYNCED_TYPES, type TvMessage, type TvSync, tvPenalty, tvProps, tvShutdown, tvSync } from './wire.ts';

export interface SocketOptions {
  /** Such as wss://demo.tradovateapi.com/v1/websocket */
  readonly url: string;
  readonly session: Session;
  readonly clock: Clock;
  readonly random: Random;
  /** Pause before the first new try; it doubles, with jitter. Theirs allow 300 synchronisations an hour. */
  readonly retryMinMs: number;
  /** Everything of the user, at the beginning of each connection. */
  readonly onSync: (sync: TvSync) => void;
  readonly onEntity: (entityType: string, entity: unknown) => void;
}

export interface Socket {
  /** Is news heard now? */
  isLive(): boolean;
  close(): Promise<void>;
}

const RETRY_MAX_MS = 60_000;
/** From the first byte to the end of the synchronisation. */
const GREETING_MS = 15_000;
const PING_AFTER_MS = 5_000;
/** Nothing heard for this long, although a ping was sent: the line is dead. */
const SILENCE_MAX_MS = 15_000;
const FRAME_MAX_BYTES = 16 << 20;
const AUTHORIZE = 0;
const SYNC = 1;

export const openSocket = (options: SocketOptions): Socket => new Line(options);

class Line implements Socket {
  private readonly closing = new AbortController();
  private readonly ended: Promise<void>;
  private live = false;
  /** Least pause before the next try that the other side has asked for. */
  private pauseMs = 0;

  constructor(private readonly options: SocketOptions) {
    this.ended = this.stayConnected();
  }

  isLive(): boolean {
    return this.live;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.ended;
  }

  private async stayConnected(): Promise<void> {
    const { retryMinMs, random } = this.options;
    const { signal } = this.closing;
    for (let failures = 0; !signal.aborted; failures += 1) {
      this.pauseMs = 0;
      const wasLive = await this.connection().catch(() => false);
      this.live = false;
      if (wasLive) failures = 0;
      const backoffMs = Math.min(retryMinMs * 2 ** Math.min(failures, 10), RETRY_MAX_MS);
      await this.pause(Math.max(this.pauseMs, backoffMs * (0.5 + random.next() / 2)));
    }
  }

  private pause(ms: number): Promise<void> {
    const { clock } = this.options;
    const { signal } = this.closing;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = clock.at('monotonic', clock.monotonic() + ms, done);
      signal.addEventListener('abort', done);
    });
  }

  /** One connection from its opening to its end; resolves with whether it got as far as telling news. */
  private async connection(): Promise<boolean> {
    const { url, session } = this.options;
    const token = await session.token(this.closing.signal);
    const socket = new WebSocket(url, { maxPayload: FRAME_MAX_BYTES, handshakeTimeout: GREETING_MS });
    const give = (): void => socket.terminate();
    this.closing.signal.addEventListener('abort', give);
    const stopWatching = this.watch(socket);
    try {
      return await this.converse(socket, token);
    } finally {
      stopWatching();
      this.closing.signal.removeEventListener('abort', give);
      socket.terminate();
    }
  }

  private converse(socket: WebSocket, token: string): Promise<boolean> {
    return new Promise((resolve) => {
      socket.on('error', () => {});
      socket.on('close', () => resolve(this.live));
      socket.on('message', (data) => {
        try {
          this.hear(socket, String(data), token);
        } catch {
          // What can't be read is no news: the next connection's synchronisation tells all of it.
          socket.terminate();
        }
      });
    });
  }

  private hear(socket: WebSocket, text: string, token: string): void {
    const frame = parseFrame(text);
    if (frame.kind === 'open') socket.send(requestFrame('authorize', AUTHORIZE, token));
    else if (frame.kind === 'messages') for (const message of frame.messages) this.take(socket, message, token);
    else if (frame.kind !== 'heartbeat') throw new Error(`a ${frame.kind} frame`);
  }

  private take(socket: WebSocket, message: TvMessage, token: string): void {
    if (message.e === 'props') {
      const { entityType, entity } = tvProps.parse(message.d);
      if (this.live) this.options.onEntity(entityType, entity);
    } else if (message.e === 'shutdown') {
      const { reasonCode } = tvShutdown.parse(message.d);
      // Somebody else took our place: coming back at once would only take his.
      if (reasonCode?.includes('Quota')) this.pauseMs = RETRY_MAX_MS;
      throw new Error(`shutdown: ${reasonCode}`);
    } else if (message.i === AUTHORIZE) {
      if (message.s !== 200) {
        this.options.session.refused(token);
        throw new Error(`not authorized: ${message.s}`);
      }
      const body = JSON.stringify({ splitResponses: false, entityTypes: SYNCED_TYPES });
      socket.send(requestFrame('user/syncrequest', SYNC, body));
    } else if (message.i === SYNC) this.begin(message);
  }

  private begin({ s: status, d: data }: TvMessage): void {
    const penalty = tvPenalty.safeParse(data);
    if (penalty.success) this.pauseMs = penalty.data['p-time'] * 1_000;
    if (status === 429) this.pauseMs = RETRY_MAX_MS;
    if (status !== 200 || penalty.success) throw new Error(`not synchronised: ${status}`);
    this.options.onSync(tvSync.parse(data));
    this.live = true;
  }

  /** Sends the client's heartbeat; gives a line up that does not come to life, or is silent though asked. */
  private watch(socket: WebSocket): () => void {
    const { clock } = this.options;
    const bornAt = clock.monotonic();
    let heardAt = bornAt;
    let cancel = (): void => {};
    const heard = (): void => {
      heardAt = clock.monotonic();
    };
    socket.on('message', heard).on('pong', heard);
    const beat = (): void => {
      const now = clock.monotonic();
      const isDead = now - heardAt > SILENCE_MAX_MS || (!this.live && now - bornAt > GREETING_MS);
      if (isDead) {
        socket.terminate();
        return;
      }
      if (socket.readyState === WebSocket.OPEN) {
        socket.send(CLIENT_HEARTBEAT);
        if (now - heardAt > PING_AFTER_MS) socket.ping();
      }
      cancel = clock.at('monotonic', now + HEARTBEAT_EVERY_MS, beat);
    };
    cancel = clock.at('monotonic', bornAt + HEARTBEAT_EVERY_MS, beat);
    return () => cancel();
  }
}
