/** All traders in the order in which they were created, and of each user those with an account of their own: no bots and no runs. */
import { hasOwnAccount } from '../domain/account.ts';
import type { Page } from './queries.ts';
import type { TraderRow } from './rows.ts';
import { SortedRows } from './sorted-rows.ts';

const byCreation = () => new SortedRows<TraderRow>((row) => row.createdAt);

export interface TradersFilter {
  readonly userId?: string;
  readonly status?: readonly TraderRow['status'][];
  readonly offset: number;
  readonly limit: number;
}

export class TraderLists {
  private all = byCreation();
  private readonly byUser = new Map<string, SortedRows<TraderRow>>();

  put(row: TraderRow): void {
    this.all.put(row);
    if (!hasOwnAccount(row)) return;
    let own = this.byUser.get(row.userId);
    if (!own) {
      own = byCreation();
      this.byUser.set(row.userId, own);
    }
    own.put(row);
  }

  /** Newest first; of one user and in one of some states when given. */
  page({ userId, status, offset, limit }: TradersFilter): Page<TraderRow> {
    const rows = userId === undefined ? this.all : this.byUser.get(userId);
    if (!rows) return { rows: [], total: 0 };
    if (status !== undefined) return rows.filtered((row) => status.includes(row.status), offset, limit);
    return { rows: rows.page(offset, limit), total: rows.size };
  }

  clear(): void {
    this.all = byCreation();
    this.byUser.clear();
  }
}
