/**
 * Rows of numbers in pieces that never move, given out as objects only where somebody reads them: a run of a million trades makes no
 * object while it runs. Invariant: rows that were taken never change.
 */
const PIECE_ROWS = 1_024;

/** A row as an object; its numbers begin at `offset`. */
export type ReadRow<Row> = (piece: Float64Array, offset: number, sequence: number) => Row;

export class Rows<Row> implements Iterable<Row> {
  private readonly pieces: Float64Array[] = [];
  private last = new Float64Array(0);
  /** Where the next row goes in the last piece. */
  private offset = 0;
  /** Sequence of the first row; the others follow it without a gap. */
  private first = 1;
  readonly #read: ReadRow<Row>;

  constructor(
    private readonly width: number,
    read: ReadRow<Row>,
  ) {
    this.#read = read;
  }

  get length(): number {
    return this.pieces.length === 0 ? 0 : (this.pieces.length - 1) * PIECE_ROWS + this.offset / this.width;
  }

  /** The place of a new row's first number in `numbers`, as that is after the call. */
  add(sequence: number): number {
    if (this.offset === this.last.length) {
      if (this.pieces.length === 0) this.first = sequence;
      this.last = new Float64Array(this.width * PIECE_ROWS);
      this.pieces.push(this.last);
      this.offset = 0;
    }
    const { offset } = this;
    this.offset = offset + this.width;
    return offset;
  }

  get numbers(): Float64Array {
    return this.last;
  }

  at(index: number): Row {
    if (!(index >= 0 && index < this.length)) throw new RangeError(`row ${index} of ${this.length}`);
    const piece = this.pieces[Math.floor(index / PIECE_ROWS)]!;
    return this.#read(piece, (index % PIECE_ROWS) * this.width, this.first + index);
  }

  *[Symbol.iterator](): Iterator<Row> {
    const { length } = this;
    for (let index = 0; index < length; index += 1) yield this.at(index);
  }
}
