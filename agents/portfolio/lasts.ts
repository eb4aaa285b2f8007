/** The newest last prices of the instruments that were ever filled. For `prepare` only. */
import type { Quote } from '../../messages/market.ts';
import type { Latest } from '../../runtime/agent.ts';

/** By symbol, as the feed gave them; a symbol without a quote is absent. */
export type Lasts = Readonly<Record<string, number>>;

export function lastsOf(symbols: readonly string[], latest: Latest): Lasts {
  const lasts: Record<string, number> = {};
  for (const symbol of symbols) {
    const quote = latest('market.quote', symbol) as Quote | undefined;
    if (quote) lasts[symbol] = quote.last;
  }
  return lasts;
}
