/**
 * What an account holds and what is set aside for its working orders. Pure and exact. Invariant: a fill at its order's price
 * or a better one, a cancel or an end never raises the exposure that was counted when the order was let through.
 */
import { ROUND_UP } from '../../domain/exact.ts';
import type { Exposure } from '../../controls/control.ts';
import { absolute, compare, exact, isPositive, isZero, max, minus, plus, text, times } from '../../domain/decimal.ts';
import { findInstrument } from '../../domain/instrument.ts';
import { SIDES, type Side } from '../../domain/order.ts';
import { applyFill, FLAT, type Position } from '../../domain/position.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { OrderFilled } from '../../messages/order.ts';

/** What an open order may still do; `price` is the one it is counted at, `amount` = price × leaves × multiplier. */
export interface Reservation {
  readonly symbol: string;
  readonly side: Side;
  readonly leavesQuantity: string;
  readonly price: string;
  readonly amount: string;
  readonly exit: boolean;
}

export interface Book {
  /** By symbol; flat ones are left out. */
  readonly positions: Readonly<Record<string, Position>>;
  /** By order id. */
  readonly reservations: Readonly<Record<string, Reservation>>;
}

export const EMPTY: Book = { positions: {}, reservations: {} };

/** Digits of a price that an amount is divided back to; rounded up, so that it is never counted too low. */
const PRICE_DIGITS = 12;

const multiplierOf = (symbol: string): string => findInstrument(symbol)?.multiplier ?? '1';
const sum = (values: readonly string[]): string => values.reduce(plus, '0');

function valued(reservation: Omit<Reservation, 'amount'>): Reservation {
  const { leavesQuantity, price, symbol } = reservation;
  return { ...reservation, amount: times(times(leavesQuantity, price), multiplierOf(symbol)) };
}

export function reservationFor(ticket: OrderTicket, amount: string): Reservation {
  const { symbol, side, quantity, exit } = ticket;
  if (!isPositive(quantity)) throw new Error(`Invariant: order ${ticket.orderId} has the quantity ${quantity}`);
  const price = exact(amount).dividedBy(times(quantity, multiplierOf(symbol)));
  return valued({
    symbol,
    side,
    leavesQuantity: quantity,
    price: text(price.toDecimalPlaces(PRICE_DIGITS, ROUND_UP)),
    exit,
  });
}

export function withReservation(book: Book, orderId: string, reservation: Reservation): Book {
  return { ...book, reservations: { ...book.reservations, [orderId]: reservation } };
}

export function withoutReservation(book: Book, orderId: string): Book {
  if (!(orderId in book.reservations)) return book;
  const { [orderId]: _freed, ...reservations } = book.reservations;
  return { ...book, reservations };
}

/** Moves the position, whether the order is known or not, and counts its reservation down. */
export function withFill(book: Book, fill: OrderFilled): Book {
  const { symbol, orderId } = fill;
  const position = applyFill(book.positions[symbol] ?? FLAT, fill, multiplierOf(symbol));
  const { [symbol]: _before, ...others } = book.positions;
  const positions = isZero(position.quantity) ? others : { ...others, [symbol]: position };
  const reservation = book.reservations[orderId];
  if (!reservation) return { ...book, positions };
  const leavesQuantity = minus(reservation.leavesQuantity, fill.quantity);
  const moved = { ...book, positions };
  return fill.end || compare(leavesQuantity, '0') <= 0
    ? withoutReservation(moved, orderId)
    : withReservation(moved, orderId, valued({ ...reservation, leavesQuantity }));
}

function working(book: Book, symbol: string, side: Side): readonly Reservation[] {
  return Object.values(book.reservations).filter((order) => order.symbol === symbol && order.side === side);
}

/**
 * Value of the position in `symbol` if everything that works on `side` fills. What closes first costs nothing; what opens
 * beyond zero counts at the highest price of its orders, because it isn't known which of them fills last.
 */
function sideValue(book: Book, symbol: string, side: Side): string {
  const orders = working(book, symbol, side);
  const { quantity, cost } = book.positions[symbol] ?? FLAT;
  const against = exact(quantity).isNegative() === (side === 'buy') && !isZero(quantity);
  if (!against) return plus(absolute(cost), sum(orders.map((order) => order.amount)));
  const opening = max('0', minus(sum(orders.map((order) => order.leavesQuantity)), absolute(quantity)));
  return times(times(opening, orders.map((order) => order.price).reduce(max, '0')), multiplierOf(symbol));
}

/** Sum over all symbols of the largest position, at cost and order prices, that any set of fills can lead to. */
export function grossExposure(book: Book): string {
  const symbols = new Set([
    ...Object.keys(book.positions),
    ...Object.values(book.reservations).map((order) => order.symbol),
  ]);
  return sum(
    [...symbols].map((symbol) =>
      SIDES.map((side) => sideValue(book, symbol, side)).reduce(max, absolute(book.positions[symbol]?.cost ?? '0')),
    ),
  );
}

/** What the controls are told about `book`, to which the order `orderId` with `reservation` would come. */
export function exposureOf(book: Book, orderId: string, reservation: Reservation): Exposure {
  const { symbol, side } = reservation;
  const quantityOf = (of: Side) => sum(working(book, symbol, of).map((order) => order.leavesQuantity));
  const withOrder = withReservation(book, orderId, reservation);
  return {
    position: book.positions[symbol]?.quantity ?? '0',
    workingBuy: quantityOf('buy'),
    workingSell: quantityOf('sell'),
    gross: grossExposure(book),
    grossWithOrder: grossExposure(withOrder),
    sideValueWithOrder: sideValue(withOrder, symbol, side),
  };
}
