/**
 * The loop of a run over bars. In each: orders of earlier bars fill at the open, resting exits meet the bar's range, then the strategy
 * sees the closed bar. Invariant: what a bar's close decides fills at the next open at the earliest.
 */
import { type BarColumns, priceOf } from '../../market/columns.ts';
import type { BarStrategy } from '../../strategies/strategy.ts';
import type { Book } from './book.ts';
import type { CrossWatch } from './cross-watch.ts';
import { BarSight, type Present, showBar } from './present.ts';
import type { Terms } from './terms.ts';

/** What the loop works on. `now` is the close of the bar before and becomes that of the last one taken. */
export interface BarLoop {
  readonly book: Book;
  readonly strategy: BarStrategy;
  readonly terms: Terms;
  readonly now: Present;
  /** Tells the bars on which the strategy is called; undefined: on each. */
  readonly watch: CrossWatch | undefined;
}

/** So few that all of their columns stay in the nearest cache. */
const PIECE_ROWS = 512;
/** How many floats lie in one line of a cache. */
const LINE_NUMBERS = 8;

/** Takes the rows from `from` up to `to`. */
export function advanceBars(loop: BarLoop, columns: BarColumns, from: number, to: number): void {
  const bar = new BarSight(columns);
  let row = from;
  let read = 0.5;
  while (row < to) {
    const end = Math.min(to, row + PIECE_ROWS);
    read += approach(columns, row, end);
    while (row < end) {
      if (loop.book.closedNow) loop.book.settle();
      fillBefore(loop, columns, row);
      row = stepOn(loop, bar, columns, row, end);
    }
  }
  loop.watch?.rest();
  // Nobody asks for it, but without it no compiler would read.
  if (Number.isNaN(read)) throw new Error('Invariant: times and opens are numbers');
}

/**
 * Times and opens are read only where something happens, each of them a wait for memory. So one number of each of their lines is read
 * before, in a row: that costs a tenth of it.
 */
function approach({ startMs, open }: BarColumns, from: number, to: number): number {
  let sum = 0.5;
  for (let row = from; row < to; row += LINE_NUMBERS) sum += startMs[row]! + open[row]!;
  return sum;
}

/** Everything that may be due on a bar before the strategy sees it: no step changes what is held. */
function fillBefore({ book, terms, now }: BarLoop, columns: BarColumns, row: number): void {
  const { holdings } = book;
  const start = columns.startMs[row]!;
  if (start >= holdings.dayEnds) holdings.rollDay(start, now);
  const wasHeld = holdings.lots.length > 0;
  if (book.queued > 0 && book.nextDueAt <= start) {
    present(now, start, columns.open[row]!, terms);
    book.fillDue(now);
  }
  if (holdings.lots.length > 0 && holdings.hasExits) {
    const [open, low, high] = [columns.open[row]!, columns.low[row]!, columns.high[row]!];
    book.matchExitsInBar(start + columns.timeframeMs, priceOf(open), priceOf(low), priceOf(high));
  }
  if (wasHeld && holdings.lots.length === 0) {
    present(now, start + columns.timeframeMs, columns.close[row]!, terms);
    holdings.mark(now);
  }
}

/**
 * The strategy's step on this bar and on those after it, up to a wish; where exits rest or orders are on their way, on this one alone.
 * Returns the first row that was not taken.
 */
function stepOn(loop: BarLoop, bar: BarSight, columns: BarColumns, from: number, to: number): number {
  const { book, terms, now, watch } = loop;
  const isAlone = book.queued > 0 || book.holdings.hasExits;
  const end = isAlone ? from + 1 : to;
  const row = watch ? stepCued(loop, watch, bar, columns, from, end) : stepEach(loop, bar, from, end);
  value(loop, columns, from, row);
  present(now, columns.startMs[row - 1]! + columns.timeframeMs, columns.close[row - 1]!, terms);
  if (book.queued > 0) book.postpone(now, terms.latencyMs);
  return row;
}

/** The strategy sees the one bar that its cue tells. The bar that closed something has others behind it: its point of equity is not the run's last. */
function stepCued(
  { book, strategy }: BarLoop,
  watch: CrossWatch,
  bar: BarSight,
  columns: BarColumns,
  from: number,
  to: number,
): number {
  const row = watch.take(columns.close, from, to);
  if (book.closedNow && row > from + 1) book.settle();
  if (watch.cued !== 0) {
    showBar(bar, row - 1);
    strategy.bar(bar, book, watch.cued);
  }
  return row;
}

function stepEach({ book, strategy }: BarLoop, bar: BarSight, from: number, to: number): number {
  let row = from;
  do {
    showBar(bar, row);
    strategy.bar(bar, book, 0);
    row += 1;
    if (book.closedNow && row < to) book.settle();
  } while (row < to && book.queued === 0);
  return row;
}

/** What bars leave behind at their closes: days that end, and the worth of what is held on all of them. */
function value(loop: BarLoop, columns: BarColumns, from: number, to: number): void {
  const { holdings } = loop.book;
  const { startMs, close, timeframeMs } = columns;
  let row = from;
  while (row < to) {
    const start = startMs[row]!;
    if (start >= holdings.dayEnds) {
      present(loop.now, startMs[row - 1]! + timeframeMs, close[row - 1]!, loop.terms);
      holdings.rollDay(start, loop.now);
    }
    const end = startMs[to - 1]! < holdings.dayEnds ? to : dayEndIn(startMs, row + 1, holdings.dayEnds);
    if (holdings.lots.length > 0) valueHeld(loop, columns, row, end);
    row = end;
  }
}

/** The first row of another day, which is there. */
function dayEndIn(startMs: Float64Array, from: number, dayEnds: number): number {
  let row = from;
  while (startMs[row]! < dayEnds) row += 1;
  return row;
}

/** As a rule none of the closes makes a new peak: then their extremes tell all. Else each is looked at alone. */
function valueHeld({ book, terms, now }: BarLoop, columns: BarColumns, from: number, to: number): void {
  const { holdings } = book;
  const { startMs, close, timeframeMs } = columns;
  const toClosing = -holdings.side * terms.halfSpreadUnits;
  let low = close[from]!;
  let high = low;
  for (let row = from + 1; row < to; row += 1) {
    const last = close[row]!;
    if (last < low) low = last;
    else if (last > high) high = last;
  }
  if (holdings.passBelowPeak(priceOf(low + toClosing), priceOf(high + toClosing))) return;
  for (let row = from; row < to; row += 1) {
    const price = priceOf(close[row]! + toClosing);
    if (holdings.passBelowPeak(price, price)) continue;
    present(now, startMs[row]! + timeframeMs, close[row]!, terms);
    holdings.mark(now);
  }
}

/** What is wished now waits for a later price than this one. */
function present(now: Present, at: number, units: number, { halfSpreadUnits }: Terms): void {
  now.at = at;
  const price = priceOf(units);
  now.price = price;
  now.bid = halfSpreadUnits === 0 ? price : priceOf(units - halfSpreadUnits);
  now.ask = halfSpreadUnits === 0 ? price : priceOf(units + halfSpreadUnits);
}
