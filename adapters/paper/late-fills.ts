/**
 * Which fills a simulated venue has told, and which it still owes because a cancel was answered without them. What is owed is told
 * again to every new listener, because nobody can tell whether the one before has kept it.
 */
import type { VenueReport } from '../../agents/venue.ts';
import type { Side } from '../../domain/order.ts';
import type { Quote } from '../../messages/market.ts';

type Told = Pick<VenueReport, 'orderId' | 'fills'>;

export class LateFills {
  /** How many fills of an order were told. */
  private readonly counts = new Map<string, number>();
  private readonly owed = new Set<string>();

  /** `tell`: sends all that is known of the order. */
  constructor(readonly tell: (orderId: string) => void) {}

  told({ orderId, fills }: Told): void {
    if (fills.length > (this.counts.get(orderId) ?? 0)) this.counts.set(orderId, fills.length);
  }

  /** How many of these fills, the last ones, were not told. */
  untold({ orderId, fills }: Told): number {
    return Math.max(0, fills.length - (this.counts.get(orderId) ?? 0));
  }

  owe(orderId: string): void {
    this.owed.add(orderId);
  }

  tellAgain(): void {
    for (const orderId of this.owed) this.tell(orderId);
  }
}

/** As `quote`, but somebody trades at `price`. */
export function quoteAt(price: number, side: Side, quote: Quote): Quote {
  const spread = quote.ask - quote.bid;
  const [bid, ask] = side === 'buy' ? [price - spread, price] : [price, price + spread];
  return { ...quote, bid, ask, last: price };
}
