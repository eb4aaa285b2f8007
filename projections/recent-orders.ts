/**
 * The newest listed orders of each trader with the count of all, kept in memory once somebody asked. A list is taken over from the
 * table only when nothing of that trader moved meanwhile, so that its count is exact.
 */
import type { ListQuery, Page, Queries } from './queries.ts';
import type { OrderRow } from './rows.ts';
import { SortedRows } from './sorted-rows.ts';

const ROWS_PER_TRADER = 50;
const TRADERS_MAX = 4_000;

interface Recent {
  readonly rows: SortedRows<OrderRow>;
  total: number;
}

export const listedOrders = (traderId: string, offset: number, limit: number): ListQuery => ({
  where: [
    { column: 'traderId', eq: traderId },
    { column: 'listed', eq: true },
  ],
  orderBy: [{ column: 'sequence', direction: 'desc' }],
  offset,
  limit,
});

export class RecentOrders {
  private readonly traders = new Map<string, Recent>();
  private readonly loading = new Map<string, { disturbed: boolean }>();

  constructor(private readonly queries: Queries) {}

  /** A new trader has no orders: its list is known from the start. Returns rows that nobody keeps any more. */
  born(traderId: string): readonly OrderRow[] {
    return this.keep(traderId, []);
  }

  /** The page if it is in memory. */
  page(traderId: string, offset: number, limit: number): Page<OrderRow> | undefined {
    const recent = this.traders.get(traderId);
    if (!recent) return undefined;
    this.traders.delete(traderId);
    this.traders.set(traderId, recent);
    const known = recent.rows.size === recent.total || offset + limit <= recent.rows.size;
    return known ? { rows: recent.rows.page(offset, limit), total: recent.total } : undefined;
  }

  has(row: OrderRow): boolean {
    return this.traders.get(row.traderId)?.rows.has(row) ?? false;
  }

  /** An order moved, committed or not: a list that is being loaded can't be trusted. */
  disturb(traderId: string): void {
    const load = this.loading.get(traderId);
    if (load) load.disturbed = true;
  }

  /** Returns the row that had to leave for this one. */
  put(row: OrderRow, isNew: boolean): OrderRow | undefined {
    this.disturb(row.traderId);
    const recent = this.traders.get(row.traderId);
    if (!recent || !row.listed) return undefined;
    if (isNew) recent.total += 1;
    if (!isNew && !recent.rows.has(row)) return undefined;
    recent.rows.put(row);
    return recent.rows.size > ROWS_PER_TRADER ? recent.rows.takeOldest() : undefined;
  }

  /** Reads a trader's newest orders; `quiet` says whether none of them is under way now. Nothing when they moved meanwhile. */
  async load(
    traderId: string,
    quiet: boolean,
  ): Promise<{ kept: readonly OrderRow[]; left: readonly OrderRow[] } | undefined> {
    if (!quiet || this.loading.has(traderId)) return undefined;
    const load = { disturbed: false };
    this.loading.set(traderId, load);
    try {
      const { rows, total } = await this.queries.list('orders', listedOrders(traderId, 0, ROWS_PER_TRADER));
      if (load.disturbed) return undefined;
      return { kept: rows, left: this.keep(traderId, rows, total) };
    } finally {
      if (this.loading.get(traderId) === load) this.loading.delete(traderId);
    }
  }

  clear(): void {
    for (const load of this.loading.values()) load.disturbed = true;
    this.loading.clear();
    this.traders.clear();
  }

  private keep(traderId: string, rows: readonly OrderRow[], total = rows.length): readonly OrderRow[] {
    const sorted = new SortedRows<OrderRow>((row) => row.sequence);
    for (const row of rows) sorted.put(row);
    this.traders.set(traderId, { rows: sorted, total });
    const [oldest] = this.traders;
    if (this.traders.size <= TRADERS_MAX || !oldest) return [];
    this.traders.delete(oldest[0]);
    return oldest[1].rows.page(0, ROWS_PER_TRADER);
  }
}
