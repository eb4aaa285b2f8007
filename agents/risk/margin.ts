/** The initial margin that an account's positions and working orders can come to tie up. Pure and exact; asked only where a limit is set on it. */
import type { TiedMargin } from '../../controls/control.ts';
import { type Exact, exact, text } from '../../domain/decimal.ts';
import { findInstrument, tiedUp } from '../../domain/instrument.ts';
import { FLAT } from '../../domain/position.ts';
import { type Book, leaves, type Reservation, symbolValue, withReservation, workingBySymbol } from './book.ts';

/** The largest position that any set of fills can lead to, in units. */
function unitsReached(held: Exact, working: readonly Reservation[]): Exact {
  const onSide = (side: Reservation['side']) => leaves(working.filter((order) => order.side === side));
  const [longest, shortest] = [held.plus(onSide('buy')), held.minus(onSide('sell'))];
  return [longest, shortest].reduce(
    (most, reached) => (reached.abs().greaterThan(most) ? reached.abs() : most),
    held.abs(),
  );
}

function marginOf(book: Book): string {
  let sum = exact('0');
  for (const [symbol, working] of workingBySymbol(book)) {
    const held = book.positions[symbol] ?? FLAT;
    const value = text(symbolValue(symbol, held, working));
    const units = text(unitsReached(exact(held.quantity), working));
    sum = sum.plus(tiedUp(findInstrument(symbol), units, value).initial);
  }
  return text(sum);
}

/** `others` without the order that is looked at. */
export const tiedMargin = (others: Book, orderId: string, reservation: Reservation): TiedMargin => ({
  before: marginOf(others),
  withOrder: marginOf(withReservation(others, orderId, reservation)),
});
