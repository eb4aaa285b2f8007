/** Rows in one total order, the newest at the end; pages are read from the end. A row's place never changes, its content may. */
import type { Page } from './queries.ts';

export interface Placed {
  readonly id: string;
}

export class SortedRows<Row extends Placed> {
  private readonly rows: Row[] = [];

  constructor(
    /** Where a row stands: first by this number, then by id. */
    private readonly place: (row: Row) => number,
  ) {}

  get size(): number {
    return this.rows.length;
  }

  has(row: Row): boolean {
    return this.rows[this.indexOf(row)]?.id === row.id;
  }

  put(row: Row): void {
    const index = this.indexOf(row);
    this.rows.splice(index, this.rows[index]?.id === row.id ? 1 : 0, row);
  }

  delete(row: Row): void {
    const index = this.indexOf(row);
    if (this.rows[index]?.id === row.id) this.rows.splice(index, 1);
  }

  takeOldest(): Row | undefined {
    return this.rows.shift();
  }

  /** Newest first. */
  page(offset: number, limit: number): Row[] {
    const end = Math.max(0, this.rows.length - offset);
    return this.rows.slice(Math.max(0, end - limit), end).reverse();
  }

  /** Newest first, only rows that `accepts` takes. */
  filtered(accepts: (row: Row) => boolean, offset: number, limit: number): Page<Row> {
    const rows = this.rows.filter(accepts).reverse();
    return { rows: rows.slice(offset, offset + limit), total: rows.length };
  }

  private indexOf(row: Row): number {
    const at = this.place(row);
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.rows[middle] as Row;
      const before = this.place(other) - at || (other.id < row.id ? -1 : 0);
      if (before < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
