/**
 * A feed that misbehaves at seeded rates: gaps without quotes, frozen prices, and quotes that are NaN, zero, crossed or from the past
 * beside the true one. Invariant: true quotes keep their order and times; only a freeze changes prices. Each fault is counted by kind.
 */

import type { MarketSource, SourceDescription } from '../../market/source.ts';
import type { Quote } from '../../messages/market.ts';
import type { Random } from '../../runtime/ports.ts';

/** Chances a quote. A bad one is told before the true one, an old one behind it. */
export interface FeedFaults {
  readonly notANumberRatio: number;
  readonly zeroRatio: number;
  readonly crossedRatio: number;
  /** An earlier quote of the instrument is told once more. */
  readonly outOfOrderRatio: number;
  /** A gap begins. */
  readonly gapRatio: number;
  readonly gapMaxMs: number;
  /** From now on the same price is told, at new times. */
  readonly freezeRatio: number;
  readonly freezeMaxMs: number;
}

export const NO_FEED_FAULTS: FeedFaults = {
  notANumberRatio: 0,
  zeroRatio: 0,
  crossedRatio: 0,
  outOfOrderRatio: 0,
  gapRatio: 0,
  gapMaxMs: 0,
  freezeRatio: 0,
  freezeMaxMs: 0,
};

/** Upper ends of what a world draws; bad quotes of all kinds together, evenly. */
const RANGES = {
  ...{ badQuoteRatio: 0.01, gapRatio: 0.0005, gapMaxMs: 300_000 },
  ...{ outOfOrderRatio: 0.01, freezeRatio: 0.0005, freezeMaxMs: 60_000 },
} as const;

/** Chance that a feed is without a kind of fault. */
const OFF = 1 / 3;
const OFF_RARE = 0.8;

/** In few worlds, and from draws of their own: quotes of the past, and prices that stand still. */
function drawRareFeedFaults(random: Random): Pick<FeedFaults, 'outOfOrderRatio' | 'freezeRatio' | 'freezeMaxMs'> {
  const [late, how, still, often, long] = [random.next(), random.next(), random.next(), random.next(), random.next()];
  return {
    outOfOrderRatio: late < OFF_RARE ? 0 : how * RANGES.outOfOrderRatio,
    freezeRatio: still < OFF_RARE ? 0 : often * RANGES.freezeRatio,
    freezeMaxMs: still < OFF_RARE ? 0 : long * RANGES.freezeMaxMs,
  };
}

/** Rates for one world; in a third of the worlds nothing but what is rare. */
export function drawFeedFaults(random: Random): FeedFaults {
  const eachRatio = (random.next() * RANGES.badQuoteRatio) / 3;
  const gapRatio = random.next() * RANGES.gapRatio;
  const gapMaxMs = random.next() * RANGES.gapMaxMs;
  const rare = drawRareFeedFaults(random.fork('rare'));
  if (random.fork('off').next() < OFF) return { ...NO_FEED_FAULTS, ...rare };
  const bad = { notANumberRatio: eachRatio, zeroRatio: eachRatio, crossedRatio: eachRatio };
  return { ...NO_FEED_FAULTS, ...bad, gapRatio, gapMaxMs, ...rare };
}

export const FEED_FAULT_KINDS = ['not-a-number', 'zero', 'crossed', 'out-of-order', 'gap', 'freeze'] as const;
export type FeedFaultKind = (typeof FEED_FAULT_KINDS)[number];

export interface FaultyFeed extends MarketSource {
  readonly faultCounts: Readonly<Record<FeedFaultKind, number>>;
  setFaults(faults: FeedFaults): void;
  /** Instruments that are not quoted, and those whose price stands still, until the next call; both beside what chance does. */
  hold(silent: ReadonlySet<string>, frozen: ReadonlySet<string>): void;
}

interface Bad {
  readonly kind: FeedFaultKind;
  ratio(faults: FeedFaults): number;
  spoil(quote: Quote, before: Quote | undefined): Quote;
}

const BAD: readonly Bad[] = [
  { kind: 'not-a-number', ratio: (of) => of.notANumberRatio, spoil: (quote) => ({ ...quote, bid: Number.NaN }) },
  { kind: 'zero', ratio: (of) => of.zeroRatio, spoil: (quote) => ({ ...quote, ask: 0 }) },
  { kind: 'crossed', ratio: (of) => of.crossedRatio, spoil: (quote) => ({ ...quote, bid: quote.ask * 1.01 }) },
  { kind: 'out-of-order', ratio: (of) => of.outOfOrderRatio, spoil: (quote, before) => before ?? quote },
];

