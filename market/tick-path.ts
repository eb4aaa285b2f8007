/**
 * The way of a tick before the message world: reasonability, then bars, then the quote itself. Invariant: a bar is told before
 * the quote that closed it, and an unreasonable quote is told to nobody: of one that jumps only that prices are doubted.
 */
import type { Bar, Doubt, Quote } from '../messages/market.ts';
import { midOf, openBarBuilder } from './bars.ts';
import { type DropReason, openQuoteFilter } from './feed.ts';

export interface TickPath {
  /** True when the quote was believed. A recorded one may jump. */
  tick(quote: Quote, isRecorded?: boolean): boolean;
  readonly dropped: Readonly<Record<DropReason, number>>;
}

export function openTickPath(timeframesMs: readonly number[], tell: (message: Bar | Doubt | Quote) => void): TickPath {
  const filter = openQuoteFilter(({ symbol, at, bid, ask, last }, isDoubted) =>
    tell({ type: 'market.doubt', symbol, at, isDoubted, bid, ask, last }),
  );
  const builders = timeframesMs.map(openBarBuilder);
  return {
    dropped: filter.dropped,
    tick(quote, isRecorded) {
      if (!filter.accepts(quote, isRecorded)) return false;
      for (const builder of builders) {
        const bar = builder.tick(quote.symbol, quote.at as number, midOf(quote), quote.volume ?? 0);
        if (bar) tell(bar);
      }
      tell(quote);
      return true;
    },
  };
}
