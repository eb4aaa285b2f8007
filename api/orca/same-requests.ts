/**
 * The same request of the same caller, sent again while the first is under way (a second click, a client that lost patience), gets the
 * first one's answer: nothing is done twice. What has ended is forgotten; a repeat of it is a new request.
 */
import { createHash } from 'node:crypto';
import type { ApiCall } from '../kit/call.ts';
import type { House } from '../kit/house.ts';
import { canonicalJson } from '../kit/idempotency.ts';

const underWay = new WeakMap<House, Map<string, Promise<unknown>>>();

function sharedBy(house: House): Map<string, Promise<unknown>> {
  const known = underWay.get(house);
  if (known) return known;
  const fresh = new Map<string, Promise<unknown>>();
  underWay.set(house, fresh);
  return fresh;
}

/** A request with an `Idempotency-Key` stands for itself: its key says what it is. */
export async function shared<Answer>(call: ApiCall, first: () => Promise<Answer>): Promise<Answer> {
  const { house, caller, request, content, key, form } = call;
  if (key !== undefined) return first();
  const name = createHash('sha256')
    .update(canonicalJson([caller.sub, request.url, content]))
    .digest('hex');
  const present = sharedBy(house);
  const known = present.get(name) as Promise<Answer> | undefined;
  if (known) {
    // Only the first one's file is read.
    await form?.file?.close();
    return known;
  }
  const answer = first().finally(() => present.delete(name));
  present.set(name, answer);
  return answer;
}
