/**
 * L2. What has ended with us is over at the venue as well: it does not work there when its end becomes durable, is not found there
 * open by a reconciliation, and a venue that nobody asked to cancel has not filled what we gave up. (A fill that crosses a cancel is late,
 * and no end of it is wrong.)
 */
import type { OrderExternalFound } from '../../messages/reconciliation.ts';
import type { CheckedGroup, CheckedRecord, Checker, Report, Rest } from './checker.ts';
import { factOf } from './folds/facts.ts';

class OverAtTheVenue implements Checker {
  readonly name = 'L2 over at the venue';
  readonly takes = ['order.ended', 'order.external-found'] as const;
  /** How orders that were not filled have ended, by order id. */
  private readonly ends = new Map<string, string>();
  /** Whose end has been read since the last commit. */
  private ended: string[] = [];
  /** Orders that the venue was asked to cancel, in the calls read so far. */
  private readonly cancelled = new Set<string>();
  private callsRead = 0;

  onRecord(record: CheckedRecord, report: Report): void {
    const fact = factOf(record);
    if (fact.type === 'order.ended') {
      this.ends.set(fact.orderId, fact.end);
      this.ended.push(fact.orderId);
    }
    if (record.type !== 'order.external-found') return;
    const { clientOrderId, leavesQuantity } = record.message as OrderExternalFound;
    const end = this.ends.get(clientOrderId);
    if (end !== undefined)
      report(`order ${clientOrderId} has ended as ${end}, and ${leavesQuantity} of it work at the venue`);
  }

  onGroup({ venueOrders }: CheckedGroup, report: Report): void {
    for (const orderId of this.ended)
      if (venueOrders.get(orderId)?.status === 'accepted')
        report(`order ${orderId} ends as ${this.ends.get(orderId)}, and works at the venue`);
    this.ended = [];
  }

  atRest({ venueOrders, venueCalls }: Rest, report: Report): void {
    for (; this.callsRead < venueCalls.length; this.callsRead += 1) {
      const { call, clientOrderId } = venueCalls[this.callsRead]!;
      if (call === 'cancel') this.cancelled.add(clientOrderId);
    }
    for (const [orderId, end] of this.ends)
      if (venueOrders.get(orderId)?.status === 'filled' && !this.cancelled.has(orderId))
        report(`order ${orderId} has ended as ${end}, and the venue has filled it`);
  }
}

export const overAtTheVenue = (): Checker => new OverAtTheVenue();
