/**
 * The bar that a live run is building for a strategy over bars, aligned to UTC: of prints, or of mids where there is no print, as the
 * store's. It closes with the first tick behind it.
 */
import type { ClosedBar, Tick } from '../../strategies/strategy.ts';

export class LiveBar {
  private start = -1;
  private open = 0;
  private high = 0;
  private low = 0;
  private close = 0;
  private volume = 0;
  /** The bar that closed last. */
  closed: ClosedBar = { at: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 };

  /** True when this tick closed a bar. A tick older than the bar changes nothing. */
  take({ at, price, volume }: Tick, timeframeMs: number): boolean {
    const start = at - (at % timeframeMs);
    if (start < this.start) return false;
    const closes = this.start >= 0 && start > this.start;
    if (closes) {
      const { open, high, low, close } = this;
      this.closed = { at: this.start + timeframeMs, open, high, low, close, volume: this.volume };
    }
    if (start > this.start) {
      this.start = start;
      this.open = price;
      this.high = price;
      this.low = price;
      this.volume = 0;
    }
    if (price > this.high) this.high = price;
    if (price < this.low) this.low = price;
    this.close = price;
    this.volume += volume;
    return closes;
  }
}
