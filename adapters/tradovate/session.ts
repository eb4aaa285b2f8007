/**
 * The access token: signed in once, renewed by a timer before it expires, asked for anew when Tradovate no longer takes it. Invariants:
 * one sign-in is under way at a time, a penalty or a refusal is waited out (theirs count failures), nothing of it is ever shown.
 */
import type { Clock } from '../../runtime/ports.ts';
import { reasonOf, TradovateError } from './fault.ts';
import type { Http } from './http.ts';
import { tvToken } from './wire.ts';

export interface Credentials {
  readonly name: string;
  readonly password: string;
  readonly appId: string;
  readonly appVersion: string;
  readonly cid: string;
  readonly sec: string;
}

export interface SessionOptions {
  readonly http: Http;
  readonly clock: Clock;
  readonly credentials: Credentials;
}

export interface Session {
  /** A token that has not expired. Throws TradovateError (`handled: no`) while there is none. */
  token(signal: AbortSignal): Promise<string>;
  /** Tradovate no longer takes this one. */
  refused(token: string): void;
  /** Why nobody is signed in; undefined when somebody is. */
  problem(): string | undefined;
  /** Has Tradovate said that the credentials are wrong? */
  isRefused(): boolean;
  close(): void;
}

/** Part of a token's life after which it is renewed: theirs live 80 minutes and are best renewed 15 minutes before. */
const RENEW_AT = 0.8;
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 60_000;
/** After credentials were refused: five failures an hour are allowed. */
const REFUSED_MS = 900_000;
/** No program solves a captcha: their documents say wait an hour. */
const CAPTCHA_MS = 3_600_000;
const TOKEN_LIFE_MS = 80 * 60_000;

export const openSession = (options: SessionOptions): Session => new TokenSession(options);

interface Token {
  readonly text: string;
  /** Wall time. */
  readonly expiresAt: number;
}

class TokenSession implements Session {
  private current: Token | undefined;
  private signing: Promise<string> | undefined;
  private failure: string | undefined = 'not signed in yet';
  private areWrong = false;
  private notBefore = Number.NEGATIVE_INFINITY;
  private ticket: string | undefined;
  private failures = 0;
  private cancelTimer = (): void => {};
  private readonly closing = new AbortController();

  constructor(private readonly options: SessionOptions) {}

  problem(): string | undefined {
    return this.valid() ? undefined : (this.failure ?? 'the token has expired');
  }

  isRefused(): boolean {
    return this.areWrong;
  }

  async token(signal: AbortSignal): Promise<string> {
    const valid = this.valid();
    if (valid) return valid;
    const { clock } = this.options;
    if (!this.signing && clock.monotonic() < this.notBefore) throw this.missing();
    return abortable(this.signInOnce(), signal);
  }

  refused(token: string): void {
    if (this.current?.text === token) this.current = undefined;
  }

  close(): void {
    this.closing.abort();
    this.cancelTimer();
  }

  private valid(): string | undefined {
    const { current, options } = this;
    return current && options.clock.wallNow() < current.expiresAt ? current.text : undefined;
  }

  private missing(): TradovateError {
    return new TradovateError(`not signed in at Tradovate: ${this.failure}`, 'no');
  }

  private signInOnce(): Promise<string> {
    this.signing ??= this.signIn().finally(() => {
      this.signing = undefined;
    });
    return this.signing;
  }

  private async signIn(): Promise<string> {
    const { http, credentials } = this.options;
    const body = { ...credentials, ...(this.ticket !== undefined && { 'p-ticket': this.ticket }) };
    try {
      const ask = { method: 'POST', path: 'auth/accesstokenrequest', body } as const;
      return this.keep(await http.ask(ask, this.closing.signal));
    } catch (error) {
      this.wait(error);
      throw this.missing();
    }
  }

  /** Takes the token of an answer. Throws when there is none. */
  private keep(answer: unknown): string {
    const parsed = tvToken.safeParse(answer);
    const { accessToken, expirationTime, errorText } = parsed.data ?? {};
    if (!accessToken) {
      const said = errorText
        ? `Tradovate refuses the credentials: ${this.harmless(errorText)}`
        : 'no token in the answer';
      throw new TradovateError(said, 'no', { retryable: false });
    }
    const { clock } = this.options;
    const now = clock.wallNow();
    const until = Date.parse(expirationTime ?? '');
    const lifeMs = Number.isNaN(until) || until <= now ? TOKEN_LIFE_MS : until - now;
    this.current = { text: accessToken, expiresAt: now + lifeMs };
    this.failure = undefined;
    this.areWrong = false;
    this.ticket = undefined;
    this.failures = 0;
    this.arm(lifeMs * RENEW_AT, () => this.renew(accessToken));
    return accessToken;
  }

  private async renew(token: string): Promise<void> {
    try {
      const ask = { method: 'GET', path: 'auth/renewaccesstoken', token } as const;
      this.keep(await this.options.http.ask(ask, this.closing.signal));
    } catch {
      // The old one may live on while a new session is asked for.
      await this.signInOnce();
    }
  }

  private wait(error: unknown): void {
    const penalty = error instanceof TradovateError ? error.penalty : undefined;
    const isRefusal = error instanceof TradovateError && error.handled === 'no';
    this.failure = this.harmless(reasonOf(error));
    this.areWrong = error instanceof TradovateError && !error.retryable;
    this.ticket = penalty?.ticket;
    const retryMs = Math.min(RETRY_MIN_MS * 2 ** Math.min(this.failures, 10), RETRY_MAX_MS);
    this.failures += 1;
    const waitMs = penalty?.captcha ? CAPTCHA_MS : (penalty?.waitMs ?? (isRefusal ? REFUSED_MS : retryMs));
    this.notBefore = this.options.clock.monotonic() + waitMs;
    this.arm(waitMs, () => this.signInOnce());
  }

  private arm(afterMs: number, act: () => Promise<unknown>): void {
    this.cancelTimer();
    if (this.closing.signal.aborted) return;
    const { clock } = this.options;
    this.cancelTimer = clock.at('monotonic', clock.monotonic() + afterMs, () => void act().catch(() => {}));
  }

  private harmless(said: string): string {
    const { password, sec } = this.options.credentials;
    return [password, sec].filter(Boolean).reduce((left, secret) => left.replaceAll(secret, '***'), said);
  }
}

/** The first to end: the work, which goes on, or the asker's patience. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const giveUp = (): void => reject(new TradovateError('given up', 'no'));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
