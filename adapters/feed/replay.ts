/**
 * A file as a feed. Invariant: the next quote enters only when everything that the last one caused has settled; a speed only adds
 * waiting, so the quotes and their order are the same at any speed.
 */

import { openReplay, type ReplaySpec } from '../../market/replay.ts';
import type { MarketSource } from '../../market/source.ts';
import type { Quote } from '../../messages/market.ts';

export interface ReplayFeedOptions {
  readonly spec: ReplaySpec;
  /** The position that was told last, 0 for the beginning. */
  readonly after: number;
  /** Times real time, or as fast as everything settles. */
  readonly speed: number | 'max';
  /** Moves the market clock to a quote's time before it is told. */
  readonly advance: (atMs: number) => void;
  /** Resolves when the effects of the last quote, commits included, have settled; may remember the position. */
  readonly settled: (position: number) => Promise<void>;
  readonly sleep: (ms: number) => Promise<void>;
  /** Told once, behind the last quote or at a failure. */
  readonly onEnd?: (failure: string | undefined) => void;
}

export function openReplayFeed(options: ReplayFeedOptions): MarketSource {
  const { spec, after, speed, advance, settled, sleep, onEnd } = options;
  const replay = openReplay(spec);
  let position = after;
  let ended = false;
  let stopped = false;
  let failure: string | undefined;
  let telling: Promise<void> = Promise.resolve();
  let stopWaiting = (): void => {};
  const stopAsked = new Promise<void>((resolve) => {
    stopWaiting = resolve;
  });

  async function tellAll(emit: (quote: Quote) => void | Promise<void>): Promise<void> {
    let clockAt: number | undefined;
    for await (const next of replay.quotes(after)) {
      if (stopped) return;
      const at = next.quote.at ?? 0;
      // The market clock never goes back; a quote that does is left to the reasonability filter.
      if (clockAt === undefined || at > clockAt) {
        if (speed !== 'max' && clockAt !== undefined) {
          await Promise.race([sleep((at - clockAt) / speed), stopAsked]);
        }
        if (stopped) return;
        advance(at);
        clockAt = at;
      }
      await emit(next.quote);
      position = next.position;
      await settled(position);
    }
    ended = true;
  }

  async function run(emit: (quote: Quote) => void | Promise<void>): Promise<void> {
    try {
      await tellAll(emit);
    } catch (error) {
      ended = true;
      failure = error instanceof Error ? error.message : String(error);
    }
    if (ended) onEnd?.(failure);
  }

  return {
    name: 'replay',
    start(emit) {
      telling = run(emit);
    },
    async stop() {
      stopped = true;
      stopWaiting();
      await telling;
    },
    describe: () => ({
      kind: 'replay',
      simulated: false,
      symbols: [spec.instrument.symbol],
      progress: { position, ratio: ended && failure === undefined ? 1 : replay.ratio(), ended },
      badLines: replay.badLines.count,
      ...(failure === undefined ? {} : { failure }),
    }),
  };
}
