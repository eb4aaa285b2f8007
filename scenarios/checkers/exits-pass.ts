/** Cancels and exits always pass: no gate denies an exit but for not being one, and no cancel is refused for a halt, a limit or a quota. */
import type { CheckedAnswer, CheckedRecord, Checker, Report } from './checker.ts';
import { factOf } from './folds/facts.ts';

/** What an exit may be told: it is none, or a gate is away. */
const MAY_DENY_EXITS: ReadonlySet<string> = new Set(['NOT_AN_EXIT', 'GATE_UNAVAILABLE']);
/** Done, nothing there, too late, or the house is down: everything else refuses. */
const CANCEL_ANSWERS: ReadonlySet<number> = new Set([200, 202, 204, 404, 409, 503]);

class ExitsPass implements Checker {
  readonly name = 'A4 cancels and exits pass';
  readonly takes = ['order.submitted', 'order.ended'] as const;
  private readonly exits = new Set<string>();

  onRecord(record: CheckedRecord, report: Report): void {
    const fact = factOf(record);
    if (fact.type === 'order.submitted' && fact.ticket.exit) this.exits.add(fact.ticket.orderId);
    if (fact.type !== 'order.ended' || !this.exits.has(fact.orderId)) return;
    if (fact.denial && !MAY_DENY_EXITS.has(fact.denial.code))
      report(`the exit ${fact.orderId} was denied by ${fact.denial.code}`);
    if (fact.end === 'canceled' && fact.reason?.includes('halt'))
      report(`the exit ${fact.orderId} was cancelled: ${fact.reason}`);
  }

  onAnswer({ method, path, status }: CheckedAnswer, report: Report): void {
    if (method === 'DELETE' && path.includes('/trades/') && !CANCEL_ANSWERS.has(status))
      report(`the cancel ${path} was answered ${status}`);
  }

  atRest(): void {}
}

export const exitsPass = (): Checker => new ExitsPass();
