/**
 * Deadlines fire once and in time: at rest no row holds one that is overdue, and an order's gates were waited for no longer than allowed. What
 * is due while the agent that keeps orders is being restarted is due when it is back, what is due in a night is when it is over, and what a
 * clock has been put forward over is due then.
 */
import { type CheckedRecord, type Checker, NIGHT_MS, type Report, type Rest } from './checker.ts';
import { factOf, happenedAt } from './folds/facts.ts';
import { Folds } from './folds/folds.ts';
import { fieldsOf } from './folds/rows.ts';

const GATES_MAX_MS = 5_000;
/** A turn waits for others, never this long. */
const GRACE_MS = 1_000;

class DeadlinesKept implements Checker {
  readonly name = 'A5 deadlines kept';
  readonly folds;
  private readonly agents;
  /** When the last record was made, and the last one that is older. */
  private lastAt = Number.NEGATIVE_INFINITY;
  private beforeAt = Number.NEGATIVE_INFINITY;
  private readonly asked = new Map<string, { readonly at: number; readonly epoch: number }>();

  constructor({ agents }: Folds) {
    this.agents = agents;
    this.folds = [agents];
  }

  onRecord(record: CheckedRecord, report: Report): void {
    const fact = factOf(record);
    const at = happenedAt(record);
    this.note(at);
    if (fact.type === 'order.submitted') this.asked.set(fact.ticket.orderId, { at, epoch: record.epoch });
    if (fact.type === 'order.held' || fact.type === 'order.intended') this.asked.delete(fact.ticket.orderId);
    if (fact.type !== 'order.ended') return;
    const asked = this.asked.get(fact.orderId);
    this.asked.delete(fact.orderId);
    if (!asked || asked.epoch !== record.epoch) return;
    const tookMs = at - asked.at;
    const { putForwardAt = at } = record;
    const leptAt = putForwardAt < at ? putForwardAt : Number.NEGATIVE_INFINITY;
    const lateMs = at - Math.max(asked.at + GATES_MAX_MS, this.agents.backAt('orders'), leptAt);
    if (lateMs > GRACE_MS && at - this.beforeAt < NIGHT_MS)
      report(`order ${fact.orderId} was in its gates for ${tookMs} ms`);
    if (
      fact.denial?.code === 'GATE_UNAVAILABLE' &&
      fact.denial.explanation.includes('in time') &&
      tookMs < GATES_MAX_MS
    )
      report(`order ${fact.orderId} was given up by its gates after ${tookMs} ms`);
  }

  private note(at: number): void {
    if (at <= this.lastAt) return;
    this.beforeAt = this.lastAt;
    this.lastAt = at;
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

export const deadlinesKept = (folds = new Folds()): Checker => new DeadlinesKept(folds);
