/** What a run knows of the present: the record where fills take their prices, and a strategy's sight of the bar that has just closed. */
import { type BarColumns, priceOf } from '../../market/columns.ts';
import type { ClosedBar, Tick } from '../../strategies/strategy.ts';

/** Gives a present the column that its volume is read from, and moves it to a row. Not methods of it: who holds it can't move it. */
export let showVolumes: (now: Present, volumes: Float64Array) => void;
export let showVolume: (now: Present, row: number) => void;

/** Written anew for each tick, and for each bar on which more happens than the strategy's step. */
export class Present implements Tick {
  /** Fractions and not zeros, so that the fields are doubles from the first moment on. */
  at = -1e300;
  bid = 0.5;
  ask = 0.5;
  price = 0.5;
  /** Most ticks are looked at by nobody who asks for their volume: it is read when somebody does. */
  #volumes: Float64Array = new Float64Array(1);
  #row = 0;

  static {
    showVolumes = (now, volumes) => {
      now.#volumes = volumes;
    };
    showVolume = (now, row) => {
      now.#row = row;
    };
  }

  get volume(): number {
    return this.#volumes[this.#row]!;
  }
}

/** Moves a sight to a row. Not a method of it: who holds a sight can't move it. */
export let showBar: (sight: BarSight, row: number) => void;

/**
 * The one bar of a series that a strategy sees. Invariant: column and row are private to the language, not only to its types, so that no
 * way leads from a sight to another bar. Values are converted when somebody asks.
 */
export class BarSight implements ClosedBar {
  #row = 0;
  readonly #columns: BarColumns;

  constructor(columns: BarColumns) {
    this.#columns = columns;
  }

  static {
    showBar = (sight, row) => {
      sight.#row = row;
    };
  }

  get at(): number {
    return this.#columns.startMs[this.#row]! + this.#columns.timeframeMs;
  }
  get open(): number {
    return priceOf(this.#columns.open[this.#row]!);
  }
  get high(): number {
    return priceOf(this.#columns.high[this.#row]!);
  }
  get low(): number {
    return priceOf(this.#columns.low[this.#row]!);
  }
  get close(): number {
    return priceOf(this.#columns.close[this.#row]!);
  }
  get volume(): number {
    return this.#columns.volume[this.#row]!;
  }
}
