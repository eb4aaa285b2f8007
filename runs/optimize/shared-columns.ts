/** A whole series as one piece of memory that all threads read. Invariant: the rows are those of its pieces, in their order, copied once. */
import { type BarColumns, midUnits, type TickColumns, type TickKind } from '../../market/columns.ts';

export type Columns = TickColumns | BarColumns;

/** More than this is nothing to search parameters on: 28 bytes a print, 44 a quote. */
const SHARED_ROWS_MAX = 50_000_000;

type Column = Float64Array | Int32Array;

function joined<T extends Column>(parts: readonly { readonly column: T; readonly length: number }[], column: T): T {
  let from = 0;
  for (const part of parts) {
    column.set(part.column.subarray(0, part.length), from);
    from += part.length;
  }
  return column;
}

const floats = (rows: number): Float64Array => new Float64Array(new SharedArrayBuffer(rows * 8));

/** Several kinds of ticks in one series are prints with quotes. */
const kindOf = (pieces: readonly TickColumns[]): TickKind => {
  const [first = 'both', ...others] = new Set(pieces.map(({ kind }) => kind));
  return others.length === 0 ? first : 'both';
};

/** A quote among prints has its mid as price, as it has alone. */
const midsOf = ({ bid, ask, length }: TickColumns): Float64Array =>
  Float64Array.from({ length }, (_, row) => midUnits(bid[row]!, ask[row]!));

/** Undefined for no row. Throws RangeError for more than `SHARED_ROWS_MAX`, and for ticks and bars in one series. */
export function shareColumns(pieces: readonly Columns[]): Columns | undefined {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length === 0) return undefined;
  if (length > SHARED_ROWS_MAX) throw new RangeError(`${length} rows are more than ${SHARED_ROWS_MAX}`);
  const ticks = pieces.filter((piece) => 'atMs' in piece);
  const bars = pieces.filter((piece) => 'startMs' in piece);
  if (ticks.length > 0 && bars.length > 0) throw new RangeError('ticks and bars are not one series');
  return ticks.length > 0 ? shareTicks(ticks, length) : shareBars(bars, length);
}

function shareTicks(pieces: readonly TickColumns[], length: number): TickColumns {
  const of = (pick: (piece: TickColumns) => Float64Array): Float64Array =>
    joined(
      pieces.map((piece) => ({ column: pick(piece), length: piece.length })),
      floats(length),
    );
  const subMsNs = joined(
    pieces.map((piece) => ({ column: piece.subMsNs, length: piece.length })),
    new Int32Array(new SharedArrayBuffer(length * 4)),
  );
  const kind = kindOf(pieces);
  const price = of((piece) => (kind === 'both' && piece.kind === 'quotes' ? midsOf(piece) : piece.price));
  const bid = kind === 'both' ? of((piece) => piece.bid) : price;
  const ask = kind === 'prints' ? price : of((piece) => piece.ask);
  return {
    ...{ kind, length, subMsNs, price, bid, ask },
    ...{ atMs: of((piece) => piece.atMs), volume: of((piece) => piece.volume) },
  };
}

function shareBars(pieces: readonly BarColumns[], length: number): BarColumns {
  const of = (pick: (piece: BarColumns) => Float64Array): Float64Array =>
    joined(
      pieces.map((piece) => ({ column: pick(piece), length: piece.length })),
      floats(length),
    );
  const { timeframeMs } = pieces[0]!;
  return {
    ...{ length, timeframeMs, startMs: of((piece) => piece.startMs), open: of((piece) => piece.open) },
    ...{ high: of((piece) => piece.high), low: of((piece) => piece.low), close: of((piece) => piece.close) },
    ...{ volume: of((piece) => piece.volume), ticks: of((piece) => piece.ticks) },
  };
}
