/**
 * A client that does not give up: a cut connection, a 5xx or a key that is still in flight is tried again with the same key, at
 * whatever address the product has by then, until there is an answer that counts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from './stage.ts';

const DEADLINE_MS = 60_000;
const AGAIN_MS = 50;
const REQUEST_MS = 15_000;

export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Idempotency-Key. */
  readonly key?: string;
  /** The first try's connection is cut after so long, whatever comes of it. */
  readonly cutAfterMs?: number;
}

export interface Answer {
  readonly status: number;
  // The contract's answer as it came; who reads it knows its form.
  readonly body: Readonly<Record<string, unknown>>;
  readonly tries: number;
}

async function once(stage: Stage, call: Call, timeoutMs: number): Promise<Answer | undefined> {
  const { url } = stage.product;
  if (url === undefined) return undefined;
  const headers: Record<string, string> = { authorization: 'Bearer test-bearer-token' };
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  if (call.key !== undefined) headers['idempotency-key'] = call.key;
  try {
    const response = await fetch(url + call.path, {
      method: call.method,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    });
    const body = (await response.json()) as Answer['body'];
    const isInFlight = response.status === 409 && response.headers.has('retry-after');
    return response.status >= 500 || isInFlight ? undefined : { status: response.status, body, tries: 1 };
  } catch {
    return undefined;
  }
}

/** Throws when nothing that counts came in time. */
export async function insist(stage: Stage, call: Call): Promise<Answer> {
  const untilMs = performance.now() + DEADLINE_MS;
  for (let tries = 1; performance.now() < untilMs; tries += 1) {
    const answer = await once(stage, call, tries === 1 ? (call.cutAfterMs ?? REQUEST_MS) : REQUEST_MS);
    if (answer) return { ...answer, tries };
    await sleep(AGAIN_MS);
  }
  throw new Error(`${call.method} ${call.path} (key ${call.key ?? 'none'}) had no answer within ${DEADLINE_MS} ms`);
}

/** One try: undefined when there was no answer that counts. */
export const tryOnce = (stage: Stage, call: Call): Promise<Answer | undefined> => once(stage, call, REQUEST_MS);
