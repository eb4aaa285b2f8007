/** Which other origins may read answers: those in the settings, without credentials; none by default. */
const EXPOSED_HEADERS =
  'Link, X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After, Idempotent-Replayed';
const ALLOWED_HEADERS = 'Authorization, Content-Type, Idempotency-Key, If-Match';
const PREFLIGHT_AGE_S = '600';

export class Cors {
  constructor(private readonly origins: readonly string[]) {}

  get active(): boolean {
    return this.origins.length > 0;
  }

  allows(origin: string): boolean {
    return this.origins.includes(origin);
  }

  /** Headers of an answer to a page of `origin`. */
  answerHeaders(origin: string | undefined): Readonly<Record<string, string>> {
    if (!this.active) return {};
    if (origin === undefined || !this.allows(origin)) return { Vary: 'Origin' };
    return { Vary: 'Origin', 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': EXPOSED_HEADERS };
  }

  preflightHeaders(origin: string | undefined, methods: string): Readonly<Record<string, string>> {
    if (origin === undefined || !this.allows(origin)) return this.answerHeaders(origin);
    return {
      ...this.answerHeaders(origin),
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers': ALLOWED_HEADERS,
      'Access-Control-Max-Age': PREFLIGHT_AGE_S,
    };
  }
}
