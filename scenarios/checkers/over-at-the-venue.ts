/**
 * L2. What has ended with us is over at the venue as well: it is not found there open by a reconciliation, and a venue that nobody asked
 * to cancel has not filled what we gave up. (A fill that crosses a cancel is late, and no end of it is wrong.)
 */
import type { OrderExternalFound } from '../../messages/reconciliation.ts';
import type { CheckedRecord, Checker, Report, Rest } from './checker.ts';
import { factOf } from './folds/facts.ts';

class OverAtTheVenue implements Checker {
  readonly name = 'L2 over at the venue';
  /** How orders that were not filled have ended, by order id. */
  private readonly ends = new Map<string, string>();

  onRecord(record: CheckedRecord, report: Report): void {
    const fact = factOf(record);
    if (fact.type === 'order.ended') this.ends.set(fact.orderId, fact.end);
    if (record.type !== 'order.external-found') return;
    const { clientOrderId, leavesQuantity } = record.message as OrderExternalFound;
    const end = this.ends.get(clientOrderId);
    if (end !== undefined)
      report(`order ${clientOrderId} has ended as ${end}, and ${leavesQuantity} of it work at the venue`);
  }

  atRest({ venueOrders, venueCalls }: Rest, report: Report): void {
    const cancelled = new Set(venueCalls.flatMap((one) => (one.call === 'cancel' ? one.clientOrderId : [])));
    for (const [orderId, end] of this.ends)
      if (venueOrders.get(orderId)?.status === 'filled' && !cancelled.has(orderId))
        report(`order ${orderId} has ended as ${end}, and the venue has filled it`);
  }
}

export const overAtTheVenue = (): Checker => new OverAtTheVenue();
