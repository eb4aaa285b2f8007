/** Where the rows of a backtest come from: chunks in order, which can be asked for again from any chunk on, always with the same rows. */
import type { BarColumns, TickColumns } from '../../market/columns.ts';

/** Where a chunk begins, as plain JSON: given to `chunks`, it begins there again. */
export interface Anchor {
  /** Rows of the series before it. */
  readonly rowsBefore: number;
  readonly place: unknown;
}

export interface Chunk {
  readonly columns: TickColumns | BarColumns;
  /** Of this chunk, or of one before it. */
  readonly anchor: Anchor;
  /** Rows of the series before this chunk. */
  readonly rowsBefore: number;
}

export interface Source {
  /** Rows of the whole series, as far as known; at least those that come. */
  readonly rows: number;
  chunks(from: Anchor | undefined): AsyncIterable<Chunk>;
}

/** Each bar as one print at its close: what a strategy over ticks is given when only bars are asked for. */
export function printsOfBars({ length, startMs, timeframeMs, close, volume }: BarColumns): TickColumns {
  const atMs = startMs.map((start) => start + timeframeMs);
  return {
    ...{ kind: 'prints', length, atMs, subMsNs: new Int32Array(length), price: close, bid: close, ask: close, volume },
  };
}
