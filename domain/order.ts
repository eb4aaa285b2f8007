/** The order's words: sides, types, ends, and small pure questions about them. */
import { compare, type DecimalText, type Exact, exact } from './decimal.ts';

export const SIDES = ['buy', 'sell'] as const;
export type Side = (typeof SIDES)[number];
export const ORDER_TYPES = ['market', 'limit', 'stop'] as const;
export type OrderType = (typeof ORDER_TYPES)[number];
export const TIMES_IN_FORCE = ['GTC', 'DAY', 'IOC'] as const;
export type TimeInForce = (typeof TIMES_IN_FORCE)[number];
/** How an order ends: by a fill, a cancel, its time, one of our gates, the venue, or a technical failure. */
export const ORDER_ENDS = ['filled', 'canceled', 'expired', 'denied', 'rejected', 'failed'] as const;
export type OrderEnd = (typeof ORDER_ENDS)[number];

export const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

/** +quantity for a buy, -quantity for a sell, as text. */
export const signed = (side: Side, quantity: DecimalText): DecimalText => (side === 'buy' ? quantity : `-${quantity}`);

/** The same as a number. */
export const signedExact = (side: Side, quantity: DecimalText): Exact =>
  side === 'buy' ? exact(quantity) : exact(quantity).negated();

/** Would a limit at `limit` trade now against `bid` and `ask`? */
export function isMarketable(side: Side, limit: DecimalText, bid: DecimalText, ask: DecimalText): boolean {
  return side === 'buy' ? compare(limit, ask) >= 0 : compare(limit, bid) <= 0;
}

/** No order is held to this price. */
const ANY = '0';

/** By which price orders are told apart: a market order may state any, and counts as one without. */
export const heldPrice = (order: { readonly orderType: OrderType; readonly price: DecimalText }): DecimalText =>
  order.orderType === 'market' ? ANY : order.price;
