/** Where quotes come from, as a port. A source tells each quote once, in its own order, each with its market time in `at`. */
import type { Quote } from '../messages/market.ts';

export interface SourceProgress {
  /** Quotes told since the beginning of the source; for a file: the position to resume behind. */
  readonly position: number;
  /** Part of the whole in [0, 1]; absent where there is no end. */
  readonly ratio?: number;
  readonly ended: boolean;
}

export interface SourceDescription {
  readonly kind: 'simulated' | 'replay';
  /** Invented data, shown as such. */
  readonly simulated: boolean;
  readonly symbols: readonly string[];
  readonly progress: SourceProgress;
  /** Lines or quotes that were not understood. */
  readonly badLines?: number;
  /** Why the source ended before its end. */
  readonly failure?: string;
}

export interface MarketSource {
  readonly name: string;
  /** Begins to tell quotes; the next one waits for a promise that `emit` returns. */
  start(emit: (quote: Quote) => void | Promise<void>): void;
  /** Resolves once nothing is told any more. */
  stop(): Promise<void>;
  describe(): SourceDescription;
}
