/**
 * D5. The uncommitted tail is bounded: while more records wait for the database than the bound allows, nobody's order is taken. Certain for
 * an order whose record was made before the commit that was under way when it was asked for had been answered: nothing was freed meanwhile.
 */
import { BOUNDS } from '../../runtime/bounds.ts';
import type { CheckedAnswer, CheckedGroup, Checker, Report } from './checker.ts';
import { factOf } from './folds/facts.ts';
import { saidIn } from './folds/said.ts';

interface Waited {
  readonly sequence: number;
  /** Up to where the journal was durable when the record was made. */
  readonly durableThen: number;
}

class TailIsBounded implements Checker {
  readonly name = 'D5 tail is bounded';
  readonly takes = [];
  /** Orders that were recorded while a commit was under way. */
  private readonly waited = new Map<string, Waited>();
  private before: CheckedGroup['commit'] | undefined;

  onRecord(): void {}

  onGroup({ commit, records }: CheckedGroup): void {
    const { before } = this;
    this.before = commit;
    // It was handed over in the moment in which the one before was answered: all of it had been recorded by then.
    if (before?.connection !== commit.connection || commit.askedAt > commit.freeAt) return;
    const durableThen = before.group.previousSequence;
    for (const record of records) {
      const fact = factOf(record);
      if (fact.type === 'order.submitted')
        this.waited.set(fact.ticket.orderId, { sequence: record.sequence, durableThen });
    }
  }

  onAnswer({ method, path, status, body, journalThen }: CheckedAnswer, report: Report): void {
    if (!journalThen || method !== 'POST' || !path.endsWith('/trades') || status < 200 || status >= 300) return;
    const { head, watermark } = journalThen;
    if (head - watermark <= BOUNDS.uncommittedRecords) return;
    const said = saidIn(body);
    const id = String(((said.trade ?? said) as Record<string, unknown>).id);
    const order = this.waited.get(id);
    if (order && order.sequence > head && order.durableThen === watermark)
      report(`order ${id} was taken while ${head - watermark} records waited for the database`);
  }

  atRest(): void {}
}

export const tailIsBounded = (): Checker => new TailIsBounded();
