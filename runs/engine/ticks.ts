/**
 * The loop of a run over ticks. In each: exits that rest, orders that are due, the strategy's step with the scalars of this tick, its
 * wishes. Invariant: nothing reads a row beyond the present one, and nothing is allocated unless something happens.
 */
import { PRICE_SCALE, type TickColumns } from '../../market/columns.ts';
import type { TickStrategy } from '../../strategies/strategy.ts';
import type { Book } from './book.ts';
import type { Present } from './present.ts';
import type { Terms } from './terms.ts';

/** What the loop works on. `now` is the row before and becomes the last one taken. */
export interface TickLoop {
  readonly book: Book;
  readonly strategy: TickStrategy;
  readonly terms: Terms;
  readonly now: Present;
}

/** Takes the rows from `from` up to `to`. */
export function advanceTicks(loop: TickLoop, columns: TickColumns, from: number, to: number): void {
  const { book } = loop;
  let row = from;
  while (row < to) {
    if (!book.closedNow && book.queued === 0) row = passQuiet(loop, columns, row, to);
    if (row < to) {
      takeOne(loop, columns, row);
      row += 1;
    }
  }
}

/**
 * Ticks on which nothing but the strategy's step is due, so that all that is watched for stays in registers. Returns the first row that
 * it has not taken: the next day's, one that may meet an exit or an extreme, or the one after a wish.
 */
function passQuiet(loop: TickLoop, columns: TickColumns, from: number, to: number): number {
  return columns.kind === 'prints' ? passPrints(loop, columns, from, to) : passQuotes(loop, columns, from, to);
}

/** Both sides follow from the print: one pair of comparisons watches them. */
function passPrints({ book, strategy, terms, now }: TickLoop, columns: TickColumns, from: number, to: number): number {
  const { atMs, price } = columns;
  const { dayEnds, bidFloor, bidCeiling, askFloor, askCeiling } = book.holdings;
  const { halfSpread } = terms;
  const floor = Math.max(bidFloor + halfSpread, askFloor - halfSpread);
  const ceiling = Math.min(bidCeiling + halfSpread, askCeiling - halfSpread);
  for (let row = from; row < to; row += 1) {
    const at = atMs[row]!;
    const last = price[row]! / PRICE_SCALE;
    if (last <= floor || last >= ceiling || at >= dayEnds) return row;
    now.at = at;
    now.bid = last - halfSpread;
    now.ask = last + halfSpread;
    now.price = last;
    strategy.tick(now, book);
    if (book.queued > 0) return afterWish(book, terms, now, row);
  }
  return to;
}

function passQuotes({ book, strategy, terms, now }: TickLoop, columns: TickColumns, from: number, to: number): number {
  const { atMs, price, bid, ask } = columns;
  const { dayEnds, bidFloor, bidCeiling, askFloor, askCeiling } = book.holdings;
  const { halfSpread } = terms;
  const isMid = columns.kind === 'quotes';
  for (let row = from; row < to; row += 1) {
    const at = atMs[row]!;
    const bidNow = bid[row]! / PRICE_SCALE - halfSpread;
    const askNow = ask[row]! / PRICE_SCALE + halfSpread;
    if (at >= dayEnds || bidNow <= bidFloor || bidNow >= bidCeiling || askNow <= askFloor || askNow >= askCeiling)
      return row;
    now.at = at;
    now.bid = bidNow;
    now.ask = askNow;
    now.price = isMid ? (bidNow + askNow) / 2 : price[row]! / PRICE_SCALE;
    strategy.tick(now, book);
    if (book.queued > 0) return afterWish(book, terms, now, row);
  }
  return to;
}

function afterWish(book: Book, { latencyMs }: Terms, now: Present, row: number): number {
  book.accept(now, latencyMs);
  book.holdings.mark(now);
  return row + 1;
}

/** One tick with everything that may be due on it. */
function takeOne({ book, strategy, terms, now }: TickLoop, columns: TickColumns, row: number): void {
  const { holdings } = book;
  const { halfSpread, latencyMs } = terms;
  const at = columns.atMs[row]!;
  if (at >= holdings.dayEnds) holdings.rollDay(at, now);
  if (book.closedNow) book.settle();
  const isQuoted = columns.kind !== 'prints';
  now.at = at;
  now.price = columns.price[row]! / PRICE_SCALE;
  now.bid = (isQuoted ? columns.bid[row]! / PRICE_SCALE : now.price) - halfSpread;
  now.ask = (isQuoted ? columns.ask[row]! / PRICE_SCALE : now.price) + halfSpread;
  if (columns.kind === 'quotes') now.price = (now.bid + now.ask) / 2;
  book.matchExits(now);
  if (at >= book.nextDueAt) book.fillDue(now);
  strategy.tick(now, book);
  if (book.queued > 0) book.accept(now, latencyMs);
  holdings.mark(now);
}
