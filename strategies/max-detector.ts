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
  private readonly impulse: number;
  private readonly pullback: number;
  private readonly confirmation: number;
  private readonly entriesMax: number;

  constructor({ impulse, pullback, confirmation, entriesPerImpulse }: DetectorParameters) {
    this.impulse = impulse - PRICE_TOLERANCE;
    this.pullback = pullback - PRICE_TOLERANCE;
    this.confirmation = confirmation - PRICE_TOLERANCE;
    this.entriesMax = entriesPerImpulse;
  }

  /** Takes the next price; true when it confirms a pullback. */
  signals(price: number): boolean {
    if (this.phase === IDLE) {
      if (price < this.low) this.low = price;
      if (price - this.low >= this.impulse) {
        this.phase = IMPULSE;
        this.high = price;
        this.entries = 0;
      }
      return false;
    }
    if (this.phase === IMPULSE) {
      if (price > this.high) this.high = price;
      if (this.high - price >= this.pullback) {
        this.phase = PULLBACK;
        this.trough = price;
        if (price <= this.low) this.restart(price);
      }
      return false;
    }
    return this.confirms(price);
  }

  /** A signal was followed by an entry; after the last one of an impulse the detector looks for the next impulse. */
  entered(price: number): void {
    this.entries += 1;
    if (this.entries >= this.entriesMax) this.restart(price);
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
