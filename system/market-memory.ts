/**
 * What the market's door remembers of each instrument: its newest closed bars and what its day began with. Invariants: bounded an
 * instrument; a day's open is the first price heard of it, and never changes.
 */
import type { Bar, BarHistory, DayOpens, Quote } from '../messages/market.ts';

const DAY_MS = 86_400_000;
/** Twice what the analysis reads: who reads late misses nothing. */
const BARS_KEPT = 240;

export class MarketMemory {
  private readonly bars = new Map<string, readonly Bar[]>();
  private readonly days = new Map<string, DayOpens[string]>();

  /** What was kept of an earlier life; days that are known already stay. */
  recall(opens: DayOpens): void {
    for (const [symbol, open] of Object.entries(opens)) if (!this.days.has(symbol)) this.days.set(symbol, open);
  }

  /** The bars up to and including this one. */
  noteBar(bar: Bar): void {
    const key = keyOf(bar);
    this.bars.set(key, [...(this.bars.get(key) ?? []).slice(1 - BARS_KEPT), bar]);
  }

  /** The bars that were noted, as the board shows them. */
  historyOf({ symbol, timeframeMs }: Bar): BarHistory {
    return {
      type: 'market.history',
      symbol,
      timeframeMs,
      bars: [...(this.bars.get(keyOf({ symbol, timeframeMs })) ?? [])],
    };
  }

  /** What the quote's day began with, when it is the day's first. */
  noteDay({ symbol, at = 0, bid, ask }: Quote): DayOpens | undefined {
    const day = Math.floor(at / DAY_MS);
    const known = this.days.get(symbol);
    if (known && known.day >= day) return undefined;
    const open = { day, open: (bid + ask) / 2 };
    this.days.set(symbol, open);
    return { [symbol]: open };
  }

  /** Undefined until a quote was heard. */
  openOf(symbol: string): number | undefined {
    return this.days.get(symbol)?.open;
  }

  symbols(): readonly string[] {
    return [...this.days.keys()].sort();
  }
}

const keyOf = ({ symbol, timeframeMs }: Pick<Bar, 'symbol' | 'timeframeMs'>): string => `${symbol} ${timeframeMs}`;
