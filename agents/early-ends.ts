/**
 * Orders that ended while their request to a gate may still be on its way: the gate reads the end first and then must set
 * nothing aside, or it would stay set aside for good. Bounded: a request is answered or given up long before it is forgotten.
 */

import { deny } from '../controls/deny.ts';
import type { Denial } from '../domain/denial.ts';
import { deliveredAt } from '../messages/delivered.ts';
import type { OrderEnded } from '../messages/order.ts';

export interface EarlyEnd {
  readonly orderId: string;
  readonly at: number;
}

const KEPT_MS = 60_000;
const KEPT_MAX = 32;

/** Also of one that a gate has denied: its agent may have crashed and asked the gates again, and one answer of two has ended it. */
export function rememberEnd(ends: readonly EarlyEnd[], ended: OrderEnded): readonly EarlyEnd[] {
  const at = deliveredAt(ended);
  const recent = ends.filter((end) => end.at > at - KEPT_MS && end.orderId !== ended.orderId);
  return [...recent, { orderId: ended.orderId, at }].slice(-KEPT_MAX);
}

export function deniedByEnd(ends: readonly EarlyEnd[], orderId: string): Denial | undefined {
  if (!ends.some((end) => end.orderId === orderId)) return undefined;
  return deny('GATE_UNAVAILABLE', 'unavailable', `Order ${orderId} ended before it was checked.`);
}
