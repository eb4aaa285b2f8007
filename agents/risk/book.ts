/**
 * What an account holds and what is set aside for its working orders. Pure and exact. Invariant: a fill at its order's price
 * or a better one, a cancel or an end never raises the exposure that was counted when the order was let through.
 */

import type { Exposure } from '../../controls/control.ts';
import { reachOf } from '../../controls/self-match.ts';
import { type ById, withEntry, withoutEntry } from '../../domain/by-id.ts';
import { compare, type Exact, exact, isPositive, isZero, minus, text } from '../../domain/decimal.ts';
import { ROUND_UP } from '../../domain/exact.ts';
import { multiplierOf } from '../../domain/instrument.ts';
import { SIDES, type Side } from '../../domain/order.ts';
import { applyFill, FLAT, type Position } from '../../domain/position.ts';
import type { OrderTicket, QuoteView } from '../../messages/common.ts';
import type { OrderFilled } from '../../messages/order.ts';

/** What an open order may still do; `price` is the one it is counted at, `amount` = price × leaves × multiplier. */
export interface Reservation {
  readonly symbol: string;
  readonly side: Side;
  readonly leavesQuantity: string;
  readonly price: string;
  readonly amount: string;
  readonly exit: boolean;
  /** The worst price at which it may trade as it works, not the counted one; absent: a stop that waits. */
  readonly reach?: string | undefined;
  /** A market order: it never rests, so that another one can't meet it. */
  readonly market?: true | undefined;
}

export interface Book {
  /** By symbol; flat ones are left out. */
  readonly positions: ById<Position>;
  /** By order id. */
  readonly reservations: ById<Reservation>;
}

export const EMPTY: Book = { positions: {}, reservations: {} };

/** Digits of a price that an amount is divided back to; rounded up, so that it is never counted too low. */
const PRICE_DIGITS = 12;

const ZERO = exact('0');

export function valued(order: Omit<Reservation, 'amount'>): Reservation {
  const { symbol, side, leavesQuantity, price, exit, reach, market } = order;
  const amount = text(exact(leavesQuantity).times(price).times(multiplierOf(symbol)));
  return { symbol, side, leavesQuantity, price, exit, reach, market, amount };
}

/** `amount` is what the order counts with; of a market order without `quote` only its stated price tells how far it reaches. */
export function reservationFor(ticket: OrderTicket, amount: string, quote?: QuoteView): Reservation {
  const { symbol, side, quantity, exit } = ticket;
  if (!isPositive(quantity)) throw new Error(`Invariant: order ${ticket.orderId} has the quantity ${quantity}`);
  const price = exact(amount).dividedBy(exact(quantity).times(multiplierOf(symbol)));
  return valued({
    symbol,
    side,
    leavesQuantity: quantity,
    price: text(price.toDecimalPlaces(PRICE_DIGITS, ROUND_UP)),
    exit,
    reach: reachOf({ ticket, quote }) ?? (ticket.orderType === 'stop' ? undefined : ticket.price),
    market: ticket.orderType === 'market' ? true : undefined,
  });
}

export function withReservation(book: Book, orderId: string, reservation: Reservation): Book {
  return { positions: book.positions, reservations: withEntry(book.reservations, orderId, reservation) };
}

export function withoutReservation(book: Book, orderId: string): Book {
  const reservations = withoutEntry(book.reservations, orderId);
  return reservations === book.reservations ? book : { positions: book.positions, reservations };
}

/** What a fill makes of a book. */
export interface Moved extends Book {
  /** Profit that it realised, commission not deducted. */
  readonly realized: Exact;
}

/** Moves the position, whether the order is known or not, and counts its reservation down. */
export function withFill(book: Book, fill: OrderFilled): Moved {
  const { symbol, orderId } = fill;
  const before = book.positions[symbol] ?? FLAT;
  const position = applyFill(before, fill, multiplierOf(symbol));
  const positions = isZero(position.quantity)
    ? withoutEntry(book.positions, symbol)
    : withEntry(book.positions, symbol, position);
  const { realizedPnl } = position;
  const realized = realizedPnl === before.realizedPnl ? ZERO : exact(realizedPnl).minus(before.realizedPnl);
  return { positions, reservations: countedDown(book.reservations, orderId, fill), realized };
}

function countedDown(reservations: Book['reservations'], orderId: string, fill: OrderFilled): Book['reservations'] {
  const reservation = reservations[orderId];
  if (!reservation) return reservations;
  const leavesQuantity = minus(reservation.leavesQuantity, fill.quantity);
  return fill.end || compare(leavesQuantity, '0') <= 0
    ? withoutEntry(reservations, orderId)
    : withEntry(reservations, orderId, valued({ ...reservation, leavesQuantity }));
}

