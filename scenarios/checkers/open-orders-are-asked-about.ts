/**
 * A10. After a crash, or a recovery, each order that a venue may have is asked about there: none of them is believed to rest only because it
 * did so in another life. Looked at in a healed world, for the last life.
 */
import type { CheckedRecord, Checker, Report, Rest } from './checker.ts';
import { Folds } from './folds/folds.ts';

/** Where a venue has the order, or may have it. */
const HANDED_OVER: ReadonlySet<string> = new Set(['sent', 'working', 'canceling', 'unresolved']);

class OpenOrdersAreAskedAbout implements Checker {
  readonly name = 'A10 open orders are asked about';
  readonly folds;
  private readonly orders;
  private epoch: number | undefined;
  private landedAt = 0;
  /** Orders that were open when the last life began, and the last moment of the one before. */
  private left: readonly string[] = [];
  private leftAt = 0;

  constructor({ orders }: Folds) {
    this.orders = orders;
    this.folds = [orders];
  }

  /** Behind the fold, which has taken the first record of the life: nothing is handed over by that one. */
  onRecord({ epoch, landedAt }: CheckedRecord): void {
    if (epoch !== (this.epoch ?? epoch)) {
      const isOpen = [...this.orders.open].filter(([, { stage }]) => HANDED_OVER.has(stage));
      this.left = isOpen.map(([orderId]) => orderId);
      this.leftAt = this.landedAt;
    }
    this.epoch = epoch;
    this.landedAt = landedAt;
  }

  atRest({ venueCalls, healed }: Rest, report: Report): void {
    if (!healed) return;
    const asked = new Set<string>();
    for (const { call, clientOrderId, at } of venueCalls)
      if (call === 'lookup' && at >= this.leftAt) asked.add(clientOrderId);
    for (const orderId of this.left)
      if (this.orders.open.has(orderId) && !asked.has(orderId))
        report(`order ${orderId} was open when this life began, and nobody has asked the venue about it`);
  }
}

export const openOrdersAreAskedAbout = (folds = new Folds()): Checker => new OpenOrdersAreAskedAbout(folds);
