/**
 * A9. Where two people are needed, one is not enough: nobody approves a trade that he asked for, by what the approval says and by what the
 * order says of it, and nobody releases a stop that is his. And two are enough: who may decide at all is not forbidden what somebody else
 * has begun.
 */
import type { OrderTicket } from '../../messages/common.ts';
import type { CheckedAnswer, CheckedRecord, CheckedSettings, Checker, Report } from './checker.ts';
import { factOf } from './folds/facts.ts';

const FORBIDDEN = 403;
const APPROVES = /^\/api\/v1\/oversight\/requests\/([^/]+)\/approve$/;
const RELEASES = /^\/api\/v1\/emergency-stop\/([^/]+)$/;
const DECIDERS: ReadonlySet<unknown> = new Set(['supervisor', 'admin']);

/** Who shows a token that names its owner; undefined: it does not, or he may not decide about anything. */
function deciderOf(authorization = ''): string | undefined {
  const claims = authorization.split('.')[1];
  if (claims === undefined) return undefined;
  const { sub, roles } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
  const mayDecide = Array.isArray(roles) && roles.some((role) => DECIDERS.has(role));
  return mayDecide && typeof sub === 'string' ? sub : undefined;
}

/** The request or the stop that was to be decided about, by the name under which it was acted. */
function decidedIn({ method, path, asked = '{}' }: CheckedAnswer, who: string): string | undefined {
  if (method === 'POST') return APPROVES.exec(path)?.[1];
  const stopId = method === 'DELETE' ? RELEASES.exec(path)?.[1] : undefined;
  // Acting in the name of somebody else is another thing.
  return (JSON.parse(asked) as Record<string, unknown>).authorized_by === who ? stopId : undefined;
}

const askersOf = ({ userId, submittedBy }: OrderTicket): readonly string[] =>
  submittedBy === undefined ? [userId] : [userId, submittedBy];

class TwoPeople implements Checker {
  readonly name = 'A9 two people';
  readonly takes = [
    ...(['approval.requested', 'approval.decided', 'order.intended'] as const),
    ...(['trading.halted', 'trading.resumed'] as const),
  ];
  /** Whose a request is and who asked for it, by request; who stopped, by stop. */
  private readonly first = new Map<string, readonly string[]>();

  constructor(private readonly isAsked: boolean) {}

  onRecord(record: CheckedRecord, report: Report): void {
    const fact = factOf(record);
    switch (fact.type) {
      case 'approval.requested':
        this.first.set(fact.requestId, askersOf(fact.ticket));
        return;
      case 'trading.halted':
        this.first.set(fact.stopId, [fact.by]);
        return;
    }
    if (!this.isAsked) return;
    switch (fact.type) {
      case 'approval.decided':
        if (fact.decision === 'approved' && this.first.get(fact.requestId)?.includes(fact.by))
          report(`${fact.by} has approved ${fact.requestId}, which he asked for himself`);
        return;
      case 'order.intended':
        if (fact.approvedBy !== undefined && askersOf(fact.ticket).includes(fact.approvedBy))
          report(`order ${fact.ticket.orderId} leaves with the approval of ${fact.approvedBy}, who asked for it`);
        return;
      case 'trading.resumed':
        if (this.first.get(fact.stopId)?.includes(fact.by))
          report(`${fact.by} has released the stop ${fact.stopId}, which was his own`);
    }
  }

  onAnswer(answer: CheckedAnswer, report: Report): void {
    if (answer.status !== FORBIDDEN) return;
    const who = deciderOf(answer.authorization);
    const what = who === undefined ? undefined : decidedIn(answer, who);
    const first = what === undefined ? undefined : this.first.get(what);
    if (first && who !== undefined && !first.includes(who))
      report(`${who} may not decide about ${what}, which is of ${first.join(' and ')}: ${answer.body}`);
  }

  atRest(): void {}
}

export const twoPeople = ({ api }: CheckedSettings): Checker => new TwoPeople(api?.fourEyes ?? false);
