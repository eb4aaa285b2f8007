/**
 * C3, the receipt. Who stops trading is told which orders a venue already had: each that was handed over before the stop and had not
 * ended when the receipt was written is named in it, and nothing is named as an order that the stop does not cover.
 */
import type { CheckedAnswer, CheckedRecord, Checker, Report } from './checker.ts';
import { factOf } from './folds/facts.ts';
import { Folds } from './folds/folds.ts';
import type { FoldedOrder } from './folds/orders.ts';

/** Where a venue has the order, or may have it. */
const HANDED_OVER: ReadonlySet<string> = new Set(['sent', 'working', 'canceling', 'unresolved']);

class ReceiptsNameWhatLeft implements Checker {
  readonly name = 'C3 receipts name what left';
  readonly takes = ['trading.halted'] as const;
  readonly folds;
  private readonly orders;
  /** Orders that each stop covers and that had left by then. */
  private readonly left = new Map<string, readonly string[]>();

  constructor({ orders }: Folds) {
    this.orders = orders;
    this.folds = [orders];
  }

  onRecord(record: CheckedRecord): void {
    const fact = factOf(record);
    if (fact.type !== 'trading.halted') return;
    const { scope, targetId, stopId } = fact;
    const covers = ({ ticket }: FoldedOrder): boolean =>
      scope === 'system' || targetId === (scope === 'account' ? ticket.accountId : ticket.traderId);
    const left = [...this.orders.open].filter(([, order]) => HANDED_OVER.has(order.stage) && covers(order));
    if (!this.left.has(stopId))
      this.left.set(
        stopId,
        left.map(([orderId]) => orderId),
      );
  }

  onAnswer({ method, path, status, body }: CheckedAnswer, report: Report): void {
    if (method !== 'POST' || path !== '/api/v1/emergency-stop' || status !== 200) return;
    const { stop_id: stopId, affected_components: named } = JSON.parse(body) as {
      stop_id: string;
      affected_components: readonly string[];
    };
    for (const orderId of this.left.get(stopId) ?? [])
      if (this.orders.open.has(orderId) && !named.includes(orderId))
        report(`the receipt of the stop ${stopId} does not name ${orderId}, which had left and works on`);
  }

  atRest(): void {}
}

export const receiptsNameWhatLeft = (folds = new Folds()): Checker => new ReceiptsNameWhatLeft(folds);
