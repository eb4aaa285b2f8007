/**
 * Rows of numbers in pieces that never move, given out as objects only where somebody reads them: a run of a million trades makes no
 * object while it runs. Invariant: rows that were taken never change.
 */
const PIECE_ROWS = 1_024;

export class Rows<Row> implements Iterable<Row> {
  private readonly pieces: Float64Array[] = [];
  private last = new Float64Array(0);
  /** Where the next row goes in the last piece. */
  private offset = 0;
  readonly #read: (piece: Float64Array, offset: number) => Row;

  constructor(
    private readonly width: number,
    read: (piece: Float64Array, offset: number) => Row,
  ) {
    this.#read = read;
  }

  get length(): number {
    return this.pieces.length === 0 ? 0 : (this.pieces.length - 1) * PIECE_ROWS + this.offset / this.width;
  }

  /** The place of a new row's first number in `numbers`, as that is after the call. */
  add(): number {
    if (this.offset === this.last.length) {
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
    return this.#read(this.pieces[Math.floor(index / PIECE_ROWS)]!, (index % PIECE_ROWS) * this.width);
  }

  *[Symbol.iterator](): Iterator<Row> {
    const { length } = this;
    for (let index = 0; index < length; index += 1) yield this.at(index);
  }
}
