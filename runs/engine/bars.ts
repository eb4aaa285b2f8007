/**
 * The loop of a run over bars. In each: orders of earlier bars fill at the open, resting exits meet the bar's range, then the strategy
 * sees the closed bar. Invariant: what a bar's close decides fills at the next open at the earliest.
 */
import { type BarColumns, PRICE_SCALE, priceOf } from '../../market/columns.ts';
import type { BarStrategy } from '../../strategies/strategy.ts';
import type { Book } from './book.ts';
import { BarSight, type Present } from './present.ts';
import type { Terms } from './terms.ts';

/** What the loop works on. `now` is the close of the bar before and becomes that of the last one taken. */
export interface BarLoop {
  readonly book: Book;
  readonly strategy: BarStrategy;
  readonly terms: Terms;
  readonly now: Present;
}

/** Takes the rows from `from` up to `to`. */
export function advanceBars(loop: BarLoop, columns: BarColumns, from: number, to: number): void {
  const { book } = loop;
  const bar = new BarSight(columns);
  let row = from;
  while (row < to) {
    if (book.closedNow) book.settle();
    if (book.queued === 0 && !book.holdings.hasExits) row = passQuiet(loop, bar, columns, row, to);
    if (row < to) {
      takeOne(loop, bar, columns, row);
      row += 1;
    }
  }
}

/**
 * Bars on which nothing but the strategy's step is due. Returns the first row that it has not taken: the next day's, one that may make
 * a new peak, or the one after a wish.
 */
function passQuiet(loop: BarLoop, bar: BarSight, columns: BarColumns, from: number, to: number): number {
  const { book, strategy, terms } = loop;
  const { holdings } = book;
  const { startMs, open, close } = columns;
  const { dayEnds } = holdings;
  const toClosing = -holdings.side * terms.halfSpread;
  const floor = holdings.floor - toClosing;
  const ceiling = holdings.ceiling - toClosing;
  let low = 1e300;
  let high = -1e300;
  let row = from;
  for (; row < to && book.queued === 0; row += 1) {
    const last = close[row]! / PRICE_SCALE;
    if (startMs[row]! >= dayEnds) break;
    if (last < low || last > high) {
      if (last <= floor || last >= ceiling) break;
      if (last < low) low = last;
      if (last > high) high = last;
    }
    bar.show(row, open[row]! / PRICE_SCALE, last);
    strategy.bar(bar, book);
  }
  if (row > from) {
    holdings.pass(low + toClosing, high + toClosing);
    closeBar(loop, columns, row - 1);
  }
  return row;
}

/** One bar with everything that may be due on it. */
function takeOne(loop: BarLoop, bar: BarSight, columns: BarColumns, row: number): void {
  const { book, strategy, terms, now } = loop;
  const { holdings } = book;
  const { halfSpread } = terms;
  const start = columns.startMs[row]!;
  if (start >= holdings.dayEnds) holdings.rollDay(start, now);
  const isHeld = holdings.lots.length > 0;
  bar.show(row, priceOf(columns.open[row]!), priceOf(columns.close[row]!));
  if (book.queued > 0 && book.nextDueAt <= start) {
    now.at = start;
    now.price = bar.open;
    now.bid = now.price - halfSpread;
    now.ask = now.price + halfSpread;
    book.fillDue(now);
  }
  if (holdings.hasExits) {
    book.matchExitsInBar(bar.at, bar.open, bar.low, bar.high);
  }
  strategy.bar(bar, book);
  closeBar(loop, columns, row);
  if (isHeld || holdings.lots.length > 0) holdings.mark(now);
}

/** The present is this bar's close; what was wished in it waits for the next open. */
function closeBar({ book, terms, now }: BarLoop, columns: BarColumns, row: number): void {
  now.at = columns.startMs[row]! + columns.timeframeMs;
  now.price = columns.close[row]! / PRICE_SCALE;
  now.bid = now.price - terms.halfSpread;
  now.ask = now.price + terms.halfSpread;
  if (book.queued > 0) book.postpone(now, terms.latencyMs);
}
