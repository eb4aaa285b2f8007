/**
 * A file as a feed. Invariant: the next quote enters only when everything that the last one caused has settled; a speed only adds
 * waiting, so the quotes and their order are the same at any speed, and never faster than asked.
 */

import type { Replay } from '../../market/replay.ts';
import type { MarketSource, SourceDescription } from '../../market/source.ts';
import type { Quote } from '../../messages/market.ts';

export interface ReplayFeedOptions {
  readonly replay: Replay;
  /** The position that was told last, 0 for the beginning. */
  readonly after: number;
  /** Lines of the file, for its progress; absent: nobody counted them. */
  readonly lines?: number;
  /** Times real time, or as fast as everything settles. */
  readonly speed: number | 'max';
  /** Moves the market clock to a quote's time before it is told. */
  readonly advance: (atMs: number) => void;
  /** Resolves when the effects of the last quote, commits included, have settled; may remember the position. */
  readonly settled: (position: number) => Promise<void>;
  /** Of the steady clock, in milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Told when it is so far behind its speed that it goes on from now. */
  readonly behind?: (lagMs: number) => void;
  /** Told once, behind the last quote or at a failure. */
  readonly onEnd?: (failure: string | undefined) => void;
}

export const openReplayFeed = (options: ReplayFeedOptions): MarketSource => new ReplayFeed(options);

/** What a busy moment may cost is made up for; a longer lag (a pause of the machine, an overload) is let go. */
const LAG_MAX_MS = 2_000;

/** A moment of real time and the market time that belongs to it. */
interface Anchor {
  readonly nowMs: number;
  readonly atMs: number;
}

type EmitQuote = (quote: Quote) => void | Promise<void>;

class ReplayFeed implements MarketSource {
  readonly name = 'replay';
  private position: number;
  private ended = false;
  private stopped = false;
  private failure: string | undefined;
  private anchor: Anchor | undefined;
  private telling: Promise<void> = Promise.resolve();
  private stopWaiting = (): void => {};

  constructor(private readonly options: ReplayFeedOptions) {
    this.position = options.after;
  }

  start(emit: EmitQuote): void {
    this.telling = this.run(emit);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.stopWaiting();
    await this.telling;
  }

  /** Of the lines whose quotes were told: what has been read ahead of them does not count. */
  private ratio(): { readonly ratio?: number } {
    const { ended, failure, options } = this;
    if (ended && failure === undefined) return { ratio: 1 };
    return options.lines === undefined
      ? {}
      : { ratio: Math.min(1, options.replay.line() / Math.max(1, options.lines)) };
  }

  describe(): SourceDescription {
    const { position, ended, failure } = this;
    const { replay } = this.options;
    return {
      kind: 'replay',
      simulated: false,
      symbols: [replay.symbol],
      progress: { position, ...this.ratio(), ended },
      badLines: replay.badLines.count,
      ...(failure === undefined ? {} : { failure }),
    };
  }

  private async run(emit: EmitQuote): Promise<void> {
    try {
      await this.tellAll(emit);
    } catch (error) {
      this.ended = true;
      this.failure = error instanceof Error ? error.message : String(error);
    }
    if (this.ended) this.options.onEnd?.(this.failure);
  }

  private async tellAll(emit: EmitQuote): Promise<void> {
    const { replay, after, advance, settled } = this.options;
    let clockAt: number | undefined;
    for await (const next of replay.quotes(after)) {
      const at = next.quote.at ?? 0;
      // The market clock never goes back; a quote that does is left to the reasonability filter.
      if (clockAt === undefined || at > clockAt) {
        await this.pace(at);
        if (this.stopped) return;
        advance(at);
        clockAt = at;
      }
      if (this.stopped) return;
      await emit(next.quote);
      this.position = next.position;
      await settled(next.position);
    }
    this.ended = true;
  }

  /** Waits until the quote's time by one schedule from the first quote on, so that what each one costs does not add up. Never early. */
  private async pace(atMs: number): Promise<void> {
    const { speed, sleep, now, behind } = this.options;
    if (speed === 'max' || this.stopped) return;
    const nowMs = now();
    this.anchor ??= { nowMs, atMs };
    const waitMs = this.anchor.nowMs + (atMs - this.anchor.atMs) / speed - nowMs;
    if (waitMs < -LAG_MAX_MS) {
      this.anchor = { nowMs, atMs };
      behind?.(-waitMs);
    }
    if (waitMs <= 0) return;
    await new Promise<void>((resolve, reject) => {
      this.stopWaiting = resolve;
      sleep(waitMs).then(resolve, reject);
    });
  }
}
