/**
 * Ticks on their way into the store: columns of a fixed capacity that are filled, sorted and emptied again and again. Each tick has its
 * position: the how-many-th it is in an unbroken run of one instant in the file. Instant and position name a tick among others.
 */
import type { TickRow } from '../importers/tick-reader.ts';

/** What the order of ticks is made of. */
export interface Instants {
  readonly atMs: Float64Array;
  readonly subMsNs: Int32Array;
  readonly position: Int32Array;
}

export interface StoredTicks extends Instants {
  readonly length: number;
  readonly price: Float64Array;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  readonly volume: Float64Array;
}

/** Below 0 when row `i` of `a` comes before row `j` of `b`; 0 for the same instant and position. */
export const compareInstants = (a: Instants, i: number, b: Instants, j: number): number =>
  a.atMs[i]! - b.atMs[j]! || a.subMsNs[i]! - b.subMsNs[j]! || a.position[i]! - b.position[j]!;

type Columns = readonly (Float64Array | Int32Array)[];

export class TickBuffer implements StoredTicks {
  length = 0;
  /** Whether a row lies before the one above it. */
  isDisordered = false;
  readonly atMs: Float64Array;
  readonly subMsNs: Int32Array;
  readonly position: Int32Array;
  readonly price: Float64Array;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  readonly volume: Float64Array;
  private lastMs = -1;
  private lastNs = -1;
  private lastPosition = 0;

  constructor(readonly capacity: number) {
    this.atMs = new Float64Array(capacity);
    this.subMsNs = new Int32Array(capacity);
    this.position = new Int32Array(capacity);
    this.price = new Float64Array(capacity);
    this.bid = new Float64Array(capacity);
    this.ask = new Float64Array(capacity);
    this.volume = new Float64Array(capacity);
  }

  get isFull(): boolean {
    return this.length === this.capacity;
  }

  push(row: TickRow): void {
    const { length } = this;
    const { atMs, subMsNs } = row;
    const isSame = atMs === this.lastMs && subMsNs === this.lastNs;
    const position = isSame ? this.lastPosition + 1 : 0;
    if (length > 0 && (atMs < this.lastMs || (atMs === this.lastMs && subMsNs < this.lastNs))) this.isDisordered = true;
    this.lastMs = atMs;
    this.lastNs = subMsNs;
    this.lastPosition = position;
    this.atMs[length] = atMs;
    this.subMsNs[length] = subMsNs;
    this.position[length] = position;
    this.price[length] = row.price;
    this.bid[length] = row.bid;
    this.ask[length] = row.ask;
    this.volume[length] = row.volume;
    this.length = length + 1;
  }

  sort(): void {
    if (!this.isDisordered) return;
    const order = Uint32Array.from({ length: this.length }, (_, index) => index);
    order.sort((i, j) => compareInstants(this, i, this, j) || i - j);
    this.take(order);
    this.isDisordered = false;
  }

  /** Keeps these rows only, in this order. */
  take(order: Uint32Array): void {
    for (const column of this.columns()) column.set(Float64Array.from(order, (index) => column[index]!));
    this.length = order.length;
  }

  /**
   * How many rows make the next chunk: all but the last millisecond, of which more may come, so that chunks of a sorted file never
   * touch. All of them when there is no other millisecond, or when time went back.
   */
  whole(): number {
    if (this.isDisordered) return this.length;
    const last = this.atMs[this.length - 1];
    let end = this.length;
    while (end > 0 && this.atMs[end - 1] === last) end -= 1;
    return end === 0 ? this.length : end;
  }

  /** Hands over the first `count` rows to `target`, which is empty, and keeps the rest. */
  moveTo(target: TickBuffer, count: number): void {
    const [own, others] = [this.columns(), target.columns()];
    for (const [index, column] of own.entries()) {
      others[index]!.set(column.subarray(0, count));
      column.copyWithin(0, count, this.length);
    }
    target.length = count;
    target.isDisordered = this.isDisordered;
    this.length -= count;
    this.isDisordered = false;
  }

  clear(): void {
    this.length = 0;
    this.isDisordered = false;
  }

  private columns(): Columns {
    return [this.atMs, this.subMsNs, this.position, this.price, this.bid, this.ask, this.volume];
  }
}
