/**
 * Who wants an order cancelled that its venue may have. Invariant: what a halt wants cancelled is asked for again when the venue refuses,
 * later each time, until the order has ended or the bound is reached; a person hears of the refusal and decides.
 */
import type { TradingHalted } from '../messages/halt.ts';
import type { OrderEvent } from './order-events.ts';

export interface WantedCancel {
  readonly by: string;
  readonly reason: string;
  /** How often the venue has refused it; present when a halt wants it. */
  readonly refusals?: number;
}

const AGAIN_MIN_MS = 1_000;
const AGAIN_MAX_MS = 60_000;
/** Some four hours: each try is on record, and the halt's receipt has named the order. */
const AGAIN_MAX = 240;
const DOUBLINGS_MAX = 10;

export const haltReason = ({ stopId, reason }: TradingHalted): string => `halt ${stopId}: ${reason}`;

/** What `event` wants, beside what was wanted before. */
export function wanted(before: WantedCancel | null, event: OrderEvent): WantedCancel | null {
  switch (event.type) {
    case 'order.cancel':
      return { ...before, by: event.by, reason: event.reason };
    case 'trading.halted':
      return { by: event.by, reason: haltReason(event), refusals: 0 };
    case 'order.release':
      return { by: 'house', reason: `halt ${event.haltId}`, refusals: 0 };
    default:
      return before;
  }
}

export const refused = (cancel: WantedCancel | null): WantedCancel | null =>
  cancel && { ...cancel, refusals: (cancel.refusals ?? 0) + 1 };

export const mayInsist = (cancel: WantedCancel | null): boolean =>
  cancel?.refusals !== undefined && cancel.refusals < AGAIN_MAX;

/** Milliseconds from the newest refusal to the next try. */
export const insistDelayMs = (cancel: WantedCancel | null): number =>
  Math.min(AGAIN_MAX_MS, AGAIN_MIN_MS * 2 ** Math.min((cancel?.refusals ?? 1) - 1, DOUBLINGS_MAX));
