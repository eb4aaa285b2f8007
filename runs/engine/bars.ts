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
  const bar = new BarSight(columns);
  let row = from;
  while (row < to) {
    if (loop.book.closedNow) loop.book.settle();
    fillBefore(loop, bar, columns, row);
    row = stepOn(loop, bar, columns, row, to);
  }
}

/** Everything that may be due on a bar before the strategy sees it, and the worth at its close: no step changes what is held. */
function fillBefore({ book, terms, now }: BarLoop, bar: BarSight, columns: BarColumns, row: number): void {
  const { holdings } = book;
  const start = columns.startMs[row]!;
  if (start >= holdings.dayEnds) holdings.rollDay(start, now);
  const isHeld = holdings.lots.length > 0;
  if (book.queued > 0 && book.nextDueAt <= start) {
    present(now, start, columns.open[row]!, terms);
    book.fillDue(now);
  }
  if (holdings.hasExits) {
    bar.show(row, priceOf(columns.open[row]!), priceOf(columns.close[row]!));
    book.matchExitsInBar(bar.at, bar.open, bar.low, bar.high);
  }
  if (!isHeld && holdings.lots.length === 0) return;
  present(now, start + columns.timeframeMs, columns.close[row]!, terms);
  holdings.mark(now);
}

/**
 * The strategy's step on this bar and on those after it on which nothing else is due: up to a wish, the next day, a resting exit or a
 * bar that may make a new peak. Returns the first row that it has not taken.
 */
function stepOn(loop: BarLoop, bar: BarSight, columns: BarColumns, from: number, to: number): number {
  const { book, strategy, terms, now } = loop;
  const { holdings } = book;
  const { startMs, open, close } = columns;
  const { dayEnds, hasExits } = holdings;
  const toClosing = -holdings.side * terms.halfSpread;
  const floor = holdings.floor - toClosing;
  const ceiling = holdings.ceiling - toClosing;
  let low = 1e300;
  let high = -1e300;
  let row = from;
  let last = close[row]! / PRICE_SCALE;
  for (;;) {
    bar.show(row, open[row]! / PRICE_SCALE, last);
    strategy.bar(bar, book);
    row += 1;
    if (row >= to || book.queued > 0 || hasExits || startMs[row]! >= dayEnds) break;
    last = close[row]! / PRICE_SCALE;
    if (last < low || last > high) {
      if (last <= floor || last >= ceiling) break;
      if (last < low) low = last;
      if (last > high) high = last;
    }
  }
  if (high >= low) holdings.pass(low + toClosing, high + toClosing);
  // The bar that closed something has others behind it: its point of equity is not the run's last.
  if (book.closedNow && row > from + 1) book.settle();
  present(now, startMs[row - 1]! + columns.timeframeMs, close[row - 1]!, terms);
  if (book.queued > 0) book.postpone(now, terms.latencyMs);
  return row;
}

/** What is wished now waits for a later price than this one. */
function present(now: Present, at: number, points: number, { halfSpread }: Terms): void {
  const price = points / PRICE_SCALE;
  now.at = at;
  now.price = price;
  now.bid = price - halfSpread;
  now.ask = price + halfSpread;
}
