/**
 * The loop of a run over bars. In each: orders of earlier bars fill at the open, resting exits meet the bar's range, then the strategy
 * sees the closed bar. Invariant: what a bar's close decides fills at the next open at the earliest.
 */
import { type BarColumns, PRICE_SCALE } from '../../market/columns.ts';
import type { BarStrategy } from '../../strategies/strategy.ts';
import type { Book } from './book.ts';
import type { Present } from './present.ts';
import type { Terms } from './terms.ts';

/** Takes the rows from `from` up to `to`; `now` is the bar before and becomes the last one. */
export function advanceBars(
  book: Book,
  strategy: BarStrategy,
  terms: Terms,
  now: Present,
  columns: BarColumns,
  from: number,
  to: number,
): void {
  const { startMs, timeframeMs, open, high, low, close, volume } = columns;
  const { holdings } = book;
  const { halfSpread, latencyMs } = terms;
  for (let row = from; row < to; row += 1) {
    const start = startMs[row]!;
    if (start >= holdings.dayEnds) holdings.rollDay(start, now);
    if (book.closedNow) book.settle();
    now.at = start;
    now.open = open[row]! / PRICE_SCALE;
    now.high = high[row]! / PRICE_SCALE;
    now.low = low[row]! / PRICE_SCALE;
    now.close = close[row]! / PRICE_SCALE;
    now.volume = volume[row]!;
    now.price = now.open;
    let isWatched = false;
    if (book.queued > 0 && start >= book.nextDueAt) {
      now.bid = now.open - halfSpread;
      now.ask = now.open + halfSpread;
      book.fillDue(now);
      isWatched = true;
    }
    now.at = start + timeframeMs;
    if (book.openEntries > 0 && holdings.hasExits) {
      book.matchExitsInBar(now.at, now.open, now.low, now.high);
      isWatched = true;
    }
    now.price = now.close;
    now.bid = now.close - halfSpread;
    now.ask = now.close + halfSpread;
    strategy.bar(now, book);
    // The close is over: what it decided waits for the next bar's open.
    if (book.queued > 0) book.postpone(now, latencyMs);
    if (isWatched || holdings.isWatched(now)) holdings.mark(now);
  }
}
