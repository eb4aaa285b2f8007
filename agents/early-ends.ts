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
  /** A gate has answered with no: these come in crowds. */
  readonly denied?: true;
}

const KEPT_MS = 60_000;
/** Of either kind: a crowd of denied orders pushes nothing else out. */
const KEPT_MAX = 32;

/** Also of one that a gate has denied: its agent may have crashed and asked the gates again, and one answer of two has ended it. */
export function rememberEnd(ends: readonly EarlyEnd[], ended: OrderEnded): readonly EarlyEnd[] {
  const at = deliveredAt(ended);
  const { orderId } = ended;
  const isDenied = ended.end === 'denied' && ended.denial?.code !== 'GATE_UNAVAILABLE';
  const end: EarlyEnd = isDenied ? { orderId, at, denied: true } : { orderId, at };
  const recent = ends.filter((known) => known.at > at - KEPT_MS && known.orderId !== orderId);
  const alike = recent.filter(({ denied }) => denied === end.denied);
  const others = recent.filter(({ denied }) => denied !== end.denied);
  return [...others, ...alike.slice(1 - KEPT_MAX), end];
}

export function deniedByEnd(ends: readonly EarlyEnd[], orderId: string): Denial | undefined {
  if (!ends.some((end) => end.orderId === orderId)) return undefined;
  return deny('GATE_UNAVAILABLE', 'unavailable', `Order ${orderId} ended before it was checked.`);
}
