/**
 * C3, at the venue. A cancel is asked for at the venue before its record is durable: it waits for no database, so that a halt works
 * also while nothing can be written. Looked at in a healed world, once the venue must have answered.
 */
import type { CheckedGroup, Checker, Report, Rest } from './checker.ts';
import { factOf } from './folds/facts.ts';

/** A call is told when it is over: a minute there at most, and another one back. */
const ANSWERED_WITHIN_MS = 121_000;

interface Due {
  readonly orderId: string;
  readonly sequence: number;
  readonly landedAt: number;
  /** Its count among the cancels of its order: each has a call of its own. */
  readonly count: number;
}

class CancelsLeaveAtOnce implements Checker {
  readonly name = 'C3 cancels leave at once';
  readonly takes = [];
  private readonly counts = new Map<string, number>();
  private due: Due[] = [];

  onRecord(): void {}

  onGroup({ records, landedAt }: CheckedGroup): void {
    for (const record of records) {
      const fact = factOf(record);
      if (fact.type !== 'order.cancel-requested') continue;
      const { orderId } = fact;
      const count = (this.counts.get(orderId) ?? 0) + 1;
      this.counts.set(orderId, count);
      this.due.push({ orderId, sequence: record.sequence, landedAt, count });
    }
  }

  atRest({ venueCalls, now, healed }: Rest, report: Report): void {
    if (!healed) return;
    const over = this.due.filter(({ landedAt }) => now - landedAt > ANSWERED_WITHIN_MS);
    if (over.length === 0) return;
    this.due = this.due.filter(({ landedAt }) => now - landedAt <= ANSWERED_WITHIN_MS);
    const calls = new Map<string, number[]>();
    for (const { call, clientOrderId, at } of venueCalls)
      if (call === 'cancel') calls.set(clientOrderId, [...(calls.get(clientOrderId) ?? []), at]);
    for (const { orderId, sequence, landedAt, count } of over) {
      const before = (calls.get(orderId) ?? []).filter((at) => at <= landedAt).length;
      if (before < count)
        report(`the cancel ${sequence} of ${orderId} had not left for the venue when its record was durable`);
    }
  }
}

export const cancelsLeaveAtOnce = (): Checker => new CancelsLeaveAtOnce();
