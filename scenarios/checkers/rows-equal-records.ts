/**
 * I10. At rest the agents' rows are what the records say, field by field: open orders, accounts, quotas and halts. What is set aside
 * for an order that no record has cleared yet is allowed only while that order is in its gates.
 */
import type { Checker, Fold, Report, Rest } from './checker.ts';
import { Folds } from './folds/folds.ts';
import { comparePortfolio, compareRisk } from './rows/accounts.ts';
import { compareHalts, EquityFold } from './rows/halts.ts';
import { compareOrders } from './rows/orders.ts';
import { compareQuotas } from './rows/quotas.ts';

class RowsEqualRecords implements Checker {
  readonly name = 'I10 rows equal records';
  readonly takes = [];
  readonly folds: readonly Fold[];
  private readonly equity = new EquityFold();

  constructor(private readonly known: Folds) {
    const { orders, accounts, quotas, halts } = known;
    this.folds = [orders, accounts, quotas, halts, this.equity];
  }

  onRecord(): void {}

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
