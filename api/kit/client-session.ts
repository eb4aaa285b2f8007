/**
 * One client's end of a socket, whatever it talks about: who it is, how much it may say, and when it has to go. Without a valid token in
 * time, or after its end, the socket closes with 4401, with one that may not listen with 4403; who does not read fast enough closes with 1013.
 */
import { z } from '@hono/zod-openapi';
import { checkData } from './body.ts';
import type { Doors } from './call.ts';
import { type Caller, hasRole } from './caller.ts';
import { Problem, problemOf } from './problem.ts';
import type { RolesPolicy } from './route.ts';
import type { Opening, Session, Socket } from './sockets.ts';
import type { Surface } from './surface.ts';

const AUTHENTICATE_MS = 5_000;
export const UNAUTHENTICATED = 4401;
export const FORBIDDEN = 4403;
export const UNSUPPORTED = 1003;
export const FLOOD = 1008;
export const TRY_LATER = 1013;
const BUFFERED_BYTES_MAX = 1_048_576;
const MESSAGES_PER_SECOND = 200;

const authMessage = z.strictObject({ type: z.literal('auth'), token: z.string().min(1) }).openapi('SocketAuth');
const authOk = z.object({ type: z.literal('auth:ok') }).openapi('SocketAuthOk');
const AUTH_OK = JSON.stringify({ type: 'auth:ok' } satisfies z.input<typeof authOk>);
const refused = z.object({ type: z.literal('error') });

export interface Protocol<Said> {
  /** What clients say beside `auth`. */
  readonly said: z.ZodType<Said>;
  /** Names of its messages, told to who sends another one. */
  readonly names: string;
  /** What clients hear beside `auth:ok` and refusals. */
  readonly told: z.ZodType;
  readonly policy: RolesPolicy;
  /** To how many things a client may listen: all of them may be asked for at once. */
  readonly subscriptionsMax: number;
  /** In whose form refusals are told. */
  readonly surface: Surface;
}

/** All that may be sent to the server, and by it. */
export const toServer = ({ said }: Protocol<unknown>) => z.union([authMessage, said]);
export const toClient = ({ told, surface }: Protocol<unknown>) =>
  z.union([authOk, told, z.intersection(refused, surface.errorSchema)]);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export abstract class ClientSession<Said> implements Session {
  /** Known once the client is in. */
  protected caller: Caller | undefined;
  private open = true;
  private disarm: () => void;
  /** Messages wait here in order while a token is being verified. */
  private busy: Promise<void> | undefined;
  /** How much the client may say at once: that grows again as time goes by. */
  private allowance: number;
  private allowedAt: number;

  constructor(
    protected readonly doors: Doors,
    private readonly socket: Socket,
    private readonly protocol: Protocol<Said>,
  ) {
    this.disarm = this.armed(AUTHENTICATE_MS);
    this.allowance = this.atOnceMax;
    this.allowedAt = doors.house.clock.wallNow();
  }

  private get atOnceMax(): number {
    return this.protocol.subscriptionsMax + MESSAGES_PER_SECOND;
  }

  /** A message of a caller who is known. */
  protected abstract said(caller: Caller, message: Said): void;
  /** The end, however it came. */
  protected abstract left(): void;

  /** What the handshake brought; called once, when the session is whole. */
  begin({ authorization, accessToken }: Opening): this {
    const { tokens } = this.doors;
    if (authorization !== undefined) this.await(this.authenticate(() => tokens.callerOf(authorization)));
    else if (accessToken !== undefined) this.await(this.authenticate(() => tokens.verify(accessToken)));
    return this;
  }

  received(text: string): void {
    if (!this.open || this.isFlood()) return;
    this.await(this.busy ? this.busy.then(() => this.take(text)) : this.take(text));
  }

  receivedBinary(): void {
    this.end(UNSUPPORTED, 'messages are text');
  }

  closed(): void {
    if (!this.open) return;
    this.open = false;
    this.disarm();
    this.left();
  }

  get isOpen(): boolean {
    return this.open;
  }

  /** Bytes that the client has not read yet. */
  get backlogBytes(): number {
    return this.socket.bufferedAmount;
  }

  send(text: string): void {
    if (!this.open) return;
    if (this.socket.bufferedAmount > BUFFERED_BYTES_MAX) this.tooSlow();
    else this.socket.send(text);
  }

  tooSlow(): void {
    this.end(TRY_LATER, 'too slow');
  }

  protected refuse(problem: Problem): void {
    const { ids, clock } = this.doors.house;
    const rendered = this.protocol.surface.render(problem, { requestId: ids.uuid(), at: clock.wallNow() }) as object;
    this.send(JSON.stringify({ type: 'error', ...rendered }));
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
    const message = parsed(text);
    const auth = authMessage.safeParse(message);
    if (auth.success) return this.authenticate(() => this.doors.tokens.verify(auth.data.token));
    if (this.caller) this.listen(this.caller, message);
    else this.end(UNAUTHENTICATED, 'the first message must be auth');
    return undefined;
  }

  private listen(caller: Caller, message: unknown): void {
    try {
      checkData(message);
    } catch (fault) {
      this.refuse(problemOf(fault));
      return;
    }
    const said = this.protocol.said.safeParse(message);
    if (said.success) this.said(caller, said.data);
    else this.refuse(new Problem('validation', `Message is not one of auth, ${this.protocol.names}`));
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
    if (!hasRole(caller, this.protocol.policy.roles)) {
      this.end(FORBIDDEN, 'the token has no role that may listen');
      return;
    }
    this.caller = caller;
    this.disarm();
    if (caller.expiresAtMs !== undefined)
      this.disarm = this.armed(caller.expiresAtMs - this.doors.house.clock.wallNow());
    this.send(AUTH_OK);
  }

  /** Closes unless disarmed in time. */
  private armed(delayMs: number): () => void {
    const { clock } = this.doors.house;
    return clock.at('wall', clock.wallNow() + delayMs, () => this.end(UNAUTHENTICATED, 'not authenticated'));
  }

  private isFlood(): boolean {
    const now = this.doors.house.clock.wallNow();
    // A clock that was put back gives nothing, and takes nothing away.
    const grown = (Math.max(0, now - this.allowedAt) / 1_000) * MESSAGES_PER_SECOND;
    this.allowance = Math.min(this.atOnceMax, this.allowance + grown) - 1;
    this.allowedAt = now;
    if (this.allowance >= 0) return false;
    this.end(FLOOD, 'too many messages');
    return true;
  }

  private end(code: number, reason: string): void {
    if (!this.open) return;
    this.closed();
    this.socket.close(code, reason);
  }
}
