/** Deadlines fire once and in time: at rest no row holds one that is overdue, and an order's gates were waited for no longer than allowed. */
import type { CheckedRecord, Checker, Report, Rest } from './checker.ts';
import { factOf, happenedAt } from './folds/facts.ts';
import { fieldsOf } from './folds/rows.ts';

const GATES_MAX_MS = 5_000;
/** A turn waits for others, never this long. */
const GRACE_MS = 1_000;

class DeadlinesKept implements Checker {
  readonly name = 'A5 deadlines kept';
  readonly takes = ['order.submitted', 'order.held', 'order.intended', 'order.ended'] as const;
  private readonly asked = new Map<string, { readonly at: number; readonly epoch: number }>();

  onRecord(record: CheckedRecord, report: Report): void {
    const fact = factOf(record);
    const at = happenedAt(record);
    if (fact.type === 'order.submitted') this.asked.set(fact.ticket.orderId, { at, epoch: record.epoch });
    if (fact.type === 'order.held' || fact.type === 'order.intended') this.asked.delete(fact.ticket.orderId);
    if (fact.type !== 'order.ended') return;
    const asked = this.asked.get(fact.orderId);
    this.asked.delete(fact.orderId);
    if (!asked || asked.epoch !== record.epoch) return;
    const tookMs = at - asked.at;
    if (tookMs > GATES_MAX_MS + GRACE_MS) report(`order ${fact.orderId} was in its gates for ${tookMs} ms`);
    if (
      fact.denial?.code === 'GATE_UNAVAILABLE' &&
      fact.denial.explanation.includes('in time') &&
      tookMs < GATES_MAX_MS
    )
      report(`order ${fact.orderId} was given up by its gates after ${tookMs} ms`);
  }

  atRest({ stored, now, healed }: Rest, report: Report): void {
    if (!healed) return;
    for (const { agent, entity, state } of stored.rows) {
      // Few rows hold a deadline, and those say so.
      if (!state?.includes('"deadlines"')) continue;
      const deadlines = fieldsOf(JSON.parse(state)).deadlines;
      for (const [sendId, due] of Array.isArray(deadlines) ? (deadlines as [string, number][]) : [])
        if (due < now - GRACE_MS) report(`the deadline ${sendId} of ${agent} ${entity} is ${now - due} ms overdue`);
    }
  }
}

export const deadlinesKept = (): Checker => new DeadlinesKept();
