/**
 * When an order of which nobody knows what became is asked about again. Invariants: it is heard within `LOOKUP_MAX_MS` that a venue is back, and at the
 * very moment at which an absence begins to count; a venue that has nothing more to say is not asked all day, as each look is on record.
 */
import type { OrderContext } from './order-context.ts';
import type { OrderEvent } from './order-events.ts';

/** A request that has not arrived after this long never will: only an "absent" asked for later ends an order. */
export const REQUEST_LIFE_MS = 65_000;
/** Doubling up to the maximum. */
const LOOKUP_MIN_MS = 1_000;
const LOOKUP_MAX_MS = 20_000;
/** Nothing can arrive any more at a venue that does not find the order: what it may say yet, it says without being asked. */
const NOT_FOUND_MAX_MS = 300_000;
const DOUBLINGS_MAX = 10;

/** Milliseconds until the next lookup of an order that is unresolved since `event`. */
export function lookupDelayMs({ lookups }: OrderContext, event: OrderEvent): number {
  const backoffMs = LOOKUP_MIN_MS * 2 ** Math.min(lookups, DOUBLINGS_MAX);
  const soonMs = Math.min(LOOKUP_MAX_MS, backoffMs);
  if (event.type !== 'venue.reported' || event.sinceSentMs === undefined) return soonMs;
  const { sinceSentMs, tookMs = 0, status, notFound } = event;
  if (sinceSentMs < REQUEST_LIFE_MS) return Math.min(soonMs, Math.max(0, REQUEST_LIFE_MS - sinceSentMs - tookMs));
  return status === 'absent' || notFound ? Math.min(NOT_FOUND_MAX_MS, backoffMs) : soonMs;
}
