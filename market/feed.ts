/**
 * Decides which quotes are believed. Invariant: what passes has finite positive prices, bid ≤ ask, and per instrument a time
 * that never goes back; everything else is dropped and counted by reason. A price that jumps is believed once it has lasted: a bad tick
 * would fill orders, and be the high from which an account's fall is measured for ever. Recorded prices have happened, jumps and all.
 */
import type { Quote } from '../messages/market.ts';
import { midOf } from './bars.ts';

export const DROP_REASONS = ['not-finite', 'not-positive', 'crossed', 'out-of-order', 'jump'] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** No exchange of the house's instruments lets a price move further at once (LULD 5 to 20 %, CME 20 %). */
const JUMP_FACTOR = 1.2;
const JUMP_LASTS_MS = 5_000;

export interface QuoteFilter {
  /** True when the quote is believed; remembers its time. A recorded one may jump. */
  accepts(quote: Quote, isRecorded?: boolean): boolean;
  /** How many were dropped, by reason. */
  readonly dropped: Readonly<Record<DropReason, number>>;
}

/** Told with each quote that is doubted because it jumps, and with the first one that is believed behind such. */
export type HearDoubt = (quote: Quote, isDoubted: boolean) => void;

export function openQuoteFilter(hear: HearDoubt = () => undefined): QuoteFilter {
  const dropped: Record<DropReason, number> = {
    ...{ 'not-finite': 0, 'not-positive': 0, crossed: 0, 'out-of-order': 0, jump: 0 },
  };
  const bySymbol = new Map<string, Believed>();
  return {
    dropped,
    accepts(quote, isRecorded = false) {
      const believed = bySymbol.get(quote.symbol);
      const reason =
        unreasonable(quote, believed?.at) ?? (believed && !isRecorded ? jumped(quote, believed) : undefined);
      if (reason !== undefined) {
        dropped[reason] += 1;
        if (reason === 'jump') hear(quote, true);
        return false;
      }
      if (believed?.doubt) hear(quote, false);
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
