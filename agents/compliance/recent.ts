/**
 * What compliance remembers of a trader's recent orders: single ones for duplicates and repeats, counts for the rate. Invariant:
 * bounded by time and by number, whatever the limits are, because it is written as a row with each order.
 */
import type { PassedOrders, RecentOrder } from '../../controls/control.ts';
import type { Denial } from '../../domain/denial.ts';
import { heldPrice } from '../../domain/order.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { TradingLimits } from '../../messages/limits.ts';

/**
 * An order that has been answered; a denied one is kept only to be answered the same way again. A list and not an object, because a
 * row with fifty of them is written with each order.
 */
export type AnsweredOrder = readonly [
  orderId: string,
  at: number,
  symbol: string,
  side: string,
  quantity: string,
  price: string,
  denial?: Denial,
];
const ID = 0;
const AT = 1;
const DENIAL = 6;

/** The answer that an order was given before: its denial, or null when it passed. */
export function earlierAnswer(answered: readonly AnsweredOrder[], orderId: string): Denial | null | undefined {
  for (const order of answered) if (order[ID] === orderId) return order[DENIAL] ?? null;
  return undefined;
}

/** Those that passed within the window of duplicates. */
export function passedOrders(
  answered: readonly AnsweredOrder[],
  now: number,
  limits: TradingLimits | undefined,
): RecentOrder[] {
  const since = now - (limits?.duplicate.windowMs ?? 0);
  const recent: RecentOrder[] = [];
  for (const order of answered) {
    if (order[AT] <= since) continue;
    const [, at, symbol, side, quantity, price, denial] = order;
    if (!denial) recent.push({ at, symbol, side, quantity, price });
  }
  return recent;
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
  const { orderId, symbol, side, quantity } = ticket;
  const price = heldPrice(ticket);
  const keptMs = Math.max(REPEAT_MS, limits?.duplicate.windowMs ?? 0);
  // Enough of them that a run of identical orders reaches its limit.
  const keptMax = Math.max(ANSWERED_MIN, (limits?.duplicate.max ?? 0) + 1);
  const kept = answered.filter((order) => order[AT] > at - keptMs);
  if (!denial) kept.push([orderId, at, symbol, side, quantity, price]);
  else {
    const tooMany = kept.filter((order) => order[DENIAL]).length >= DENIED_MAX;
    if (tooMany)
      kept.splice(
        kept.findIndex((order) => order[DENIAL]),
        1,
      );
    kept.push([orderId, at, symbol, side, quantity, price, denial]);
  }
  return kept.length > keptMax ? kept.slice(-keptMax) : kept;
}

/** Counts one more order for the rate. */
export function count(
  passed: readonly PassedOrders[],
  at: number,
  limits: TradingLimits | undefined,
): readonly PassedOrders[] {
  const windowMs = limits?.orderRate.windowMs ?? 0;
  return counted(passed, at, windowMs, Math.max(windowMs, 1) / PIECES);
}

/** One more, in pieces of `pieceMs`. A piece carries the time of its newest order, so no order is forgotten before its window ends. */
export function counted(
  passed: readonly PassedOrders[],
  at: number,
  windowMs: number,
  pieceMs: number,
): readonly PassedOrders[] {
  const kept = passed.filter((piece) => piece.at > at - windowMs);
  const pieceOf = (time: number) => Math.floor(time / pieceMs);
  const newest = kept.at(-1);
  return newest && pieceOf(newest.at) === pieceOf(at)
    ? [...kept.slice(0, -1), { at, count: newest.count + 1 }]
    : [...kept, { at, count: 1 }];
}
