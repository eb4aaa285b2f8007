/**
 * Holds orders above the autonomous threshold until a person decides; one approval a request, exactly once. A request leaves
 * memory when its order has acted on the decision: later questions about it are answered from the read model.
 */
import { requestIdFor } from '../../domain/approval.ts';
import { compare } from '../../domain/decimal.ts';
import { approvalMachine, type OversightPolicy } from '../../machines/approval.machine.ts';
import type { ApprovalAnswered, ApprovalApprove, ApprovalReject } from '../../messages/approval.ts';
import type { OversightReview } from '../../messages/gate.ts';
import type { GateAnswered, OrderEnded, OrderIntended } from '../../messages/order.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';

type AboutRequest = ApprovalApprove | ApprovalReject;
type AboutOrder = OversightReview | OrderIntended | OrderEnded;

const isAboutRequest = (message: Message): message is AboutRequest =>
  message.type === 'approval.approve' || message.type === 'approval.reject';

/** Exactly the threshold still passes, and so does every exit. */
function needsPerson({ ticket, amount }: OversightReview, { thresholdUsd }: OversightPolicy): boolean {
  return !ticket.exit && compare(amount, thresholdUsd) > 0;
}

const isReview = (message: Message): message is OversightReview => message.type === 'oversight.review';

/** Most orders need nobody: they are answered here, without an entity. */
const waveThrough = (policy: OversightPolicy) =>
  functionLogic<null, Message>(null, (none, message, emit) => {
    if (!isReview(message) || needsPerson(message, policy)) return none;
    const { orderId } = message;
    const allowed: GateAnswered = { type: 'gate.answered', gate: 'oversight', orderId, allowed: true };
    emit(allowed);
    return none;
  });

function orderIdOf(message: AboutOrder): string {
  return message.type === 'order.intended' ? message.ticket.orderId : message.orderId;
}

const notFound = ({ requestId }: AboutRequest): ApprovalAnswered => ({
  type: 'approval.answered',
  requestId,
  outcome: 'not-found',
});

export function oversightAgent(policy: OversightPolicy): AgentDefinition {
  return {
    address: 'oversight',
    version: 1,
    logic: approvalMachine(policy),
    accepts: ['oversight.review', 'approval.approve', 'approval.reject'],
    reads: ['order.intended', 'order.ended'],
    durable: true,
    shared: waveThrough(policy),
    keyed: {
      key(message) {
        if (isAboutRequest(message)) return message.requestId;
        if (isReview(message) && !needsPerson(message, policy)) return undefined;
        return requestIdFor(orderIdOf(message as AboutOrder));
      },
      creates: ['oversight.review'],
      ended: (snapshot) => (snapshot as { status: string }).status === 'done',
      // Most orders never needed a person: what happens to them is no news here.
      unknown: (message) => (isAboutRequest(message) ? [notFound(message)] : []),
    },
    ignores: ['resumed', 'order.intended', 'order.ended'],
  };
}
