/**
 * What a run holds and what it is worth at every tick: entries, balance, equity, drawdown, days. Invariants: flat means exactly
 * nothing, not a rounding error; equity is balance plus open profit at the side that closes. No allocation while nothing happens.
 */
import type { ExitReason } from '../../domain/run.ts';
import { PRICE_TOLERANCE } from '../../strategies/prices.ts';
import type { Entry, Tick } from '../../strategies/strategy.ts';

const DAY_MS = 86_400_000;

/** One filled entry. */
export interface Lot {
  readonly entry: Entry;
  readonly at: number;
  readonly price: number;
  readonly commission: number;
  /** Out of reach where there is none. */
  readonly stop: number;
  readonly target: number;
  /** Extremes of its closing price since the fill. */
  low: number;
  high: number;
  /** Live only: why its exit is wanted or under way. */
  closing?: ExitReason;
  /** With it: its place among the exits that are wanted, from 1. */
  closingRank?: number;
}

/** Worth at the end of a UTC day that had ticks; the price is the day's last. */
export interface RunDay {
  readonly startMs: number;
  readonly equity: number;
  readonly price: number;
}

/** Fields begin as fractions where they become fractions later: a field that begins as a whole number makes compiled loops start over. */
export class Holdings {
  readonly lots: Lot[] = [];
  readonly days: RunDay[] = [];
  balance = 0.5;
  peakEquity = 0.5;
  peakAt = 0.5;
  private isBelowPeak = false;
  /** Largest fall from a peak of equity, in money and as a ratio of that peak. */
  drawdownMax = 0.5;
  drawdownRatioMax = 0.5;
  /** The same since somebody looked last: what a curve shows of a stretch of ticks. */
  private fallMax = 0.5;
  private fallRatioMax = 0.5;
  /** Longest time below a peak, in milliseconds. */
  underwaterMsMax = 0.5;
  dayEnds = -1e300;
  exposedMs = 0.5;
  private exposedSince = 0.5;
  private longUnits = 0.5;
  private longCost = 0.5;
  private shortUnits = 0.5;
  private shortCost = 0.5;
  /** Extremes of both sides since the last change of the lots. */
  private bidLow = 1e300;
  private bidHigh = -1e300;
  private askLow = 1e300;
  private askHigh = -1e300;
  /** The nearest resting exits of all lots. */
  private longStop = -1e300;
  private longTarget = 1e300;
  private shortStop = 1e300;
  private shortTarget = -1e300;
  /**
   * Between these closing prices (the bid of what is long, the ask of what is short) no exit is met and no new peak is made: nothing
   * changes but extremes and drawdown, which `pass` is told together.
   */
  floor = -1e300;
  ceiling = 1e300;

  private readonly multiplier: number = 0.5;

  constructor(balance: number, multiplier: number) {
    this.multiplier = multiplier;
    this.balance = balance;
    this.peakEquity = balance;
    this.drawdownMax = 0;
    this.drawdownRatioMax = 0;
    this.fallMax = 0;
    this.fallRatioMax = 0;
    this.underwaterMsMax = 0;
    this.exposedMs = 0;
    this.flatten();
  }

  /** Which price closes everything that is held: 1 the bid, -1 the ask, 0 both of them or none. */
  get side(): number {
    return (this.longUnits > 0 ? 1 : 0) - (this.shortUnits > 0 ? 1 : 0);
  }

  equityAt({ bid, ask }: Tick): number {
    return this.worthAt(bid, ask);
  }

  private worthAt(bid: number, ask: number): number {
    const open = this.longUnits * bid - this.longCost + this.shortCost - this.shortUnits * ask;
    return this.balance + open * this.multiplier;
  }

  /** Values everything at this tick; call after each on which the lots changed or that left the watched prices. */
  mark({ at, bid, ask }: Tick): void {
    if (bid < this.bidLow) this.bidLow = bid;
    if (bid > this.bidHigh) this.bidHigh = bid;
    if (ask < this.askLow) this.askLow = ask;
    if (ask > this.askHigh) this.askHigh = ask;
    const equity = this.worthAt(bid, ask);
    if (equity >= this.peakEquity) {
      this.endSpell(at);
      this.peakEquity = equity;
      this.peakAt = at;
    } else this.fallTo(equity);
    this.watch();
  }

  /** Ticks between the watched prices, on which the lots stayed as they are: the extremes of their closing price. */
  pass(low: number, high: number): void {
    const { side } = this;
    if (side > 0) {
      if (low < this.bidLow) this.bidLow = low;
      if (high > this.bidHigh) this.bidHigh = high;
    } else if (side < 0) {
      if (low < this.askLow) this.askLow = low;
      if (high > this.askHigh) this.askHigh = high;
    } else return;
    const worst = side > 0 ? low : high;
    this.fallTo(this.worthAt(worst, worst));
  }

  /** The same for closing prices that are no tick's own, unless one of them makes a new peak: then it is false and has done nothing. */
  passBelowPeak(low: number, high: number): boolean {
    const { side } = this;
    if (side === 0) return false;
    const best = side > 0 ? high : low;
    if (this.worthAt(best, best) >= this.peakEquity) return false;
    this.pass(low, high);
    return true;
  }

