/**
 * The same `Idempotency-Key` with the same body gives the first answer again; with another body 422; while the first is under way
 * 409. A refusal is remembered with its answer, a 5xx is not. Bodies are compared in canonical form. An answer too long to be kept is
 * made again from what the first request has made.
 */
import { createHash } from 'node:crypto';
import { derivedUuid } from '../../domain/derived-id.ts';
import type { KeyAnswered, KeyClaim, KeySettle } from '../../messages/key.ts';
import type { ApiCall } from './call.ts';
import { HouseError } from './house.ts';
import { invalid, Problem, unavailable } from './problem.ts';

/** Longer answers do not go into the journal. */
const KEPT_CHARACTERS_MAX = 65_536;
const KEY = /^[\x21-\x7e]{1,255}$/;

/** Keys sorted, numbers and strings as JSON writes them: bodies that say the same are the same. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`);
  return `{${fields.join(',')}}`;
}

export interface RenderedAnswer {
  readonly status: number;
  readonly text: string | undefined;
  /** Instead of a text: sent as it comes. Never of a route whose answers are remembered. */
  readonly stream?: ReadableStream<Uint8Array>;
  readonly headers: Readonly<Record<string, string>>;
}

/** However an address spells its path, it is one place; what is no text in it stays as it is. */
function placeOf({ url }: Request): string {
  const path = new URL(url).pathname.replace(/\/+$/, '');
  return path.includes('%') ? path.split('/').map(spelledOnce).join('/') : path;
}

function spelledOnce(part: string): string {
  try {
    return decodeURIComponent(part).replace(/[%/]/g, encodeURIComponent);
  } catch {
    return part;
  }
}

const scopeOf = ({ caller, request }: ApiCall): string => `${caller.sub} ${request.method} ${placeOf(request)}`;

export const keyConflict = (): Problem =>
  new Problem('key-conflict', 'This Idempotency-Key was used with another request body');

function checkKey(key: string): void {
  if (KEY.test(key)) return;
  throw invalid([{ field: 'Idempotency-Key', message: 'Must be 1 to 255 printable characters without spaces' }]);
}

/** For what can't wait until a key is durable: a repeat names the same entity, and whoever holds that makes it once. */
export function nameByKey(call: ApiCall, key: string): void {
  checkKey(key);
  call.key = key;
  call.entity = derivedUuid(scopeOf(call), key);
}

/** Runs `first` once a key; `raw` is the body as it came. */
export async function once(
  call: ApiCall,
  key: string,
  raw: unknown,
  first: () => Promise<RenderedAnswer>,
): Promise<RenderedAnswer> {
  checkKey(key);
  const scope = scopeOf(call);
  const bodyHash = createHash('sha256').update(canonicalJson(raw)).digest('hex');
  const claim: KeyClaim = { type: 'key.claim', scope, key, bodyHash, entity: call.entity };
  const { outcome, entity, answer } = await call.ask<KeyAnswered>(claim);
  if (outcome === 'conflict') {
    throw keyConflict();
  }
  if (outcome === 'full') throw unavailable('Too many Idempotency-Keys are held, please try again later');
  if (outcome === 'in-flight') {
    throw new Problem('key-in-flight', 'The first request with this Idempotency-Key is still under way', {
      headers: { 'Retry-After': '1' },
    });
  }
  if (answer) {
    return { status: answer.status, text: answer.body, headers: { 'Idempotent-Replayed': 'true' } };
  }
  call.key = key;
  call.repeated = outcome === 'replay' || entity !== call.entity;
  call.entity = entity;
  const rendered = await first();
  await settle(call, scope, rendered);
  return rendered;
}

/** An answer that could not be remembered is still given: a repeat is then rendered from what the first request made. */
async function settle(call: ApiCall, scope: string, { status, text }: RenderedAnswer): Promise<void> {
  const message: KeySettle = {
    type: 'key.settle',
    scope,
    key: call.key!,
    ...(status < 500 && (text ?? '').length <= KEPT_CHARACTERS_MAX && { answer: { status, body: text ?? '' } }),
  };
  try {
    await call.ask(message);
  } catch (error) {
    if (!(error instanceof HouseError)) throw error;
    call.house.log.warn('key.settle-failed', { requestId: call.requestId, fault: error.kind });
  }
}
