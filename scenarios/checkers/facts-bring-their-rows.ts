/**
 * D6. One commit writes what belongs together: with each fact of an order its row, or that the row is gone when the order has ended, and
 * with each fact that something outside is to follow the promise that it will.
 */
import type { EntityRow } from '../../runtime/store.ts';
import type { CheckedGroup, Checker, Report } from './checker.ts';
import { factOf, isOfOrder, orderIdOf } from './folds/facts.ts';
import { Folds } from './folds/folds.ts';

const AGENT = 'orders';
/** Facts that are followed by a call of the venue. */
const PROMISES: ReadonlySet<string> = new Set(['order.intended', 'order.cancel-requested', 'order.lookup-requested']);

/** Without spelling the state of a row that is there. */
const isGone = (row: EntityRow): boolean => row.isRemoved ?? row.state === null;

class FactsBringTheirRows implements Checker {
  readonly name = 'D6 facts bring their rows';
  readonly takes = [];
  readonly folds;
  private readonly orders;

  constructor({ orders }: Folds) {
    this.orders = orders;
    this.folds = [orders];
  }

  onRecord(): void {}

  onGroup({ records, commit: { group } }: CheckedGroup, report: Report): void {
    for (const record of records) {
      const fact = factOf(record);
      if (!isOfOrder(fact) || (fact.type === 'order.filled' && fact.late)) continue;
      const what = `the ${fact.type} ${record.sequence}`;
      // A cancel that is asked for again changes nothing of its order.
      if (fact.type !== 'order.cancel-requested') this.checkRow(orderIdOf(fact), what, group.rows, report);
      const { sequence } = record;
      if (PROMISES.has(fact.type) && !group.opened.some((effect) => effect.sequence === sequence))
        report(`${what} is committed, and no promise of what follows it`);
    }
  }

  private checkRow(orderId: string, what: string, rows: readonly EntityRow[], report: Report): void {
    const row = rows.find(({ agent, entity }) => entity === orderId && agent === AGENT);
    if (!row) report(`${what} is committed without the row of order ${orderId}`);
    else if (isGone(row) === this.orders.open.has(orderId))
      report(`${what} is committed, and the row of order ${orderId} is ${isGone(row) ? 'taken away' : 'kept'}`);
  }

  atRest(): void {}
}

export const factsBringTheirRows = (folds = new Folds()): Checker => new FactsBringTheirRows(folds);
