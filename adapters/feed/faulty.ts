/**
 * A feed that misbehaves at seeded rates: gaps without quotes, and quotes that are NaN, zero or crossed beside the true one.
 * Invariant: true quotes are only left out, never changed or reordered; each fault is counted by kind.
 */

import type { MarketSource } from '../../market/source.ts';
import type { Quote } from '../../messages/market.ts';
import type { Random } from '../../runtime/ports.ts';

export interface FeedFaults {
  /** A bad quote is told before the true one. */
  readonly badQuoteRatio: number;
  /** Chance of a gap to begin, a quote. */
  readonly gapRatio: number;
  readonly gapMaxMs: number;
}

export type FeedFaultKind = 'not-a-number' | 'zero' | 'crossed' | 'gap';

export interface FaultyFeed extends MarketSource {
  readonly faultCounts: Readonly<Record<FeedFaultKind, number>>;
  setFaults(faults: FeedFaults): void;
}

const BAD: readonly { kind: FeedFaultKind; spoil: (quote: Quote) => Quote }[] = [
  { kind: 'not-a-number', spoil: (quote) => ({ ...quote, bid: Number.NaN }) },
  { kind: 'zero', spoil: (quote) => ({ ...quote, ask: 0 }) },
  { kind: 'crossed', spoil: (quote) => ({ ...quote, bid: quote.ask * 1.01 }) },
];

export function openFaultyFeed(source: MarketSource, random: Random, first: FeedFaults): FaultyFeed {
  let faults = first;
  const silentUntil = new Map<string, number>();
  const faultCounts: Record<FeedFaultKind, number> = { 'not-a-number': 0, zero: 0, crossed: 0, gap: 0 };

  function silent({ symbol, at = 0 }: Quote): boolean {
    if (at < (silentUntil.get(symbol) ?? at) && faults.gapRatio > 0) return true;
    if (random.next() >= faults.gapRatio) return false;
    faultCounts.gap += 1;
    silentUntil.set(symbol, at + random.next() * faults.gapMaxMs);
    return true;
  }

  return {
    name: `${source.name}-faulty`,
    faultCounts,
    setFaults(next) {
      faults = next;
    },
    start(emit) {
      source.start(async (quote) => {
        if (silent(quote)) return;
        const bad = BAD[Math.floor(random.next() * BAD.length)];
        if (random.next() < faults.badQuoteRatio && bad) {
          faultCounts[bad.kind] += 1;
          await emit(bad.spoil(quote));
        }
        await emit(quote);
      });
    },
    stop: () => source.stop(),
    describe: () => source.describe(),
  };
}
