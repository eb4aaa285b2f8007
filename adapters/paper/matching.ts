/**
 * The paper venue's matching: market, limit and stop orders against the newest quote. Pure but for the random port (only drawn
 * from when partial fills are asked for). Invariants: fills never exceed the quantity, an ended order never changes, and no
 * limit order fills at a worse price than its limit.
 */
import type { VenueOrder, VenueReport } from '../../agents/venue.ts';
import { compare, type DecimalText, exact, isPositive, minus, text, times } from '../../domain/decimal.ts';
import { type Instrument, notional } from '../../domain/instrument.ts';
import { roundToCent } from '../../domain/money.ts';
import { limitFillsAt, limitIsMet, slippedFrom, stopIsReached } from '../../market/fill-rules.ts';
import { type TickGrid, tickGrid } from '../../market/tick-grid.ts';
import type { Quote } from '../../messages/market.ts';
import type { Fill } from '../../messages/order.ts';
import type { Random } from '../../runtime/ports.ts';

export interface MatchingOptions {
  /** Added against the order to the price of market and triggered stop orders. */
  readonly slippageTicks: number;
  readonly commissionBps: DecimalText;
  /** How often a match fills only a part, in [0, 1]; what is left goes on with the next quote. */
  readonly partialFillRatio: number;
  readonly random: Random;
}

/** An instrument as matching needs it. */
export interface Listing {
  readonly instrument: Instrument;
  readonly grid: TickGrid;
}

/** One order of the venue; each change is a new object. */
export interface PaperOrder {
  readonly order: VenueOrder;
  readonly acceptedAt: number;
  readonly status: 'accepted' | 'filled' | 'canceled' | 'expired' | 'rejected';
  /** A stop whose price was reached: a market order from then on. */
  readonly triggered: boolean;
  readonly fills: readonly Fill[];
  readonly leavesQuantity: DecimalText;
  readonly reason?: string;
}

const DAY_MS = 86_400_000;

export const listingOf = (instrument: Instrument): Listing => ({ instrument, grid: tickGrid(instrument.tickSize) });

/** What becomes of a new order at the present quote; `refused` is a reason to reject it in any case. */
export function acceptOrder(
  order: VenueOrder,
  listing: Listing | undefined,
  quote: Quote | undefined,
  at: number,
  options: MatchingOptions,
  refused?: string,
): PaperOrder {
  const reason = refused ?? refusal(order, listing, quote);
  const fresh: PaperOrder = {
    order,
    acceptedAt: at,
    status: 'accepted',
    triggered: false,
    fills: [],
    leavesQuantity: text(exact(order.quantity)),
  };
  if (reason !== undefined || !listing) return end(fresh, 'rejected', reason ?? `unknown instrument ${order.symbol}`);
  const matched = quote ? match(fresh, listing, quote, options, true) : fresh;
  if (order.timeInForce !== 'IOC' || matched.status !== 'accepted') return matched;
  return end(matched, 'canceled', 'immediate or cancel: the rest found no price');
}

/** What a new quote makes of an order; the same object when nothing. Expired orders don't match. */
export function matchOrder(state: PaperOrder, listing: Listing, quote: Quote, options: MatchingOptions): PaperOrder {
  if (state.status !== 'accepted') return state;
  const expired = expireOrder(state, quote.at ?? state.acceptedAt);
  return expired === state ? match(state, listing, quote, options, false) : expired;
}

/** When a resting order ends by itself: a DAY order at the next 00:00 UTC, others never. */
export function expiryOf({ order, acceptedAt }: PaperOrder): number {
  return order.timeInForce === 'DAY' ? acceptedAt - (acceptedAt % DAY_MS) + DAY_MS : Number.POSITIVE_INFINITY;
}

export function expireOrder(state: PaperOrder, at: number): PaperOrder {
  return state.status === 'accepted' && at >= expiryOf(state) ? end(state, 'expired', 'end of the UTC day') : state;
}

export function cancelOrder(state: PaperOrder): PaperOrder {
  return state.status === 'accepted' ? end(state, 'canceled', 'canceled on request') : state;
}

export function reportOf(state: PaperOrder): VenueReport {
  const { order, status, fills, reason } = state;
  const report = { orderId: order.clientOrderId, status, fills: [...fills] };
  return reason === undefined ? report : { ...report, reason };
}

function refusal(order: VenueOrder, listing: Listing | undefined, quote: Quote | undefined): string | undefined {
  if (!listing) return `unknown instrument ${order.symbol}`;
  if (!isPositive(order.quantity)) return `quantity must be positive, is ${order.quantity}`;
  if (order.orderType === 'limit' && !isPositive(order.price)) return `limit must be positive, is ${order.price}`;
  if (order.orderType === 'stop' && !(order.stopPrice && isPositive(order.stopPrice)))
    return 'a stop needs a stop price';
  if (order.orderType === 'market' && !quote) return `no quote of ${order.symbol}`;
  return undefined;
}

function end(state: PaperOrder, status: 'canceled' | 'expired' | 'rejected', reason: string): PaperOrder {
  return { ...state, status, reason };
}

function match(
  state: PaperOrder,
  { instrument, grid }: Listing,
  quote: Quote,
  options: MatchingOptions,
  arriving: boolean,
): PaperOrder {
  const { order } = state;
  const buys = order.side === 'buy';
  const oppositeTicks = grid.ticks(buys ? quote.ask : quote.bid);
  if (order.orderType === 'limit') {
    const opposite = grid.text(oppositeTicks);
    if (!limitIsMet(buys, compare(order.price, opposite))) return state;
    return fillAt(state, instrument, limitFillsAt(arriving, opposite, text(exact(order.price))), options);
  }
  const reached = order.orderType === 'market' || state.triggered || stopReached(order, grid.text(oppositeTicks));
  if (!reached) return state;
  const slippedTicks = slippedFrom(buys, oppositeTicks, options.slippageTicks, 1);
  const ready = order.orderType === 'stop' && !state.triggered ? { ...state, triggered: true } : state;
  return fillAt(ready, instrument, grid.text(slippedTicks), options);
}

const stopReached = (order: VenueOrder, opposite: DecimalText): boolean =>
  stopIsReached(order.side === 'buy', compare(opposite, order.stopPrice ?? '0'));

function fillAt(state: PaperOrder, instrument: Instrument, price: DecimalText, options: MatchingOptions): PaperOrder {
  const { order, fills, leavesQuantity } = state;
  const quantity = portion(leavesQuantity, options);
  const fill: Fill = {
    executionId: `${order.clientOrderId}-${fills.length + 1}`,
    quantity,
    price,
    commission: commissionOf(instrument, quantity, price, options.commissionBps),
  };
  const left = quantity === leavesQuantity ? '0' : minus(leavesQuantity, quantity);
  return { ...state, fills: [...fills, fill], leavesQuantity: left, status: left === '0' ? 'filled' : 'accepted' };
}

/** All of it, or with the asked-for frequency a part in the quantity's own decimals. */
function portion(quantity: DecimalText, { partialFillRatio, random }: MatchingOptions): DecimalText {
  if (partialFillRatio <= 0 || random.next() >= partialFillRatio) return quantity;
  const whole = exact(quantity);
  const part = whole.times(0.1 + 0.8 * random.next()).toDecimalPlaces(whole.decimalPlaces(), 1);
  return part.isZero() ? quantity : text(part);
}

function commissionOf(
  instrument: Instrument,
  quantity: DecimalText,
  price: DecimalText,
  bps: DecimalText,
): DecimalText {
  return bps === '0' ? '0' : roundToCent(times(times(notional(instrument, quantity, price), bps), '0.0001'));
}
