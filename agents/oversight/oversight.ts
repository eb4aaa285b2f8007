/**
 * Holds orders above the autonomous threshold until a person decides; one decision a request, exactly once. A request leaves
 * memory when its order has acted on the decision: later questions about it are answered from the read model.
 */
import { allowed, denied } from '../../controls/answer.ts';
import { requestIdFor } from '../../domain/approval.ts';
import { compare } from '../../domain/decimal.ts';
import { approvalMachine, type PreparedApprove } from '../../machines/approval.machine.ts';
import type { OversightPolicy } from '../../machines/approval-context.ts';
import type {
  ApprovalAnswered,
  ApprovalApprove,
  ApprovalRecall,
  ApprovalRecalled,
  ApprovalReject,
} from '../../messages/approval.ts';
import type { OversightReview } from '../../messages/gate.ts';
import type { OrderEnded, OrderIntended } from '../../messages/order.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import { deniedByEnd, type EarlyEnd, rememberEnd } from '../early-ends.ts';
import { meet, quotesFor } from '../quotes.ts';

type Decided = ApprovalApprove | ApprovalReject;
type OversightMessage = OversightReview | Decided | ApprovalRecall | OrderIntended | OrderEnded;
/** A review that the shared part has answered. */
type Prepared = OversightMessage & { readonly answered?: true };

/** Exactly the threshold still passes, and so does every exit. */
function needsPerson({ ticket, amount }: OversightReview, { thresholdUsd }: OversightPolicy): boolean {
  return !ticket.exit && compare(amount, thresholdUsd) > 0;
}

interface Known {
  readonly ends: readonly EarlyEnd[];
  /** Symbols that a person was ever asked about. */
  readonly symbols: readonly string[];
}

/** Most orders need nobody, and some have ended already: both are answered here, without an entity. */
const gate = (policy: OversightPolicy) =>
  functionLogic<Known, OversightMessage>({ ends: [], symbols: [] }, (known, message, emit) => {
    if (message.type === 'order.ended') return { ...known, ends: rememberEnd(known.ends, message) };
    if (message.type !== 'oversight.review') return known;
    const { orderId, ticket } = message;
    const denial = deniedByEnd(known.ends, orderId);
    if (denial) emit(denied('oversight', orderId, denial));
    else if (!needsPerson(message, policy)) emit(allowed('oversight', orderId));
    else {
      const symbols = meet(known.symbols, ticket.symbol);
      return symbols === known.symbols ? known : { ...known, symbols };
    }
    return known;
  });

function requestOf(message: Prepared): string | undefined {
  switch (message.type) {
    case 'approval.approve':
    case 'approval.reject':
    case 'approval.recall':
      return message.requestId;
    case 'order.intended':
      return requestIdFor(message.ticket.orderId);
    case 'order.ended':
      return requestIdFor(message.orderId);
    case 'oversight.review':
      return message.answered ? undefined : requestIdFor(message.orderId);
  }
}

function notFound(message: Message): readonly (ApprovalAnswered | ApprovalRecalled)[] {
  if (message.type === 'approval.recall') {
    const { requestId, orderId } = message as ApprovalRecall;
    return [{ type: 'approval.recalled', requestId, orderId, known: false }];
  }
  if (message.type !== 'approval.approve' && message.type !== 'approval.reject') return [];
  return [{ type: 'approval.answered', requestId: (message as Decided).requestId, outcome: 'not-found' }];
}

export function oversightAgent(policy: OversightPolicy): AgentDefinition {
  return {
    address: 'oversight',
    version: 1,
    logic: approvalMachine(policy),
    shared: gate(policy),
    accepts: ['oversight.review', 'approval.approve', 'approval.reject', 'approval.recall'],
    reads: ['order.intended', 'order.ended'],
    durable: true,
    keyed: {
      key: (message) => requestOf(message as Prepared),
      creates: ['oversight.review'],
      ended: (snapshot) => (snapshot as { status: string }).status === 'done',
      unknown: notFound,
    },
    prepare(message, shared, latest) {
      const { ends, symbols } = shared as Known;
      if (message.type === 'approval.approve')
        return { ...(message as ApprovalApprove), quotes: quotesFor(symbols, latest) } as PreparedApprove;
      if (message.type !== 'oversight.review') return message;
      const review = message as OversightReview;
      if (needsPerson(review, policy) && !deniedByEnd(ends, review.orderId)) return review;
      const { type, at, orderId, ticket, amount, quote } = review;
      const answered: Prepared = { type, at, orderId, ticket, amount, quote, answered: true };
      return answered;
    },
    ignores: ['resumed', 'order.intended', 'order.ended'],
  };
}
