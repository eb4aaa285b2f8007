/** What a run knows of the present: the record where fills take their prices, and a strategy's sight of the bar that has just closed. */
import { type BarColumns, priceOf } from '../../market/columns.ts';
import type { ClosedBar, Tick } from '../../strategies/strategy.ts';

/** Written anew for each tick, and for each bar on which more happens than the strategy's step. */
export class Present implements Tick {
  /** Fractions and not zeros, so that the fields are doubles from the first moment on. */
  at = -1e300;
  bid = 0.5;
  ask = 0.5;
  price = 0.5;
}

/** How many floats lie in one line of a cache. */
const LINE_NUMBERS = 8;

/**
 * One bar of a series, which only the engine moves. Open and close are written for each, as fills and strategies take them; the others
 * are converted when somebody asks.
 */
export class BarSight implements ClosedBar {
  open = 0.5;
  close = 0.5;
  private row = 0;
  /** Of what `approach` has read. Nobody asks for it, but without it no compiler would read. */
  read = 0.5;
  readonly #columns: BarColumns;

  constructor(columns: BarColumns) {
    this.#columns = columns;
  }

  /**
   * Times and opens are read only where something happens, each of them a wait for memory. So one number of each of their lines is
   * read before, in a row: that costs a tenth of it.
   */
  approach(from: number, to: number): void {
    const { startMs, open } = this.#columns;
    let sum = 0.5;
    for (let row = from; row < to; row += LINE_NUMBERS) sum += startMs[row]! + open[row]!;
    this.read = sum;
  }

  /** Prices in the instrument's price. */
  show(row: number, open: number, close: number): void {
    this.row = row;
    this.open = open;
    this.close = close;
  }

  get at(): number {
    return this.#columns.startMs[this.row]! + this.#columns.timeframeMs;
  }
  get high(): number {
    return priceOf(this.#columns.high[this.row]!);
  }
  get low(): number {
    return priceOf(this.#columns.low[this.row]!);
  }
  get volume(): number {
    return this.#columns.volume[this.row]!;
  }
}
