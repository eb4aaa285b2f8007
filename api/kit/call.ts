/** One request on its way through a handler: validated input, the caller, and the only ways into the house. */
import type { Message } from '../../runtime/message.ts';
import type { Caller } from './caller.ts';
import type { Form } from './form.ts';
import type { House } from './house.ts';
import { type RateLimiter, type RateRule, type RateState, rateProblem } from './limits.ts';
import type { Meter } from './meter.ts';
import type { Tokens } from './tokens.ts';

/** What all requests share. */
export interface Doors {
  readonly house: House;
  readonly tokens: Tokens;
  readonly limiter: RateLimiter;
  readonly meter: Meter;
}

export class ApiCall<P = unknown, Q = unknown, B = unknown> {
  params!: P;
  query!: Q;
  body!: B;
  /** Of a route with a `fileField`, and what makes two of them the same. */
  form: Form | undefined;
  content: unknown;
  /** The trader this request is about, when the caller may see it. */
  subject: string | undefined;
  /** The `Idempotency-Key`, once it is claimed. */
  key: string | undefined;
  /** The id for what this request makes. */
  entity = '';
  /** An earlier try with this key was lost before it was answered: what it made may exist under `entity`. */
  repeated = false;
  /** The tightest limit that has counted this request. */
  rate: RateState | undefined;

  constructor(
    readonly doors: Doors,
    readonly request: Request,
    readonly requestId: string,
    readonly remoteAddress: string | undefined,
    public caller: Caller,
  ) {}

  get house(): House {
    return this.doors.house;
  }

  ask<R extends Message>(message: Message, deadlineMs?: number): Promise<R> {
    return this.doors.house.ask<R>(message, {
      principal: this.caller.sub,
      correlationId: this.requestId,
      ...(deadlineMs !== undefined && { deadlineMs }),
    });
  }

  header(name: string): string | undefined {
    return this.request.headers.get(name) ?? undefined;
  }

  /** Counts this request under a rule, or refuses it. */
  limit(rule: RateRule, key: string, peek = false): void {
    if (!this.house.settings.rateLimits) return;
    const now = this.house.clock.wallNow();
    const state = this.doors.limiter.take(rule, key, now, peek);
    if (!state.allowed || !this.rate || state.remaining < this.rate.remaining) this.rate = state;
    if (!state.allowed) throw rateProblem(state, now);
  }
}
