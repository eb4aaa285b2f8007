/**
 * Rows of numbers in one growing column, given out as objects only where somebody reads them: a run of a million trades makes no
 * object while it runs. Invariant: rows that were taken never change.
 */
const FIRST_ROWS = 64;

export class Rows<Row> implements Iterable<Row> {
  private column: Float64Array;
  private rows = 0;
  #read: (column: Float64Array, offset: number) => Row;

  constructor(
    private readonly width: number,
    read: (column: Float64Array, offset: number) => Row,
  ) {
    this.column = new Float64Array(width * FIRST_ROWS);
    this.#read = read;
  }

  get length(): number {
    return this.rows;
  }

  /** The place of a new row's first number in the column that comes with it. */
  add(): number {
    const offset = this.rows * this.width;
    if (offset === this.column.length) {
      const larger = new Float64Array(2 * offset);
      larger.set(this.column);
      this.column = larger;
    }
    this.rows += 1;
    return offset;
  }

  get numbers(): Float64Array {
    return this.column;
  }

  at(index: number): Row {
    if (!(index >= 0 && index < this.rows)) throw new RangeError(`row ${index} of ${this.rows}`);
    return this.#read(this.column, index * this.width);
  }

  *[Symbol.iterator](): Iterator<Row> {
    for (let index = 0; index < this.rows; index += 1) yield this.at(index);
  }
}
