/**
 * Decides which quotes are believed. Invariant: what passes has finite positive prices, bid ≤ ask, and per instrument a time
 * that never goes back; everything else is dropped and counted by reason.
 */
import type { Quote } from '../messages/market.ts';

export const DROP_REASONS = ['not-finite', 'not-positive', 'crossed', 'out-of-order'] as const;
export type DropReason = (typeof DROP_REASONS)[number];

export interface QuoteFilter {
  /** True when the quote is believed; remembers its time. */
  accepts(quote: Quote): boolean;
  /** How many were dropped, by reason. */
  readonly dropped: Readonly<Record<DropReason, number>>;
}

export function openQuoteFilter(): QuoteFilter {
  const dropped: Record<DropReason, number> = { 'not-finite': 0, 'not-positive': 0, crossed: 0, 'out-of-order': 0 };
  const newestAt = new Map<string, number>();
  return {
    dropped,
    accepts(quote) {
      const reason = unreasonable(quote, newestAt.get(quote.symbol));
      if (reason !== undefined) {
        dropped[reason] += 1;
        return false;
      }
      newestAt.set(quote.symbol, quote.at as number);
      return true;
    },
  };
}

/** A quote without a time has no place in the order of quotes. */
function unreasonable(quote: Quote, newestAt: number | undefined): DropReason | undefined {
  const { bid, ask, last } = quote;
  const at = quote.at ?? Number.NaN;
  if (!(Number.isFinite(bid) && Number.isFinite(ask) && Number.isFinite(last) && Number.isFinite(at))) {
    return 'not-finite';
  }
  if (bid <= 0 || ask <= 0 || last <= 0) return 'not-positive';
  if (bid > ask) return 'crossed';
  if (newestAt !== undefined && at < newestAt) return 'out-of-order';
  return undefined;
}