  /** The largest falls of all ticks, however many of them are told together. */
  private fallTo(equity: number): void {
    const fall = this.peakEquity - equity;
    if (fall <= 0) return;
    this.isBelowPeak = true;
    // The peak only grows: no smaller fall can be a larger part of it.
    if (fall <= this.fallMax) return;
    this.fallMax = fall;
    const ratio = fall / this.peakEquity;
    if (ratio > this.fallRatioMax) this.fallRatioMax = ratio;
    if (fall <= this.drawdownMax) return;
    this.drawdownMax = fall;
    if (ratio > this.drawdownRatioMax) this.drawdownRatioMax = ratio;
  }

  /** The largest fall from a peak, as a ratio of it, of all ticks since this was asked last; that of now is the least. */
  takeFallRatio(equity: number): number {
    const { fallRatioMax, peakEquity } = this;
    this.fallMax = 0;
    this.fallRatioMax = 0;
    return Math.max(fallRatioMax, (peakEquity - equity) / peakEquity);
  }

  /** The time below the peak is over: at a new one, or because the run is. Time at the peak, with nothing held, is none of it. */
  endSpell(at: number): void {
    if (this.isBelowPeak && at - this.peakAt > this.underwaterMsMax) this.underwaterMsMax = at - this.peakAt;
    this.isBelowPeak = false;
  }

  /** The first tick of another UTC day: what everything was worth before it is the day that has ended. */
  rollDay(at: number, before: Tick): void {
    if (this.dayEnds > 0) this.endDay(before);
    else this.peakAt = at;
    this.dayEnds = (Math.floor(at / DAY_MS) + 1) * DAY_MS;
  }

  endDay(last: Tick): void {
    this.days.push({ startMs: this.dayEnds - DAY_MS, equity: this.equityAt(last), price: last.price });
  }

  add(lot: Lot): void {
    this.fold();
    if (this.lots.length === 0) {
      this.exposedSince = lot.at;
      if (!this.isBelowPeak) this.peakAt = lot.at;
    }
    // Not pushed: that stays a call in compiled code.
    this.lots[this.lots.length] = lot;
    this.count(lot);
  }

  /** Takes a lot out; its profit is the caller's to book. */
  remove(lot: Lot, at: number): void {
    this.fold();
    const { lots } = this;
    let index = lots[0] === lot ? 0 : lots.indexOf(lot);
    for (; index + 1 < lots.length; index += 1) lots[index] = lots[index + 1]!;
    lots.pop();
    if (lots.length === 0) this.exposedMs += at - this.exposedSince;
    this.reckon();
  }

  /** Makes two lots of one, in its place and as exposed as before: the first of so many units, which is given back. */
  split(lot: Lot, units: number): Lot {
    const share = (of: number): Lot => ({
      ...lot,
      entry: { ...lot.entry, units: of },
      commission: (lot.commission * of) / lot.entry.units,
    });
    const part = share(units);
    this.lots.splice(this.lots.indexOf(lot), 1, part, share(lot.entry.units - units));
    this.reckon();
    return part;
  }

  /** The extremes that all lots have seen together become each lot's own. */
  private fold(): void {
    const { lots } = this;
    for (let index = 0; index < lots.length; index += 1) {
      const lot = lots[index]!;
      const isLong = lot.entry.direction > 0;
      const low = isLong ? this.bidLow : this.askLow;
      const high = isLong ? this.bidHigh : this.askHigh;
      if (low < lot.low) lot.low = low;
      if (high > lot.high) lot.high = high;
    }
    this.bidLow = 1e300;
    this.bidHigh = -1e300;
    this.askLow = 1e300;
    this.askHigh = -1e300;
  }

  /** Summed anew at each change, so that no error of earlier lots stays behind. */
  private reckon(): void {
    this.flatten();
    for (let index = 0; index < this.lots.length; index += 1) this.count(this.lots[index]!);
  }

  /** Where the next tick has to be looked at closely. With both sides held no single price tells: then everywhere. */
  private watch(): void {
    const { side, longUnits, shortUnits } = this;
    this.floor = longUnits > 0 && shortUnits > 0 ? 1e300 : -1e300;
    this.ceiling = 1e300;
    if (side === 0) return;
    const atPeak = (this.peakEquity - this.balance) / this.multiplier;
    if (side > 0) {
      this.floor = this.longStop + PRICE_TOLERANCE;
      this.ceiling = Math.min(this.longTarget, (atPeak + this.longCost) / longUnits) - PRICE_TOLERANCE;
    } else {
      this.floor = Math.max(this.shortTarget, (this.shortCost - atPeak) / shortUnits) + PRICE_TOLERANCE;
      this.ceiling = this.shortStop - PRICE_TOLERANCE;
    }
  }

  private flatten(): void {
    this.longUnits = 0;
    this.longCost = 0;
    this.shortUnits = 0;
    this.shortCost = 0;
    this.longStop = -1e300;
    this.longTarget = 1e300;
    this.shortStop = 1e300;
    this.shortTarget = -1e300;
  }

  /** Does any lot have an exit that rests? */
  get hasExits(): boolean {
    return this.longStop > -1e300 || this.longTarget < 1e300 || this.shortStop < 1e300 || this.shortTarget > -1e300;
  }

  private count({ entry: { direction, units }, price, stop, target }: Lot): void {
    if (direction > 0) {
      this.longUnits += units;
      this.longCost += units * price;
      this.longStop = Math.max(this.longStop, stop);
      this.longTarget = Math.min(this.longTarget, target);
    } else {
      this.shortUnits += units;
      this.shortCost += units * price;
      this.shortStop = Math.min(this.shortStop, stop);
      this.shortTarget = Math.max(this.shortTarget, target);
    }
  }
}
