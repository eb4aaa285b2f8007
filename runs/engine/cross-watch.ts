/**
 * Watches the cross of two simple averages for a strategy. Invariant: causal; what it says of a row and remembers behind it comes from that
 * row and those before it, so that rows that lie ahead may be in its column, as the rows of a backtest are.
 */
import { PRICE_SCALE } from '../../market/columns.ts';
import type { AverageCross, Cued } from '../../strategies/cue.ts';
import type { Strategy } from '../../strategies/strategy.ts';

/** Far above the error of products and quotients of floats: what lies nearer than this part of it is compared by the averages. */
const ROUNDING = 1e-14;

/** Its fields are its memory, as a strategy's are. */
export class CrossWatch {
  /** What the row before the one that `take` returned says. */
  cued: Cued = 0;
  /** The closes of the slow average as whole units, as a ring: their sums are exact, so that a tie is one wherever a series begins. */
  private readonly closes: Float64Array;
  private slot = 0;
  private seen = 0;
  private fastUnits = 0.5;
  private slowUnits = 0.5;
  /** Where the fast average was at the row before: 1 above the slow one, -1 below it, 0 on it or unknown. */
  private before = 0;
  readonly #fast: number;
  /** A column for a close that comes alone. */
  readonly #alone = new Float64Array(1);

  constructor({ fast, slow }: AverageCross) {
    if (!(Number.isInteger(fast) && Number.isInteger(slow) && fast >= 1 && fast < slow))
      throw new Error(`Invariant: averages of ${fast} and ${slow} bars cross`);
    this.closes = new Float64Array(slow);
    this.fastUnits = 0;
    this.slowUnits = 0;
    this.#fast = fast;
  }

  /** Takes closes, as whole units, up to the one on which the averages crossed. Returns the row behind it. */
  take(column: Float64Array, from: number, to: number): number {
    let row = from;
    for (; row < to && this.seen < this.closes.length; row += 1) this.fill(column[row]!);
    const { closes } = this;
    const fast = this.#fast;
    const slow = closes.length;
    let { slot, fastUnits, slowUnits, before } = this;
    let leaving = slot >= fast ? slot - fast : slot - fast + slow;
    let cued: Cued = 0;
    for (; row < to && cued === 0; row += 1) {
      const close = column[row]!;
      fastUnits = fastUnits + close - closes[leaving]!;
      slowUnits = slowUnits + close - closes[slot]!;
      closes[slot] = close;
      slot = slot + 1 === slow ? 0 : slot + 1;
      leaving = leaving + 1 === slow ? 0 : leaving + 1;
      // Products tell as well on which side the fast average still is, wherever more than rounding lies between: divisions are slow.
      const slowShare = slowUnits * fast;
      if ((fastUnits * slow - slowShare) * before > Math.abs(slowShare) * ROUNDING) continue;
      const now = sideOf(fastUnits / fast, slowUnits / slow);
      if (now * before < 0) cued = now;
      before = now;
    }
    this.slot = slot;
    this.fastUnits = fastUnits;
    this.slowUnits = slowUnits;
    this.before = before;
    this.cued = cued;
    return row;
  }

  /** The same for one close, as a price. */
  hears(close: number): Cued {
    this.#alone[0] = Math.round(close * PRICE_SCALE);
    this.take(this.#alone, 0, 1);
    return this.cued;
  }

  /** One of the first closes, until there are enough for the slow average. */
  private fill(close: number): void {
    const { closes, seen } = this;
    const fast = this.#fast;
    this.fastUnits += close;
    this.slowUnits += close;
    if (seen >= fast) this.fastUnits -= closes[seen - fast]!;
    closes[seen] = close;
    this.seen = seen + 1;
    this.slot = this.seen % closes.length;
    if (this.slot === 0) this.before = sideOf(this.fastUnits / fast, this.slowUnits / closes.length);
  }
}

const sideOf = (fastMean: number, slowMean: number): Cued => (fastMean > slowMean ? 1 : fastMean < slowMean ? -1 : 0);

/** What watches for a strategy; undefined for one that is called on every row. */
export function watchOf(strategy: Strategy): CrossWatch | undefined {
  const cue = strategy.input === 'bars' ? strategy.cue : undefined;
  return cue && new CrossWatch(cue);
}
