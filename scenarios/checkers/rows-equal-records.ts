/**
 * I10. At rest the agents' rows are what the records say, field by field: open orders, accounts, quotas and halts. What is set aside
 * for an order that no record has cleared yet is allowed only while that order is in its gates.
 */
import type { CheckedRecord, Checker, Report, Rest } from './checker.ts';
import { AccountsFold } from './folds/accounts.ts';
import { HaltsFold } from './folds/halts.ts';
import { OrdersFold } from './folds/orders.ts';
import { QuotasFold } from './folds/quotas.ts';
import { comparePortfolio, compareRisk } from './rows/accounts.ts';
import { compareHalts, EquityFold } from './rows/halts.ts';
import { compareOrders } from './rows/orders.ts';
import { compareQuotas } from './rows/quotas.ts';

class RowsEqualRecords implements Checker {
  readonly name = 'I10 rows equal records';
  readonly factsOnly = true;
  private readonly orders = new OrdersFold();
  private readonly accounts = new AccountsFold();
  private readonly quotas = new QuotasFold(() => undefined);
  private readonly halts = new HaltsFold();
  private readonly equity = new EquityFold();

  onRecord(record: CheckedRecord): void {
    for (const fold of [this.orders, this.accounts, this.quotas, this.halts, this.equity]) fold.apply(record);
  }

  atRest(rest: Rest, report: Report): void {
    compareOrders(rest, this.orders, report);
    comparePortfolio(rest, this.accounts, report);
    compareRisk(rest, this.orders, this.accounts, report);
    compareQuotas(rest, this.quotas, this.orders, report);
    compareHalts(rest, this.halts, this.equity, report);
  }
}

export const rowsEqualRecords = (): Checker => new RowsEqualRecords();
