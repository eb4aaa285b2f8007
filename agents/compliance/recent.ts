/**
 * What compliance remembers of a trader's recent orders: single ones for duplicates and repeats, counts for the rate. Invariant:
 * bounded by time and by number, whatever the limits are, because it is written as a row with each order.
 */
import type { PassedOrders, RecentOrder } from '../../controls/control.ts';
import type { Denial } from '../../domain/denial.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { TradingLimits } from '../../messages/limits.ts';

/** An order that has been answered; a denied one is kept only to be answered the same way again. */
export interface AnsweredOrder extends RecentOrder {
  readonly orderId: string;
  readonly denial?: Denial;
}

/** A repeat of a request comes within this time, or is decided anew. */
const REPEAT_MS = 10_000;
const ANSWERED_MIN = 64;
const DENIED_MAX = 8;
/** The rate's window is counted in this many pieces. */
const PIECES = 20;

export function remember(
  answered: readonly AnsweredOrder[],
  ticket: OrderTicket,
  at: number,
  limits: TradingLimits | undefined,
  denial: Denial | undefined,
): readonly AnsweredOrder[] {
  const { orderId, symbol, side, quantity, price } = ticket;
  const keptMs = Math.max(REPEAT_MS, limits?.duplicate.windowMs ?? 0);
  // Enough of them that a run of identical orders reaches its limit.
  const keptMax = Math.max(ANSWERED_MIN, (limits?.duplicate.max ?? 0) + 1);
  const kept = answered.filter((order) => order.at > at - keptMs);
  if (!denial) kept.push({ orderId, at, symbol, side, quantity, price });
  else {
    const tooMany = kept.filter((order) => order.denial).length >= DENIED_MAX;
    if (tooMany) kept.splice(kept.findIndex((order) => order.denial), 1);
    kept.push({ orderId, at, symbol, side, quantity, price, denial });
  }
  return kept.length > keptMax ? kept.slice(-keptMax) : kept;
}

/** Counts one more order. A piece carries the time of its newest order, so no order is forgotten before its window ends. */
export function count(
  passed: readonly PassedOrders[],
  at: number,
  limits: TradingLimits | undefined,
): readonly PassedOrders[] {
  const windowMs = limits?.orderRate.windowMs ?? 0;
  const kept = passed.filter((piece) => piece.at > at - windowMs);
  const pieceOf = (time: number) => Math.floor((time * PIECES) / Math.max(windowMs, 1));
  const newest = kept.at(-1);
  return newest && pieceOf(newest.at) === pieceOf(at)
    ? [...kept.slice(0, -1), { at, count: newest.count + 1 }]
    : [...kept, { at, count: 1 }];
}
