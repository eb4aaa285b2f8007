/**
 * The loop of a run over ticks. In each: exits that rest, orders that are due, the strategy's step with the scalars of this tick, its
 * wishes. Invariant: nothing reads a row beyond the present one, and nothing is allocated unless something happens.
 */
import { midUnits, PRICE_SCALE, priceOf, type TickColumns } from '../../market/columns.ts';
import { asPrice, PRICE_TOLERANCE } from '../../strategies/prices.ts';
import type { TickStrategy } from '../../strategies/strategy.ts';
import type { Book } from './book.ts';
import { type Present, showVolume, showVolumes } from './present.ts';
import type { Terms } from './terms.ts';

/** What the loop works on. `now` is the row before and becomes the last one taken. */
export interface TickLoop {
  readonly book: Book;
  readonly strategy: TickStrategy;
  readonly terms: Terms;
  readonly now: Present;
  /** The sides are the tick's own price, whatever was quoted; a spread that was asked for lies round it. */
  readonly fillsAtPrice: boolean;
}

/** Takes the rows from `from` up to `to`. */
export function advanceTicks(loop: TickLoop, columns: TickColumns, from: number, to: number): void {
  const { book, now } = loop;
  showVolumes(now, columns.volume);
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
  return isPrinted(loop, columns) ? passPrints(loop, columns, from, to) : passQuotes(loop, columns, from, to);
}

/** Are both sides told by the print? */
const isPrinted = ({ fillsAtPrice }: TickLoop, { kind }: TickColumns): boolean =>
  kind === 'prints' || (fillsAtPrice && kind === 'both');

/** Both sides follow from the print: one pair of comparisons watches them. */
function passPrints({ book, strategy, terms, now }: TickLoop, columns: TickColumns, from: number, to: number): number {
  const { atMs, price } = columns;
  const { holdings } = book;
  const { halfSpreadUnits } = terms;
  const { dayEnds } = holdings;
  const toClosing = -holdings.side * priceOf(halfSpreadUnits);
  // A tick that may meet an exit is looked at alone, at the very price of its sides.
  const floor = holdings.floor - toClosing + PRICE_TOLERANCE;
  const ceiling = holdings.ceiling - toClosing - PRICE_TOLERANCE;
  let low = 1e300;
  let high = -1e300;
  let row = from;
  for (; row < to && book.queued === 0; row += 1) {
    const at = atMs[row]!;
    const units = price[row]!;
    const last = units / PRICE_SCALE;
    if (at >= dayEnds) break;
    if (last < low || last > high) {
      if (last <= floor || last >= ceiling) break;
      if (last < low) low = last;
      if (last > high) high = last;
    }
    now.at = at;
    now.bid = halfSpreadUnits === 0 ? last : (units - halfSpreadUnits) / PRICE_SCALE;
    now.ask = halfSpreadUnits === 0 ? last : (units + halfSpreadUnits) / PRICE_SCALE;
    now.price = last;
    showVolume(now, row);
    strategy.tick(now, book);
  }
  if (row > from) afterQuiet(book, terms, now, asPrice(low + toClosing), asPrice(high + toClosing));
  return row;
}

function passQuotes(loop: TickLoop, columns: TickColumns, from: number, to: number): number {
  const { book, strategy, terms, now, fillsAtPrice } = loop;
  const { atMs, price, bid, ask } = columns;
  const { holdings } = book;
  const { halfSpreadUnits } = terms;
  const { dayEnds, floor, ceiling } = holdings;
  const isMid = columns.kind === 'quotes';
  const closesAtAsk = holdings.side < 0;
  let low = 1e300;
  let high = -1e300;
  let row = from;
  for (; row < to && book.queued === 0; row += 1) {
    const at = atMs[row]!;
    const last = isMid ? midUnits(bid[row]!, ask[row]!) : price[row]!;
    const bidNow = ((fillsAtPrice ? last : bid[row]!) - halfSpreadUnits) / PRICE_SCALE;
    const askNow = ((fillsAtPrice ? last : ask[row]!) + halfSpreadUnits) / PRICE_SCALE;
    const closing = closesAtAsk ? askNow : bidNow;
    if (at >= dayEnds) break;
    if (closing < low || closing > high) {
      if (closing <= floor || closing >= ceiling) break;
      if (closing < low) low = closing;
      if (closing > high) high = closing;
    }
    now.at = at;
    now.bid = bidNow;
    now.ask = askNow;
    now.price = last / PRICE_SCALE;
    showVolume(now, row);
    strategy.tick(now, book);
  }
  if (row > from) afterQuiet(book, terms, now, low, high);
  return row;
}

/** What ticks without anything else leave behind: their extremes, and what the last one wished. */
function afterQuiet(book: Book, { latencyMs }: Terms, now: Present, low: number, high: number): void {
  book.holdings.pass(low, high);
  if (book.queued === 0) return;
  book.accept(now, latencyMs);
  book.holdings.mark(now);
}

/** One tick with everything that may be due on it. */
function takeOne(loop: TickLoop, columns: TickColumns, row: number): void {
  const { book, strategy, terms, now } = loop;
  const { holdings } = book;
  const { halfSpreadUnits, latencyMs } = terms;
  const at = columns.atMs[row]!;
  if (at >= holdings.dayEnds) holdings.rollDay(at, now);
  if (book.closedNow) book.settle();
  const bid = columns.bid[row]!;
  const ask = columns.ask[row]!;
  const price = columns.kind === 'quotes' ? midUnits(bid, ask) : columns.price[row]!;
  const atPrice = loop.fillsAtPrice || isPrinted(loop, columns);
  now.at = at;
  now.bid = ((atPrice ? price : bid) - halfSpreadUnits) / PRICE_SCALE;
  now.ask = ((atPrice ? price : ask) + halfSpreadUnits) / PRICE_SCALE;
  now.price = price / PRICE_SCALE;
  showVolume(now, row);
  book.matchExits(now);
  if (at >= book.nextDueAt) book.fillDue(now);
  strategy.tick(now, book);
  if (book.queued > 0) book.accept(now, latencyMs);
  holdings.mark(now);
}
