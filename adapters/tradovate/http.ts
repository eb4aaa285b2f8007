/**
 * One request to Tradovate's REST interface. Invariants: every wait is bounded and abortable, a token or password never gets into an
 * error, and what was perhaps acted on is never called refused. After a 429 nothing but what is urgent leaves for an hour.
 */
import type { Clock } from '../../runtime/ports.ts';
import { within } from '../kit/within.ts';
import { TradovateError } from './fault.ts';
import { tvPenalty } from './wire.ts';

export interface HttpOptions {
  /** Such as https://demo.tradovateapi.com/v1 */
  readonly url: string;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly timeoutMs: number;
  /** How long nothing is asked after a 429; their documents say one hour. */
  readonly rateLimitedMs: number;
}

export interface Ask {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  readonly token?: string;
  /** Leaves although the rate limit was reached: cancels always pass. */
  readonly urgent?: boolean;
}

export interface Http {
  /** The parsed body of a 200. Throws TradovateError. */
  ask(ask: Ask, signal: AbortSignal): Promise<unknown>;
  /** Is Tradovate refusing us for asking too much? */
  isLimited(): boolean;
}

/** Refusals at the door: the request was read, and not acted on. */
const NOT_HANDLED = new Set([400, 401, 403, 404, 405, 413, 415, 422, 423, 429]);
const BODY_MAX_BYTES = 16 << 20;

export function openHttp({ url, clock, timeoutMs, rateLimitedMs }: HttpOptions): Http {
  let limitedUntil = Number.NEGATIVE_INFINITY;
  const isLimited = (): boolean => clock.monotonic() < limitedUntil;

  return {
    isLimited,
    async ask(ask, signal) {
      const { path } = ask;
      if (isLimited() && !ask.urgent) {
        const waitS = Math.ceil((limitedUntil - clock.monotonic()) / 1_000);
        throw new TradovateError(`${path}: the rate limit was reached, nothing is sent for ${waitS} s`, 'no');
      }
      const { status, text } = await within({ signals: [signal], timeoutMs }, (limits) => exchange(url, ask, limits));
      if (status === 429 || status === 423) limitedUntil = clock.monotonic() + rateLimitedMs;
      if (status !== 200) {
        const handled = NOT_HANDLED.has(status) ? 'no' : 'unknown';
        throw new TradovateError(`${path}: Tradovate answered ${status}`, handled, { status });
      }
      return answerOf(path, text);
    },
  };
}

async function exchange(url: string, { method, path, query = {}, body, token }: Ask, signal: AbortSignal) {
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  try {
    const response = await fetch(`${url}/${path}${search.size === 0 ? '' : `?${search}`}`, {
      ...{ method, headers, signal, redirect: 'error' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await boundedText(response) };
  } catch (error) {
    const name = error instanceof Error ? error.name : 'Error';
    const what = name === 'TimeoutError' ? 'no answer in time' : name === 'AbortError' ? 'given up' : 'the line broke';
    throw new TradovateError(`${path}: ${what}`, 'unknown');
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > BODY_MAX_BYTES) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A penalty comes as a success: the request was not handled all the same. */
function answerOf(path: string, text: string): unknown {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new TradovateError(`${path}: Tradovate's answer is not JSON`, 'unknown');
  }
  const penalty = tvPenalty.safeParse(body);
  if (!penalty.success) return body;
  const { 'p-ticket': ticket, 'p-time': waitS, 'p-captcha': captcha } = penalty.data;
  throw new TradovateError(
    `${path}: Tradovate lets us wait ${waitS} s${captcha ? ' and asks for a captcha' : ''}`,
    'no',
    {
      penalty: { ticket, waitMs: waitS * 1_000, captcha: captcha === true },
    },
  );
}
