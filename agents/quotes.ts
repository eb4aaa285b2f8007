/** What an order, an account or a person sees of the market: the newest quotes as exact text. For `prepare` only. */
import { fromNumber } from '../domain/decimal.ts';
import type { QuoteView } from '../messages/common.ts';
import type { Doubt, Quote } from '../messages/market.ts';
import type { Latest } from '../runtime/agent.ts';

/** By symbol; a symbol without a quote is absent. */
export type Quotes = Readonly<Record<string, QuoteView>>;

/** The newest quote of each symbol is spelled once, however many orders and accounts look at it. */
const spelled = new Map<string, { readonly quote: Quote; readonly view: QuoteView }>();

/** The shortest decimal form of the feed's numbers. */
export function quoteFor(symbol: string, latest: Latest): QuoteView | undefined {
  const quote = latest('market.quote', symbol) as Quote | undefined;
  if (!quote) return undefined;
  const view = spelledOf(quote);
  return isDoubted(quote, latest) ? { ...view, doubted: true } : view;
}

/** A doubt of an earlier time is over, also when nobody could be told so: while the house recovered, say. */
function isDoubted({ symbol, at = 0 }: Quote, latest: Latest): boolean {
  const doubt = latest('market.doubt', symbol) as Doubt | undefined;
  return doubt?.isDoubted === true && (doubt.at ?? 0) >= at;
}

function spelledOf(quote: Quote): QuoteView {
  const { symbol } = quote;
  const known = spelled.get(symbol);
  if (known?.quote === quote) return known.view;
  const { bid, ask, last, at = 0 } = quote;
  const bidText = fromNumber(bid);
  // Many feeds have no last price of their own, and tell the bid.
  const view = { bid: bidText, ask: fromNumber(ask), last: last === bid ? bidText : fromNumber(last), at };
  spelled.set(symbol, { quote, view });
  return view;
}

export function quotesFor(symbols: readonly string[], latest: Latest): Quotes {
  const quotes: Record<string, QuoteView> = {};
  for (const symbol of symbols) {
    const quote = quoteFor(symbol, latest);
    if (quote) quotes[symbol] = quote;
  }
  return quotes;
}

/** `prepare` cannot see entities, so the shared part of an agent remembers which symbols it has met. */
export function meet(symbols: readonly string[], symbol: string): readonly string[] {
  return symbols.includes(symbol) ? symbols : [...symbols, symbol];
}
