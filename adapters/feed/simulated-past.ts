/**
 * The past of a simulated market, as each start of the product is told it: invented before the world began, then what was truly quoted.
 * It outlives the product and fails at seeded rates. Invariants: two hours an instrument, oldest first; who has died is told nothing.
 */
import type { Instrument } from '../../domain/instrument.ts';
import { midOf } from '../../market/bars.ts';
import { simulatedPast } from '../../market/simulated-past.ts';
import type { Quote } from '../../messages/market.ts';
import type { Random } from '../../runtime/ports.ts';
import type { Past } from '../kit/adapter.ts';

export const PAST_FAULT_KINDS = ['past-slow', 'past-broken', 'past-gap'] as const;
export type PastFaultKind = (typeof PAST_FAULT_KINDS)[number];

/** Chances a start of the product. */
export interface PastFaults {
  /** Nothing is told for up to so long. */
  readonly slowRatio: number;
  readonly slowMaxMs: number;
  /** It breaks off in the middle: that start fails. */
  readonly brokenRatio: number;
  /** A stretch of it is missing. */
  readonly gapRatio: number;
  readonly gapMaxMs: number;
}

export const NO_PAST_FAULTS: PastFaults = { slowRatio: 0, slowMaxMs: 0, brokenRatio: 0, gapRatio: 0, gapMaxMs: 0 };

const MINUTE_MS = 60_000;
/** Upper ends of what a world draws. */
const RANGES = { slowRatio: 0.5, slowMaxMs: 5_000, brokenRatio: 0.2, gapRatio: 0.5, gapMaxMs: 30 * MINUTE_MS } as const;
/** As many as the analysis reads. */
const MINUTES_KEPT = 120;

/** Rates for one world, each off in a third of the worlds. */
export function drawPastFaults(random: Random): PastFaults {
  const rate = (max: number): number => {
    const [happens, how] = [random.next(), random.next()];
    return happens < 1 / 3 ? 0 : how * max;
  };
  return {
    slowRatio: rate(RANGES.slowRatio),
    slowMaxMs: Math.round(rate(RANGES.slowMaxMs)),
    brokenRatio: rate(RANGES.brokenRatio),
    gapRatio: rate(RANGES.gapRatio),
    gapMaxMs: Math.round(rate(RANGES.gapMaxMs)),
  };
}

export interface SimulatedPastOptions {
  readonly random: Random;
  /** Resolves `ms` of simulated time later. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Market time at which the world begins. */
  readonly startsAt: number;
  /** Whose market was invented before it; nothing is told of others before their first quote. */
  readonly invented: readonly Instrument[];
}

/** What a bar is made of. */
interface Minute {
  readonly minute: number;
  readonly first: Quote;
  highest: Quote;
  lowest: Quote;
  last: Quote;
  volume: number;
}

const minuteOf = ({ at = 0 }: Quote): number => Math.floor(at / MINUTE_MS);

/** In the order in which they were quoted; all that was traded in the minute stands at the last one. */
function quotesOf({ first, highest, lowest, last, volume }: Minute): readonly Quote[] {
  const told = [...new Set([first, highest, lowest, last])].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  return told.map((quote) => ({ ...quote, volume: quote === last ? volume : 0 }));
}

interface Trouble {
  readonly slowMs: number;
  /** Place of the minute at which it breaks off. */
  readonly breaksAt: number;
  readonly isMissing: (at: number) => boolean;
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export class SimulatedPast {
  readonly faultCounts: Record<PastFaultKind, number> = { 'past-slow': 0, 'past-broken': 0, 'past-gap': 0 };
  private readonly minutes = new Map<string, Minute[]>();
  private faults = NO_PAST_FAULTS;
  private readonly draws: Random;
  /** The last start that asked was not told all of it. */
  hasBroken = false;

  constructor(private readonly options: SimulatedPastOptions) {
    const { random, invented, startsAt } = options;
    this.draws = random.fork('faults');
    for (const instrument of invented)
      for (const quote of simulatedPast(instrument, random.fork(instrument.symbol), startsAt)) this.note(quote);
  }

  setFaults(faults: PastFaults): void {
    this.faults = faults;
  }

  /** It was quoted; times never go back. */
  note(quote: Quote): void {
    const known = this.minutes.get(quote.symbol);
    const minute = minuteOf(quote);
    const newest = known?.[known.length - 1];
    if (newest?.minute === minute) {
      const mid = midOf(quote);
      if (mid > midOf(newest.highest)) newest.highest = quote;
      if (mid < midOf(newest.lowest)) newest.lowest = quote;
      newest.last = quote;
      newest.volume += quote.volume ?? 0;
      return;
    }
    const begun = { minute, first: quote, highest: quote, lowest: quote, last: quote, volume: quote.volume ?? 0 };
    if (known) known.push(begun);
    else this.minutes.set(quote.symbol, [begun]);
    if (known && known.length > MINUTES_KEPT) known.shift();
  }

  /** For one life of the product. */
  connect(isDead: () => boolean): Past {
    return () => this.tell(isDead);
  }

  private async *tell(isDead: () => boolean): AsyncGenerator<Quote, void> {
    const { slowMs, breaksAt, isMissing } = this.draw();
    this.hasBroken = false;
    await this.options.sleep(slowMs);
    if (isDead()) await never();
    let place = 0;
    // What is quoted while it is told belongs to the feed.
    for (const minute of [...this.minutes.values()].flat()) {
      if (place === breaksAt) {
        this.faultCounts['past-broken'] += 1;
        this.hasBroken = true;
        throw new Error('simulated: the past of the market broke off');
      }
      place += 1;
      for (const quote of quotesOf(minute)) if (!isMissing(quote.at ?? 0)) yield quote;
    }
  }

  /** Every rate draws, so that one rate does not shift the others. */
  private draw(): Trouble {
    const { draws, faults } = this;
    const [slow, how, breaks, where] = [draws.next(), draws.next(), draws.next(), draws.next()];
    const [gap, from, long] = [draws.next(), draws.next(), draws.next()];
    const slowMs = slow < faults.slowRatio ? Math.round(how * faults.slowMaxMs) : 0;
    if (slowMs > 0) this.faultCounts['past-slow'] += 1;
    const all = [...this.minutes.values()];
    const count = all.reduce((sum, { length }) => sum + length, 0);
    const oldest = Math.min(...all.map(([first]) => first?.first.at ?? 0));
    const newest = Math.max(...all.map((known) => known.at(-1)?.last.at ?? 0));
    const gapMs = gap < faults.gapRatio ? Math.round(long * faults.gapMaxMs) : 0;
    if (gapMs > 0) this.faultCounts['past-gap'] += 1;
    const missesFrom = oldest + from * (newest - oldest);
    return {
      slowMs,
      breaksAt: breaks < faults.brokenRatio ? Math.floor(where * count) : Number.POSITIVE_INFINITY,
      isMissing: (at) => gapMs > 0 && at >= missesFrom && at < missesFrom + gapMs,
    };
  }
}
