/**
 * An approval is bound to what was shown, expires, and is used once: its hash is the hash of its content, a decision comes before its
 * end or says that it expired, the order it allows is counted at a price inside the band, and nothing else uses it.
 */
import { createHash } from 'node:crypto';
import { exact, text } from '../../domain/decimal.ts';
import type { ApprovalDecided, ApprovalRequest } from '../../messages/approval.ts';
import type { OrderIntended } from '../../messages/order.ts';
import type { CheckedRecord, Checker, Report } from './checker.ts';
import { multiplierOf } from './folds/accounts.ts';
import { factOf, happenedAt } from './folds/facts.ts';

const POLICY_VERSION = '1';
/** The ask that an order is counted at lies this far above the last price at most. */
const SPREAD_RATIO = '0.002';

interface Bound {
  request: ApprovalRequest;
  decided: ApprovalDecided | undefined;
  used: boolean;
}

function hashOf({ ticket, band }: ApprovalRequest): string {
  const { traderId, symbol, side, quantity } = ticket;
  return createHash('sha256')
    .update(JSON.stringify([traderId, symbol, side, quantity, band.low, band.high, POLICY_VERSION]))
    .digest('hex');
}

class ApprovalsAreBound implements Checker {
  readonly name = 'A3 approvals are bound';
  readonly takes = ['approval.requested', 'approval.repriced', 'approval.decided', 'order.intended'] as const;
  private readonly requests = new Map<string, Bound>();
  private readonly byOrder = new Map<string, Bound>();

  onRecord(record: CheckedRecord, report: Report) {
    const fact = factOf(record);
    switch (fact.type) {
      case 'approval.requested': {
        const bound: Bound = { request: fact, decided: undefined, used: false };
        this.requests.set(fact.requestId, bound);
        this.byOrder.set(fact.orderId, bound);
        return this.checkHash(bound, report);
      }
      case 'approval.repriced': {
        const bound = this.requests.get(fact.requestId);
        if (!bound) return;
        const { shownPrice, band, contentHash } = fact;
        bound.request = { ...bound.request, shownPrice, band, contentHash };
        return this.checkHash(bound, report);
      }
      case 'approval.decided':
        return this.decide(fact, happenedAt(record), report);
      case 'order.intended':
        return this.use(fact, report);
    }
  }

  private checkHash({ request }: Bound, report: Report) {
    if (request.contentHash !== hashOf(request)) report(`the hash of ${request.requestId} is not that of its content`);
  }

  private decide(fact: ApprovalDecided, at: number, report: Report) {
    const bound = this.requests.get(fact.requestId);
    if (!bound || bound.decided) return;
    bound.decided = fact;
    const lateMs = at - bound.request.expiresAt;
    if (fact.decision === 'expired' && lateMs < 0) report(`${fact.requestId} expired ${-lateMs} ms before its end`);
    if (fact.decision !== 'expired' && fact.by !== 'system' && lateMs > 0)
      report(`${fact.requestId} was ${fact.decision} by ${fact.by} ${lateMs} ms after it had expired`);
  }

  private use({ ticket, gates, approvedBy }: OrderIntended, report: Report) {
    const bound = this.byOrder.get(ticket.orderId);
    // An order that is handed over once more is intended once more: the same approval, the same content.
    if (!bound || bound.used || approvedBy === undefined) return;
    bound.used = true;
    const { request } = bound;
    const reserved = gates.find(({ gate, allowed }) => gate === 'risk' && allowed)?.reserved;
    if (reserved === undefined) return;
    const price = exact(reserved).dividedBy(exact(ticket.quantity).times(multiplierOf(ticket.symbol)));
    const ceiling = exact(request.band.high).times(exact('1').plus(SPREAD_RATIO));
    // The stated price counts when it is the higher one, wherever the market is.
    if (price.greaterThan(ceiling) && price.greaterThan(ticket.price))
      report(`${request.requestId} was approved up to ${request.band.high}, its order counts at ${text(price)}`);
  }

  atRest(): void {}
}

export const approvalsAreBound = (): Checker => new ApprovalsAreBound();
