/**
 * I10. The agents' rows are what the records say, field by field: open orders, accounts, quotas and halts; a sample of them with the very
 * commit that writes them, and all at rest. What is set aside for an order that no record has cleared yet is allowed only while that order
 * is in its gates.
 */
import type { EntityRow } from '../../runtime/store.ts';
import type { CheckedGroup, Checker, Fold, Report, Rest } from './checker.ts';
import { Folds } from './folds/folds.ts';
import { comparePortfolio, compareRisk } from './rows/accounts.ts';
import { compareHalts, EquityFold } from './rows/halts.ts';
import { compareOrders } from './rows/orders.ts';
import { compareQuotas } from './rows/quotas.ts';
import { compareTouched, isKnown } from './rows/touched.ts';

/** Of so many rows that are committed one is read: spelling and reading all of them costs as much as the product takes to make them. */
const SAMPLED_OF = 31;

class RowsEqualRecords implements Checker {
  readonly name = 'I10 rows equal records';
  readonly takes = [];
  readonly folds: readonly Fold[];
  private readonly equity = new EquityFold();
  /** Rows that were committed since the last one that was read. */
  private unread = 0;

  constructor(private readonly known: Folds) {
    const { orders, accounts, quotas, halts } = known;
    this.folds = [orders, accounts, quotas, halts, this.equity];
  }

  onRecord(): void {}

  onGroup({ commit: { group } }: CheckedGroup, report: Report): void {
    for (const row of group.rows) if (this.isDue(row)) compareTouched(row, group, this.known, report);
  }

  private isDue(row: EntityRow): boolean {
    if (!isKnown(row)) return false;
    this.unread = (this.unread + 1) % SAMPLED_OF;
    return this.unread === 0;
  }

  atRest(rest: Rest, report: Report): void {
    const { orders, accounts, quotas, halts } = this.known;
    compareOrders(rest, orders, report);
    comparePortfolio(rest, accounts, report);
    compareRisk(rest, orders, accounts, report);
    compareQuotas(rest, quotas, orders, report);
    compareHalts(rest, halts, this.equity, report);
  }
}

export const rowsEqualRecords = (folds = new Folds()): Checker => new RowsEqualRecords(folds);
