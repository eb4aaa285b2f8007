/**
 * One side of `max`: an impulse up, a pullback and its confirmation make a signal. The short side is the same over negated prices.
 * Invariant: a signal leaves the detector in its impulse, from where the next one needs a pullback of its own.
 */
import { PRICE_TOLERANCE } from './prices.ts';

const IDLE = 0;
const IMPULSE = 1;
const PULLBACK = 2;

/** In points, and entries per impulse. */
export interface DetectorParameters {
  readonly impulse: number;
  readonly pullback: number;
  readonly confirmation: number;
  readonly entriesPerImpulse: number;
}

export class Detector {
  private phase = IDLE;
  /** Doubles from the first moment on: a field that begins as a small integer makes the engine's compiled loop start over. */
  private low = 1e300;
  private high = 0.5;
  private trough = 0.5;
  private entries = 0;
  /** Prices between these change nothing and signal nothing: most ticks cost two comparisons. */
  calmAbove = 1e300;
  calmBelow = -1e300;
  /** Fractions here too: a field that is declared without a value begins as undefined, and is never a plain double again. */
  private readonly impulse: number = 0.5;
  private readonly pullback: number = 0.5;
  private readonly confirmation: number = 0.5;
  private readonly entriesMax: number = 1;

  constructor({ impulse, pullback, confirmation, entriesPerImpulse }: DetectorParameters) {
    this.impulse = impulse - PRICE_TOLERANCE;
    this.pullback = pullback - PRICE_TOLERANCE;
    this.confirmation = confirmation - PRICE_TOLERANCE;
    this.entriesMax = entriesPerImpulse;
  }

  /** Takes the next price; true when it confirms a pullback. */
  signals(price: number): boolean {
    if (price > this.calmAbove && price < this.calmBelow) return false;
    const signal = this.take(price);
    this.watch();
    return signal;
  }

  /** A signal was followed by an entry; after the last one of an impulse the detector looks for the next impulse. */
  entered(price: number): void {
    this.entries += 1;
    if (this.entries >= this.entriesMax) this.restart(price);
    this.watch();
  }

  private take(price: number): boolean {
    if (this.phase === IDLE) {
      if (price < this.low) this.low = price;
      if (price - this.low >= this.impulse) {
        this.phase = IMPULSE;
        this.high = price;
        this.entries = 0;
      }
      return false;
    }
    if (this.phase === PULLBACK) return this.confirms(price);
    if (price > this.high) this.high = price;
    if (this.high - price >= this.pullback) {
      this.phase = PULLBACK;
      this.trough = price;
      if (price <= this.low) this.restart(price);
    }
    return false;
  }

  /** A little narrower than the rules, so that a price on the edge is always looked at by them. */
  private watch(): void {
    if (this.phase === IMPULSE) {
      this.calmAbove = this.high - this.pullback + PRICE_TOLERANCE;
      this.calmBelow = this.high + PRICE_TOLERANCE;
    } else {
      const base = this.phase === IDLE ? this.low : this.trough;
      this.calmAbove = base - PRICE_TOLERANCE;
      this.calmBelow = base + (this.phase === IDLE ? this.impulse : this.confirmation) - PRICE_TOLERANCE;
    }
  }

  private confirms(price: number): boolean {
    if (price <= this.low) {
      this.restart(price);
      return false;
    }
    if (price < this.trough) this.trough = price;
    if (price - this.trough < this.confirmation) return false;
    this.phase = IMPULSE;
    if (price > this.high) this.high = price;
    return true;
  }

  private restart(price: number): void {
    this.phase = IDLE;
    this.low = price;
  }
}
