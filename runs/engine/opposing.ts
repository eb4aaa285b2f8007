/**
 * Layers of one run that hold against each other: the account holds only what is left of them. Invariant: what closes inside the run closes in
 * pairs of the same units at one price, so that each pair adds up to what the account has made of it, and no order is needed for it.
 */
import { asPrice } from '../../strategies/prices.ts';
import type { Book } from './book.ts';
import type { Lot } from './holdings.ts';

/** Units under this are the dust of sums of floats. */
export const DUST = 1e-9;

/** What the account holds of it all: long is positive, and dust is nothing. */
export function netOf(lots: readonly Lot[]): number {
  const net = lots.reduce((sum, { entry }) => sum + entry.direction * entry.units, 0);
  return Math.abs(net) > DUST ? net : 0;
}

/** So many units of a lot, as one of its own where there are more of it. */
export function partOf(book: Book, lot: Lot, units: number): Lot {
  if (units + DUST >= lot.entry.units) return lot;
  book.openEntries += 1;
  return book.holdings.split(lot, units);
}

/** Of the first layer on the side that more is held of: its lots, and how many units of them the account holds. Empty where the sides are even. */
export function heaviest(lots: readonly Lot[]): { readonly lots: readonly Lot[]; readonly units: number } {
  const net = netOf(lots);
  const heavier = lots.filter(({ entry }) => entry.direction * net > 0);
  return { lots: heavier.filter(({ entry }) => entry.layer === heavier[0]?.entry.layer), units: Math.abs(net) };
}

/** Closes what is long against what is short, the oldest first, in the middle of these prices. */
export function closeOpposed(
  book: Book,
  { bid, ask }: { readonly bid: number; readonly ask: number },
  at: number,
): void {
  const { lots } = book.holdings;
  const price = asPrice((bid + ask) / 2);
  for (;;) {
    const long = lots.find(({ entry }) => entry.direction > 0);
    const short = lots.find(({ entry }) => entry.direction < 0);
    if (!long || !short) return;
    const units = Math.min(long.entry.units, short.entry.units);
    for (const lot of [long, short]) book.release(partOf(book, lot, units), at, price, lot.closing ?? 'end', 0);
  }
}
