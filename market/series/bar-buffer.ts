/**
 * Bars of one length in the making. A row is a part of a bar: what some ticks of its bucket say. Parts of one bucket, from whichever
 * import, add up to its bar, because each knows when its open and its close were.
 */
export class BarBuffer {
  length = 0;
  readonly startMs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly ticks: Float64Array;
  /** When its first and last tick were, in milliseconds behind its start. */
  readonly openedMs: Float64Array;
  readonly closedMs: Float64Array;

  constructor(readonly capacity: number) {
    const column = (): Float64Array => new Float64Array(capacity);
    this.startMs = column();
    this.open = column();
    this.high = column();
    this.low = column();
    this.close = column();
    this.volume = column();
    this.ticks = column();
    this.openedMs = column();
    this.closedMs = column();
  }

  get isFull(): boolean {
    return this.length === this.capacity;
  }

  /** Adds row `from` of another buffer to row `to`: of equal times the one that is there opened, the other one closed. */
  absorb(to: number, other: BarBuffer, from: number): void {
    const shift = other.startMs[from]! - this.startMs[to]!;
    const openedMs = other.openedMs[from]! + shift;
    const closedMs = other.closedMs[from]! + shift;
    if (openedMs < this.openedMs[to]!) {
      this.openedMs[to] = openedMs;
      this.open[to] = other.open[from]!;
    }
    if (closedMs >= this.closedMs[to]!) {
      this.closedMs[to] = closedMs;
      this.close[to] = other.close[from]!;
    }
    this.high[to] = Math.max(this.high[to]!, other.high[from]!);
    this.low[to] = Math.min(this.low[to]!, other.low[from]!);
    this.volume[to] = this.volume[to]! + other.volume[from]!;
    this.ticks[to] = this.ticks[to]! + other.ticks[from]!;
  }

  /** A new row that begins as row `from` of another buffer, in the bucket from `startMs`. */
  append(startMs: number, other: BarBuffer, from: number): void {
    const to = this.length;
    const shift = other.startMs[from]! - startMs;
    this.startMs[to] = startMs;
    this.open[to] = other.open[from]!;
    this.high[to] = other.high[from]!;
    this.low[to] = other.low[from]!;
    this.close[to] = other.close[from]!;
    this.volume[to] = other.volume[from]!;
    this.ticks[to] = other.ticks[from]!;
    this.openedMs[to] = other.openedMs[from]! + shift;
    this.closedMs[to] = other.closedMs[from]! + shift;
    this.length = to + 1;
  }
}
