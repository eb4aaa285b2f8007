/**
 * A9. Where two people are needed, one is not enough: nobody approves a trade that he asked for, by what the approval says and by what the
 * order says of it, and nobody releases a stop that is his.
 */
import type { CheckedRecord, CheckedSettings, Checker, Report } from './checker.ts';
import { factOf } from './folds/facts.ts';

class TwoPeople implements Checker {
  readonly name = 'A9 two people';
  readonly takes = [
    ...(['approval.requested', 'approval.decided', 'order.intended'] as const),
    ...(['trading.halted', 'trading.resumed'] as const),
  ];
  /** Who asked, by request; who stopped, by stop. */
  private readonly first = new Map<string, string>();

  constructor(private readonly isAsked: boolean) {}

  onRecord(record: CheckedRecord, report: Report): void {
    if (!this.isAsked) return;
    const fact = factOf(record);
    switch (fact.type) {
      case 'approval.requested':
        this.first.set(fact.requestId, fact.ticket.userId);
        return;
      case 'trading.halted':
        this.first.set(fact.stopId, fact.by);
        return;
      case 'approval.decided':
        if (fact.decision === 'approved' && this.first.get(fact.requestId) === fact.by)
          report(`${fact.by} has approved ${fact.requestId}, which he asked for himself`);
        return;
      case 'order.intended':
        if (fact.approvedBy === fact.ticket.userId)
          report(`order ${fact.ticket.orderId} leaves with the approval of ${fact.approvedBy}, who asked for it`);
        return;
      case 'trading.resumed':
        if (this.first.get(fact.stopId) === fact.by)
          report(`${fact.by} has released the stop ${fact.stopId}, which was his own`);
    }
  }

  atRest(): void {}
}

export const twoPeople = ({ api }: CheckedSettings): Checker => new TwoPeople(api?.fourEyes ?? false);