/** The kind at `place` in [0, 1) when the kinds stand side by side, each as wide as its ratio. */
function badAt(faults: FeedFaults, totalRatio: number, place: number): Bad | undefined {
  let end = 0;
  for (const bad of BAD) {
    end += bad.ratio(faults) / totalRatio;
    if (place < end) return bad;
  }
  return undefined;
}

export const openFaultyFeed = (source: MarketSource, random: Random, faults: FeedFaults): FaultyFeed =>
  new Faulty(source, random, faults);

type EmitQuote = (quote: Quote) => void | Promise<void>;

class Faulty implements FaultyFeed {
  readonly name: string;
  readonly faultCounts: Record<FeedFaultKind, number> = {
    ...{ 'not-a-number': 0, zero: 0, crossed: 0, 'out-of-order': 0 },
    ...{ gap: 0, freeze: 0 },
  };
  private readonly silentUntil = new Map<string, number>();
  private readonly frozenUntil = new Map<string, number>();
  /** The last quote that was told, by instrument. */
  private readonly told = new Map<string, Quote>();
  private silent: ReadonlySet<string> = new Set();
  private frozen: ReadonlySet<string> = new Set();
  private readonly freezes: Random;
  /** Chance of a bad quote of any kind. */
  private totalRatio = 0;

  constructor(
    private readonly source: MarketSource,
    private readonly random: Random,
    private faults: FeedFaults,
  ) {
    this.setFaults(faults);
    this.name = `${source.name}-faulty`;
    this.freezes = random.fork('freezes');
  }

  setFaults(faults: FeedFaults): void {
    this.faults = faults;
    this.totalRatio = BAD.reduce((sum, { ratio }) => sum + ratio(faults), 0);
  }

  hold(silent: ReadonlySet<string>, frozen: ReadonlySet<string>): void {
    for (const symbol of silent) if (!this.silent.has(symbol)) this.faultCounts.gap += 1;
    for (const symbol of frozen) if (!this.frozen.has(symbol)) this.faultCounts.freeze += 1;
    this.silent = silent;
    this.frozen = frozen;
  }

  start(emit: EmitQuote): void {
    this.source.start((quote) => this.tell(quote, emit));
  }

  stop(): Promise<void> {
    return this.source.stop();
  }

  describe(): SourceDescription {
    return this.source.describe();
  }

  private tell(quote: Quote, emit: EmitQuote): void | Promise<void> {
    const before = this.told.get(quote.symbol);
    if (this.inGap(quote)) return;
    const place = this.random.next();
    const { totalRatio } = this;
    const bad = this.random.next() < totalRatio ? badAt(this.faults, totalRatio, place) : undefined;
    if (bad) return this.tellBoth(bad, quote, before, emit);
    return emit(this.present(quote, before));
  }

  private async tellBoth(bad: Bad, quote: Quote, before: Quote | undefined, emit: EmitQuote): Promise<void> {
    const late = bad.kind === 'out-of-order';
    if (!late) await this.tellBad(bad, quote, before, emit);
    await emit(this.present(quote, before));
    if (late && before) await this.tellBad(bad, quote, before, emit);
  }

  /** The true quote, or the price at which the instrument stands still. */
  private present(quote: Quote, before: Quote | undefined): Quote {
    const now = before && this.isFrozen(quote) ? { ...before, at: quote.at ?? 0, volume: 0 } : quote;
    this.told.set(quote.symbol, now);
    return now;
  }

  private async tellBad(bad: Bad, quote: Quote, before: Quote | undefined, emit: EmitQuote): Promise<void> {
    this.faultCounts[bad.kind] += 1;
    await emit(bad.spoil(quote, before));
  }

  private inGap({ symbol, at = 0 }: Quote): boolean {
    if (this.silent.has(symbol)) return true;
    if (at < (this.silentUntil.get(symbol) ?? at) && this.faults.gapRatio > 0) return true;
    if (this.random.next() >= this.faults.gapRatio) return false;
    this.faultCounts.gap += 1;
    this.silentUntil.set(symbol, at + this.random.next() * this.faults.gapMaxMs);
    return true;
  }

  private isFrozen({ symbol, at = 0 }: Quote): boolean {
    if (this.frozen.has(symbol)) return true;
    if (at < (this.frozenUntil.get(symbol) ?? at) && this.faults.freezeRatio > 0) return true;
    if (this.freezes.next() >= this.faults.freezeRatio) return false;
    this.faultCounts.freeze += 1;
    this.frozenUntil.set(symbol, at + this.freezes.next() * this.faults.freezeMaxMs);
    return true;
  }
}
