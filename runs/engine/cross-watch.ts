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
  /** The column whose rows are taken one after the other: from where, to where, and up to which of them the ring has. */
  #column: Float64Array | undefined;
  #first = 0;
  #next = 0;
  #kept = 0;
  /** The ring in its order and behind it as many rows of the column, up to `#copied`: for them the closes that leave are in one place too. */
  readonly #joint: Float64Array;
  #copied = 0;
  /** A column for a close that comes alone. */
  readonly #alone = new Float64Array(1);

  constructor({ fast, slow }: AverageCross) {
    if (!(Number.isInteger(fast) && Number.isInteger(slow) && fast >= 1 && fast < slow))
      throw new Error(`Invariant: averages of ${fast} and ${slow} bars cross`);
    this.closes = new Float64Array(slow);
    this.#joint = new Float64Array(2 * slow);
    this.fastUnits = 0;
    this.slowUnits = 0;
    this.#fast = fast;
  }

  /** Takes closes, as whole units, up to the one on which the averages crossed. Returns the row behind it. */
  take(column: Float64Array, from: number, to: number): number {
    if (column !== this.#column || from !== this.#next) this.begin(column, from);
    const slow = this.closes.length;
    let row = from;
    while (row < to && this.seen < slow) {
      this.fill(column[row]!);
      row += 1;
    }
    // The ring has these: to it the column begins behind them.
    if (row > from) this.begin(column, row);
    this.cued = 0;
    if (row < to && row < this.#first + slow) row = this.crossJoint(column, row, Math.min(to, this.#first + slow));
    if (row < to && this.cued === 0) row = this.cross(column, row, to);
    this.#next = row;
    return row;
  }

  /** Keeps what was taken: before it is remembered. */
  rest(): void {
    const { closes } = this;
    const column = this.#column;
    const [next, kept] = [this.#next, this.#kept];
    if (!column || kept === next) return;
    const slow = closes.length;
    for (let row = Math.max(kept, next - slow); row < next; row += 1)
      closes[(this.slot + row - kept) % slow] = column[row]!;
    this.slot = (this.slot + next - kept) % slow;
    this.#kept = next;
  }

  /** The same for one close, as a price. */
  hears(close: number): Cued {
    this.#alone[0] = Math.round(close * PRICE_SCALE);
    this.take(this.#alone, 0, 1);
    this.rest();
    return this.cued;
  }

  private begin(column: Float64Array, from: number): void {
    this.rest();
    this.#column = column;
    this.#first = from;
    this.#next = from;
    this.#kept = from;
    this.#copied = from;
  }

  /** Rows so near to where the column begins that closes before it leave. */
  private crossJoint(column: Float64Array, from: number, to: number): number {
    const { closes, slot } = this;
    const joint = this.#joint;
    const shift = closes.length - this.#first;
    if (this.#copied === this.#first) {
      joint.set(closes.subarray(slot));
      joint.set(closes.subarray(0, slot), closes.length - slot);
    }
    for (let row = this.#copied; row < to; row += 1) joint[row + shift] = column[row]!;
    this.#copied = Math.max(this.#copied, to);
    return this.cross(joint, from + shift, to + shift) - shift;
  }

  /** Needs the closes of the slow average in the column, in front of the rows. */
  private cross(column: Float64Array, from: number, to: number): number {
    const fast = this.#fast;
    const slow = this.closes.length;
    let { fastUnits, slowUnits, before } = this;
    let cued: Cued = 0;
    let row = from;
    for (; row < to && cued === 0; row += 1) {
      const close = column[row]!;
      fastUnits += close - column[row - fast]!;
      slowUnits += close - column[row - slow]!;
      // Products tell as well on which side the fast average still is, wherever more than rounding lies between: divisions are slow.
      const slowShare = slowUnits * fast;
      if ((fastUnits * slow - slowShare) * before > Math.abs(slowShare) * ROUNDING) continue;
      const now = sideOf(fastUnits / fast, slowUnits / slow);
      if (now * before < 0) cued = now;
      before = now;
    }
    this.fastUnits = fastUnits;
    this.slowUnits = slowUnits;
    this.before = before;
    this.cued = cued;
    return row;
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
