/**
 * I3. After a halt nothing that it covers is sent until a named person has released it; only exits leave, and under a halt that lets
 * reduction pass what risk has seen to reduce.
 */
import type { CheckedRecord, Checker, Report } from './checker.ts';
import { factOf } from './folds/facts.ts';
import { Folds } from './folds/folds.ts';

class NothingSentInAHalt implements Checker {
  readonly name = 'I3 nothing sent in a halt';
  readonly takes = ['order.submitted', 'order.intended', 'order.filled', 'order.ended', 'order.sent'] as const;
  readonly folds;
  private readonly halts;
  private readonly exits = new Set<string>();
  private readonly reducing = new Set<string>();

  constructor({ halts }: Folds) {
    this.halts = halts;
    this.folds = [halts];
  }

  onRecord(record: CheckedRecord, report: Report): void {
    const fact = factOf(record);
    if (fact.type === 'order.submitted' && fact.ticket.exit) this.exits.add(fact.ticket.orderId);
    if (fact.type === 'order.intended' && fact.gates.some(({ gate, reduces }) => gate === 'risk' && reduces))
      this.reducing.add(fact.ticket.orderId);
    if (fact.type === 'order.ended' || (fact.type === 'order.filled' && fact.end)) {
      this.exits.delete(fact.orderId);
      this.reducing.delete(fact.orderId);
    }
    if (fact.type !== 'order.sent' || this.exits.has(fact.orderId)) return;
    const halt = this.halts.covering(fact.accountId, fact.traderId, this.reducing.has(fact.orderId));
    if (halt) report(`order ${fact.orderId} was sent although the halt ${halt.stopId} (${halt.scope}) covers it`);
  }

  atRest(): void {}
}

export const nothingSentInAHalt = (folds = new Folds()): Checker => new NothingSentInAHalt(folds);
