/**
 * Orders that were refused for their size, and what has passed of the same account, symbol and side since: slices of one order count
 * as one. Bounded by time, and by the sides of the instruments that have limits.
 */
import type { Slices } from '../../controls/control.ts';
import { plus } from '../../domain/decimal.ts';
import type { Denial } from '../../domain/denial.ts';
import type { OrderTicket } from '../../messages/common.ts';

export interface Refused extends Slices {
  readonly symbol: string;
  readonly side: string;
  readonly at: number;
}

const FOR_SIZE: ReadonlySet<string> = new Set<Denial['code']>(['ORDER_VALUE', 'ORDER_VOLUME']);

type Order = Pick<OrderTicket, 'symbol' | 'side' | 'quantity'>;
const isAlike = (refused: Refused, { symbol, side }: Order): boolean =>
  refused.symbol === symbol && refused.side === side;

/** What counts together with an order at `at`; undefined: it counts for itself. */
export function slicesOf(
  refused: readonly Refused[],
  order: Order,
  at: number,
  windowMs: number | undefined,
): Slices | undefined {
  if (windowMs === undefined) return undefined;
  return refused.find((earlier) => isAlike(earlier, order) && earlier.at > at - windowMs);
}

/** A refusal for size begins the count or prolongs one whose time is not over; any other leaves the same list. */
export function withRefusal(
  refused: readonly Refused[],
  order: Order,
  denial: Denial,
  at: number,
  windowMs: number | undefined,
): readonly Refused[] {
  if (!FOR_SIZE.has(denial.code)) return refused;
  const { symbol, side } = order;
  const { quantity, amount } = slicesOf(refused, order, at, windowMs) ?? { quantity: '0', amount: '0' };
  const others = refused.filter((earlier) => !isAlike(earlier, order) && earlier.at > at - (windowMs ?? 0));
  return [...others, { symbol, side, at, quantity, amount }];
}

/** The same list when the order is no slice; an exit never is. A count whose time is over leaves. */
export function withSlice(
  refused: readonly Refused[],
  order: Order & Pick<OrderTicket, 'exit'>,
  amount: string,
  at: number,
  windowMs: number | undefined,
): readonly Refused[] {
  if (order.exit || !refused.some((earlier) => isAlike(earlier, order))) return refused;
  if (!slicesOf(refused, order, at, windowMs)) return refused.filter((earlier) => !isAlike(earlier, order));
  return refused.map((earlier) =>
    isAlike(earlier, order)
      ? { ...earlier, quantity: plus(earlier.quantity, order.quantity), amount: plus(earlier.amount, amount) }
      : earlier,
  );
}
