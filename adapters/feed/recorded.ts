/**
 * Quotes that are in memory as a feed: each is told at its own market time, those of one moment in their order. Invariant: nothing is
 * left out or changed; the next quote waits until the last one has been heard.
 */
import type { MarketSource } from '../../market/source.ts';
import type { Quote } from '../../messages/market.ts';
import type { Clock } from '../../runtime/ports.ts';

export interface RecordedFeedOptions {
  /** With `at`, ascending. */
  readonly quotes: readonly Quote[];
  readonly symbols: readonly string[];
  readonly clock: Pick<Clock, 'marketNow' | 'at'>;
}

export function openRecordedFeed({ quotes, symbols, clock }: RecordedFeedOptions): MarketSource {
  let position = 0;
  let cancel: (() => void) | undefined;
  let stopped = false;
  let telling: Promise<void> = Promise.resolve();

  async function tell(emit: (quote: Quote) => void | Promise<void>): Promise<void> {
    for (let next = quotes[position]; next && (next.at ?? 0) <= clock.marketNow(); next = quotes[position]) {
      if (stopped) return;
      position += 1;
      await emit(next);
    }
    arm(emit);
  }

  function arm(emit: (quote: Quote) => void | Promise<void>): void {
    const next = quotes[position];
    if (!next || stopped) return;
    cancel = clock.at('market', next.at ?? 0, () => {
      telling = tell(emit);
    });
  }

  return {
    name: 'recorded',
    start(emit) {
      telling = tell(emit);
    },
    async stop() {
      stopped = true;
      cancel?.();
      await telling;
    },
    describe: () => ({
      kind: 'replay',
      simulated: false,
      symbols,
      progress: {
        position,
        ratio: quotes.length === 0 ? 1 : position / quotes.length,
        ended: position >= quotes.length,
      },
    }),
  };
}
