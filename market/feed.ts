/**
 * Decides which quotes are believed. Invariant: what passes has finite positive prices, bid ≤ ask, and per instrument a time
 * that never goes back; everything else is dropped and counted by reason. A price that jumps is believed once it has lasted: a bad tick
 * would fill orders, and be the high from which an account's fall is measured for ever.
 */
import type { Quote } from '../messages/market.ts';
import { midOf } from './bars.ts';

export const DROP_REASONS = ['not-finite', 'not-positive', 'crossed', 'out-of-order', 'jump'] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** No exchange of the house's instruments lets a price move further at once (LULD 5 to 20 %, CME 20 %). */
const JUMP_FACTOR = 1.2;
const JUMP_LASTS_MS = 5_000;

export interface QuoteFilter {
  /** True when the quote is believed; remembers its time. */
  accepts(quote: Quote): boolean;
  /** How many were dropped, by reason. */
  readonly dropped: Readonly<Record<DropReason, number>>;
}

export function openQuoteFilter(): QuoteFilter {
  const dropped: Record<DropReason, number> = {
    ...{ 'not-finite': 0, 'not-positive': 0, crossed: 0, 'out-of-order': 0, jump: 0 },
  };
  const bySymbol = new Map<string, Believed>();
  return {
    dropped,
    accepts(quote) {
      const believed = bySymbol.get(quote.symbol);
      const reason = unreasonable(quote, believed?.at) ?? (believed && jumped(quote, believed));
      if (reason !== undefined) {
        dropped[reason] += 1;
        return false;
      }
      const { symbol, last, at } = quote as Quote & { readonly at: number };
      const mid = midOf(quote);
      if (!believed) bySymbol.set(symbol, { at, mid, last, doubt: undefined });
      else {
        believed.at = at;
        believed.mid = mid;
        believed.last = last;
        believed.doubt = undefined;
      }
      return true;
    },
  };
}

interface Prices {
  readonly mid: number;
  readonly last: number;
}

/** The newest quote of an instrument that was believed, and since when other prices are quoted. */
interface Believed {
  at: number;
  mid: number;
  last: number;
  doubt: (Prices & { readonly since: number }) | undefined;
}

const isStep = (one: number, other: number): boolean => one <= other * JUMP_FACTOR && other <= one * JUMP_FACTOR;
const isNear = (mid: number, last: number, to: Prices): boolean => isStep(mid, to.mid) && isStep(last, to.last);

function jumped(quote: Quote, believed: Believed): DropReason | undefined {
  const { last, at } = quote as Quote & { readonly at: number };
  const mid = midOf(quote);
  if (isNear(mid, last, believed)) return undefined;
  const { doubt } = believed;
  if (!doubt || at < doubt.since || !isNear(mid, last, doubt)) believed.doubt = { since: at, mid, last };
  else if (at - doubt.since >= JUMP_LASTS_MS) return undefined;
  return 'jump';
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
