/** C34. A trader ends with nothing: no open order, no position; and nothing of it is submitted, filled or sent afterwards. */
import { text } from '../../domain/decimal.ts';
import type { CheckedRecord, Checker, Report } from './checker.ts';
import { factOf } from './folds/facts.ts';
import { Folds } from './folds/folds.ts';

class TerminatedIsFlat implements Checker {
  readonly name = 'C34 terminated is flat';
  readonly takes = ['order.intended', 'trader.terminated'] as const;
  readonly folds;
  private readonly ended = new Set<string>();

  constructor(private readonly known: Folds) {
    this.folds = [known.orders, known.accounts];
  }

  onRecord(record: CheckedRecord, report: Report): void {
    const { orders, accounts } = this.known;
    const fact = factOf(record);
    if (fact.type === 'order.intended' && this.ended.has(fact.ticket.traderId))
      report(`order ${fact.ticket.orderId} is intended for ${fact.ticket.traderId}, which has been terminated`);
    if (fact.type !== 'trader.terminated') return;
    this.ended.add(fact.traderId);
    for (const { ticket, stage } of orders.open.values())
      if (ticket.traderId === fact.traderId && stage !== 'gating' && !ticket.exit)
        report(`${fact.traderId} was terminated, its order ${ticket.orderId} is ${stage}`);
    for (const [symbol, { quantity }] of accounts.accounts.get(fact.accountId)?.holdings ?? [])
      if (!quantity.isZero()) report(`${fact.traderId} was terminated and holds ${text(quantity)} ${symbol}`);
  }

  atRest(): void {}
}

export const terminatedIsFlat = (folds = new Folds()): Checker => new TerminatedIsFlat(folds);
