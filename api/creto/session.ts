/**
 * One client's end of `/ws`: who it is, what it may hear, and when it has to go. Without a valid token in time, or after its end,
 * the socket closes with 4401; who does not read fast enough closes with 1013.
 */
import { z } from '@hono/zod-openapi';
import type { Doors } from '../kit/call.ts';
import type { Caller } from '../kit/caller.ts';
import { notFound, Problem } from '../kit/problem.ts';
import type { Opening, Session, Socket } from '../kit/sockets.ts';
import { maySee } from './access.ts';
import { cretoSurface } from './surface.ts';

const AUTHENTICATE_MS = 5_000;
const UNAUTHENTICATED = 4401;
const UNSUPPORTED = 1003;
const POLICY = 1008;
const TRY_LATER = 1013;
const BUFFERED_BYTES_MAX = 1_048_576;
const SUBSCRIPTIONS_MAX = 1_000;
const MESSAGES_PER_WINDOW = 200;
const WINDOW_MS = 1_000;

const clientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auth'), token: z.string().min(1) }),
  z.strictObject({ type: z.literal('subscribe'), agentId: z.string().max(200) }),
  z.strictObject({ type: z.literal('unsubscribe'), agentId: z.string().max(200) }),
]);
type ClientMessage = z.infer<typeof clientMessage>;

function parse(text: string): ClientMessage | undefined {
  try {
    return clientMessage.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Who carries the news to sessions. */
export interface Carrier {
  readonly doors: Doors;
  subscribe(session: CretoSession, agentId: string): void;
  unsubscribe(session: CretoSession, agentId: string): void;
  forget(session: CretoSession): void;
}

export class CretoSession implements Session {
  readonly agents = new Set<string>();
  private caller: Caller | undefined;
  private open = true;
  private disarm: () => void;
  /** Messages wait here in order while a token is being verified. */
  private busy: Promise<void> | undefined;
  private windowEndsAt = 0;
  private messages = 0;

  constructor(
    private readonly carrier: Carrier,
    private readonly socket: Socket,
    { authorization, accessToken }: Opening,
  ) {
    this.disarm = this.armed(AUTHENTICATE_MS);
    if (authorization !== undefined) this.await(this.authenticate(() => carrier.doors.tokens.callerOf(authorization)));
    else if (accessToken !== undefined) this.await(this.authenticate(() => carrier.doors.tokens.verify(accessToken)));
  }

  received(text: string): void {
    if (!this.open || this.isFlood()) return;
    this.await(this.busy ? this.busy.then(() => this.take(text)) : this.take(text));
  }

  receivedBinary(): void {
    this.end(UNSUPPORTED, 'messages are text');
  }

  closed(): void {
    this.open = false;
    this.disarm();
    this.carrier.forget(this);
  }

  /** `text` is rendered once for all subscribers. */
  send(text: string): void {
    if (!this.open) return;
    if (this.socket.bufferedAmount > BUFFERED_BYTES_MAX) this.end(TRY_LATER, 'too slow');
    else this.socket.send(text);
  }

  private await(work: Promise<void> | undefined): void {
    if (!work) return;
    this.busy = work;
    void work.then(() => {
      if (this.busy === work) this.busy = undefined;
    });
  }

  private take(text: string): Promise<void> | undefined {
    if (!this.open) return undefined;
    const message = parse(text);
    if (message?.type === 'auth') return this.authenticate(() => this.carrier.doors.tokens.verify(message.token));
    if (!this.caller) this.end(UNAUTHENTICATED, 'the first message must be auth');
    else if (!message) this.refuse(new Problem('validation', 'Message is not one of auth, subscribe, unsubscribe'));
    else if (message.type === 'unsubscribe') this.carrier.unsubscribe(this, message.agentId);
    else this.subscribe(this.caller, message.agentId);
    return undefined;
  }

  private subscribe(caller: Caller, agentId: string): void {
    const trader = this.carrier.doors.house.read.trader(agentId);
    if (!trader || !maySee(caller, trader)) this.refuse(notFound('Agent', agentId));
    else if (this.agents.size < SUBSCRIPTIONS_MAX || this.agents.has(agentId)) this.carrier.subscribe(this, agentId);
    else this.refuse(new Problem('conflict', `A connection can have at most ${SUBSCRIPTIONS_MAX} subscriptions`));
  }

  private authenticate(verify: () => Caller | Promise<Caller>): Promise<void> | undefined {
    const refuse = () => this.end(UNAUTHENTICATED, 'invalid token');
    try {
      const found = verify();
      if (found instanceof Promise) return found.then((caller) => this.admit(caller), refuse);
      this.admit(found);
    } catch {
      refuse();
    }
    return undefined;
  }

  /** A fresh token of the same user lengthens the connection; another user has to connect anew. */
  private admit(caller: Caller): void {
    if (!this.open) return;
    if (this.caller && this.caller.sub !== caller.sub) {
      this.end(UNAUTHENTICATED, 'the token is of another user');
      return;
    }
    this.caller = caller;
    this.disarm();
    if (caller.expiresAtMs !== undefined) {
      this.disarm = this.armed(caller.expiresAtMs - this.carrier.doors.house.clock.wallNow());
    }
    this.send('{"type":"auth:ok"}');
  }

  /** Closes unless disarmed in time. */
  private armed(delayMs: number): () => void {
    const { clock } = this.carrier.doors.house;
    return clock.at('wall', clock.wallNow() + delayMs, () => this.end(UNAUTHENTICATED, 'not authenticated'));
  }

  private isFlood(): boolean {
    const now = this.carrier.doors.house.clock.wallNow();
    if (now >= this.windowEndsAt) {
      this.windowEndsAt = now + WINDOW_MS;
      this.messages = 0;
    }
    this.messages += 1;
    if (this.messages <= MESSAGES_PER_WINDOW) return false;
    this.end(POLICY, 'too many messages');
    return true;
  }

  private refuse(problem: Problem): void {
    const rendered = cretoSurface.render(problem, { requestId: '', at: 0 }) as object;
    this.send(JSON.stringify({ type: 'error', ...rendered }));
  }

  private end(code: number, reason: string): void {
    if (!this.open) return;
    this.closed();
    this.socket.close(code, reason);
  }
}