/** What works in a symbol beside the order that is looked at. */
function workingIn({ reservations }: Book, symbol: string, except: string): readonly Reservation[] {
  const working: Reservation[] = [];
  for (const orderId in reservations) {
    const order = reservations[orderId]!;
    if (order.symbol === symbol && orderId !== except) working.push(order);
  }
  return working;
}

const larger = (a: Exact, b: Exact): Exact => (b.greaterThan(a) ? b : a);
export const leaves = (orders: readonly Reservation[]): Exact =>
  orders.reduce((sum, order) => sum.plus(order.leavesQuantity), ZERO);

/**
 * Value of a position if everything that works on `side` fills. What closes first costs nothing; what opens beyond zero counts
 * at the highest price of its orders, because it isn't known which of them fills last.
 */
function sideValue(symbol: string, held: Position, working: readonly Reservation[], side: Side): Exact {
  const orders = working.filter((order) => order.side === side);
  const quantity = exact(held.quantity);
  const against = !quantity.isZero() && quantity.isNegative() === (side === 'buy');
  if (!against) return orders.reduce((sum, order) => sum.plus(order.amount), exact(held.cost).abs());
  const opening = leaves(orders).minus(quantity.abs());
  if (opening.isNegative() || opening.isZero()) return ZERO;
  const highest = orders.reduce((price, order) => larger(price, exact(order.price)), ZERO);
  return opening.times(highest).times(multiplierOf(symbol));
}

/** The largest position in a symbol, at cost and order prices, that any set of fills can lead to. */
export function symbolValue(symbol: string, held: Position, working: readonly Reservation[]): Exact {
  const atCost = exact(held.cost).abs();
  if (working.length === 0) return atCost;
  return SIDES.reduce((value, side) => larger(value, sideValue(symbol, held, working, side)), atCost);
}

function isAlone({ positions, reservations }: Book, symbol: string): boolean {
  for (const other in positions) if (other !== symbol) return false;
  for (const orderId in reservations) if (reservations[orderId]!.symbol !== symbol) return false;
  return true;
}

/** What works in each symbol that is held or worked in, `except` left out. */
export function workingBySymbol(book: Book, except?: string): ReadonlyMap<string, readonly Reservation[]> {
  const working = new Map<string, Reservation[]>();
  for (const symbol in book.positions) if (symbol !== except) working.set(symbol, []);
  for (const orderId in book.reservations) {
    const order = book.reservations[orderId]!;
    if (order.symbol === except) continue;
    const orders = working.get(order.symbol);
    if (orders) orders.push(order);
    else working.set(order.symbol, [order]);
  }
  return working;
}

/** What all other symbols than `except` can be worth together. */
function grossOfOthers(book: Book, except: string | undefined): Exact {
  if (except !== undefined && isAlone(book, except)) return ZERO;
  let gross = ZERO;
  for (const [symbol, orders] of workingBySymbol(book, except))
    gross = gross.plus(symbolValue(symbol, book.positions[symbol] ?? FLAT, orders));
  return gross;
}

export const grossExposure = (book: Book): string => text(grossOfOthers(book, undefined));

/** What the controls are told about `book`, in which the order `orderId` has or would have `reservation`. */
export function exposureOf(book: Book, orderId: string, reservation: Reservation): Exposure {
  const { symbol, side } = reservation;
  const held = book.positions[symbol] ?? FLAT;
  const working = workingIn(book, symbol, orderId);
  const before = symbolValue(symbol, held, working);
  const along = sideValue(symbol, held, [...working, reservation], side);
  const others = grossOfOthers(book, symbol);
  return {
    position: held.quantity,
    workingBuy: workingOn(working, 'buy'),
    workingSell: workingOn(working, 'sell'),
    gross: text(others.plus(before)),
    // An order never lowers its own side's value, and leaves the other side's as it is.
    grossWithOrder: text(others.plus(larger(before, along))),
    sideValueWithOrder: text(along),
    opposing: opposing(working, reservation),
  };
}

const workingOn = (working: readonly Reservation[], side: Side): string =>
  working.length === 0 ? '0' : text(leaves(working.filter((order) => order.side === side)));

/**
 * The nearest price that an order on the other side reaches; a stop trades with nothing before its price has come, and two market
 * orders trade with the market, never with one another.
 */
function opposing(working: readonly Reservation[], { side, market }: Reservation): string | undefined {
  let nearest: string | undefined;
  for (const order of working) {
    const { reach } = order;
    if (order.side === side || reach === undefined || (market && order.market)) continue;
    const isNearer = nearest === undefined || compare(reach, nearest) === (side === 'buy' ? -1 : 1);
    if (isNearer) nearest = reach;
  }
  return nearest;
}
