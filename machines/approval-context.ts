/** What a request for approval remembers: what is shown, to what it is bound, and as its order and its people are told of it. */
import { bandAround, contentHash, requestIdFor, thresholdReason } from '../domain/approval.ts';
import { compare, type DecimalText, max, times } from '../domain/decimal.ts';
import type { ApprovalAnswered, ApprovalDecided, ApprovalRequest } from '../messages/approval.ts';
import { deliveredAt } from '../messages/delivered.ts';
import type { OversightReview } from '../messages/gate.ts';
import type { OrderDecision } from '../messages/order.ts';

export interface OversightPolicy {
  /** An order worth more than this waits for a person. */
  readonly thresholdUsd: DecimalText;
  /** Who approves must not be who asked. */
  readonly fourEyes: boolean;
  /** Part of what an approval is bound to. */
  readonly policyVersion: string;
}

export const APPROVAL_VALID_MS = 24 * 60 * 60 * 1_000;

export type Decision = OrderDecision & Pick<ApprovalDecided, 'comment'>;
type Pending = { readonly request: ApprovalRequest; readonly requestedAt: number };
export type ApprovalContext = {
  readonly pending: Pending | null;
  readonly decided: { readonly decision: Decision; readonly processedAt: number } | null;
};

export function pendingOf({ pending }: ApprovalContext): Pending {
  if (!pending) throw new Error('Invariant: a decision needs a request');
  return pending;
}

export function decisionOf({ decided }: ApprovalContext): NonNullable<ApprovalContext['decided']> {
  if (!decided) throw new Error('Invariant: nothing is told before it is decided');
  return decided;
}

/** As its order is told. */
export function forOrder(context: ApprovalContext): OrderDecision {
  const { comment, ...decision } = decisionOf(context).decision;
  return decision;
}

export const requestOf = (context: ApprovalContext): ApprovalRequest => pendingOf(context).request;

export function shownTo(request: Pick<ApprovalRequest, 'ticket'>, shownPrice: DecimalText, policyVersion: string) {
  const { traderId, symbol, side, quantity } = request.ticket;
  const band = bandAround(shownPrice);
  return { shownPrice, band, contentHash: contentHash({ traderId, symbol, side, quantity, band, policyVersion }) };
}

/** The larger of the stated price and the market's is what is shown. */
export function requestFor(review: OversightReview, policy: OversightPolicy): Pending {
  const { orderId, ticket, amount, quote } = review;
  const requestedAt = deliveredAt(review);
  const shownPrice = quote ? max(ticket.price, quote.last) : ticket.price;
  return {
    requestedAt,
    request: {
      requestId: requestIdFor(orderId),
      orderId,
      traderId: ticket.traderId,
      ticket,
      amount,
      reason: thresholdReason(amount, policy.thresholdUsd),
      priority: compare(amount, times(policy.thresholdUsd, '2')) >= 0 ? 'high' : 'medium',
      ...shownTo({ ticket }, shownPrice, policy.policyVersion),
      expiresAt: requestedAt + APPROVAL_VALID_MS,
    },
  };
}

export const answerFor = (context: ApprovalContext, outcome: ApprovalAnswered['outcome']): ApprovalAnswered => {
  const { requestId, orderId, traderId } = requestOf(context);
  return { type: 'approval.answered', requestId, orderId, traderId, outcome };
};
