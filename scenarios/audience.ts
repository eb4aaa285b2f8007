/**
 * Who hears the market in a world: the living product, for a moment perhaps two. Each hears a quote when the one before has taken it; nobody
 * is waited for who has nothing to wait for, because every virtual second has five quotes.
 */
import type { Quote } from '../messages/market.ts';

export type Listener = (quote: Quote) => void | Promise<void>;

export function tellAudience(audience: ReadonlySet<Listener>, quote: Quote): void | Promise<void> {
  const [only] = audience;
  return audience.size <= 1 ? only?.(quote) : oneByOne([...audience], quote);
}

async function oneByOne(audience: readonly Listener[], quote: Quote): Promise<void> {
  for (const hear of audience) await hear(quote);
}
