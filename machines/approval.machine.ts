/**
 * Decides about one order above the autonomous threshold, exactly once: a person approves what was shown, rejects it, or lets
 * it expire. Invariant: nothing is approved outside its price band, or after a decision. A decision is repeated until the
 * order has acted on it, and told to an order that asks for it.
 */
import { assign, emit, setup } from 'xstate';
import { isInBand } from '../domain/approval.ts';
import type {
  ApprovalAnswered,
  ApprovalApprove,
  ApprovalDecided,
  ApprovalRecall,
  ApprovalRecalled,
  ApprovalReject,
  ApprovalRepriced,
  ApprovalRequested,
} from '../messages/approval.ts';
import type { QuoteView } from '../messages/common.ts';
import { deliveredAt } from '../messages/delivered.ts';
import type { OversightReview } from '../messages/gate.ts';
import type { GateAnswered, OrderDecided, OrderEnded, OrderIntended } from '../messages/order.ts';
import type { Resumed } from '../runtime/lifecycle.ts';
import {
  APPROVAL_VALID_MS,
  type ApprovalContext,
  answerFor,
  type Decision,
  decisionOf,
  forOrder,
  type OversightPolicy,
  pendingOf,
  requestFor,
  requestOf,
  shownTo,
} from './approval-context.ts';

/**
 * An order that has not acted on its decision by now never will: it had ended. Longer than the agent of orders may stay down before somebody
 * looks, because an order that still waits then asks what was decided.
 */
const DECISION_KNOWN_MS = 7 * 24 * 60 * 60 * 1_000;

/** An approval with the market at its moment; a symbol without a quote is absent. */
export type PreparedApprove = ApprovalApprove & { readonly quotes: Readonly<Record<string, QuoteView>> };

type Event = OversightReview | PreparedApprove | ApprovalReject | ApprovalRecall | OrderIntended | OrderEnded | Resumed;
type Emitted =
  | GateAnswered
  | ApprovalRequested
  | ApprovalRepriced
  | ApprovalDecided
  | ApprovalAnswered
  | ApprovalRecalled
  | OrderDecided;

const quoteOf = (context: ApprovalContext, { quotes }: PreparedApprove): QuoteView | undefined =>
  quotes[requestOf(context).ticket.symbol];

/** A decision after the end is told what has become of the request: it has expired, now at the latest. */
const tooLate = { target: 'decided', actions: ['expire', 'record', 'answerAgain'] } as const;

export const approvalMachine = (policy: OversightPolicy) =>
  setup({
    types: { context: {} as ApprovalContext, events: {} as Event, emitted: {} as Emitted },
    delays: { validity: APPROVAL_VALID_MS, decisionKnown: DECISION_KNOWN_MS },
    guards: {
      // A deadline fires late after a sleep or a start; what was decided behind it counts no more than it would have in time.
      isOver: ({ context }, event: ApprovalApprove | ApprovalReject | OrderEnded) =>
        deliveredAt(event) >= requestOf(context).expiresAt,
      sawOther: ({ context }, { ifMatch }: ApprovalApprove) =>
        ifMatch !== undefined && ifMatch !== requestOf(context).contentHash,
      // Whose it is, and who has asked for it in his name.
      isOwn: ({ context }, { by }: ApprovalApprove) => {
        const { userId, submittedBy } = requestOf(context).ticket;
        return policy.fourEyes && (by === userId || by === submittedBy);
      },
      hasNoQuote: ({ context }, event: PreparedApprove) => quoteOf(context, event) === undefined,
      leftItsBand: ({ context }, event: PreparedApprove) => {
        const quote = quoteOf(context, event);
        return quote !== undefined && !isInBand(requestOf(context).band, quote.last);
      },
    },
    actions: {
      open: assign((_, review: OversightReview) => ({ pending: requestFor(review, policy) })),
      request: emit(({ context }) => ({ type: 'approval.requested' as const, ...requestOf(context) })),
      hold: emit(({ context }) => {
        const { request, requestedAt } = pendingOf(context);
        const { requestId, orderId, reason } = request;
        const held = { requestId, reason, requestedAt };
        return { type: 'gate.answered' as const, gate: 'oversight' as const, orderId, allowed: false, held };
      }),
      refuse: emit(({ context }, outcome: 'hash-mismatch' | 'four-eyes') => answerFor(context, outcome)),
      answerStale: emit(({ context }, event: PreparedApprove) => {
        const quote = quoteOf(context, event);
        const { shownPrice, band } = requestOf(context);
        return { ...answerFor(context, 'stale'), shown: shownPrice, band, ...(quote && { now: quote.last }) };
      }),
      reprice: assign(({ context }, event: PreparedApprove) => {
        const quote = quoteOf(context, event);
        if (!quote) throw new Error('Invariant: a new price comes from a quote');
        const { request, requestedAt } = pendingOf(context);
        const shown = shownTo(request, quote.last, policy.policyVersion);
        return { pending: { request: { ...request, ...shown }, requestedAt } };
      }),
      tellRepriced: emit(({ context }) => {
        const { requestId, shownPrice, band, contentHash } = requestOf(context);
        return { type: 'approval.repriced' as const, requestId, shownPrice, band, contentHash };
      }),
      expire: assign(({ context }) => ({
        decided: {
          decision: { decision: 'expired' as const, by: 'system', reason: 'nobody decided within 24 hours' },
          processedAt: requestOf(context).expiresAt,
        },
      })),
      decide: assign((_, decided: { decision: Decision; processedAt: number }) => ({ decided })),
      record: emit(({ context }) => {
        const { requestId, orderId, traderId } = requestOf(context);
        const { quote, ...decision } = decisionOf(context).decision;
        return { type: 'approval.decided' as const, requestId, orderId, traderId, ...decision };
      }),
      tellOrder: emit(({ context }) => {
        const { requestId, orderId } = requestOf(context);
        return { type: 'order.decided' as const, requestId, orderId, ...forOrder(context) };
      }),
      recall: emit(({ context }) => {
        const { requestId, orderId } = requestOf(context);
        const known = { type: 'approval.recalled' as const, requestId, orderId, known: true };
        return context.decided ? { ...known, decided: forOrder(context) } : known;
      }),
      answerDecided: emit(({ context }) => {
        const { decision, processedAt } = decisionOf(context);
        if (decision.decision === 'expired') throw new Error('Invariant: nobody asks for an expiry');
        return { ...answerFor(context, decision.decision), currentStatus: decision.decision, processedAt };
      }),
      answerAgain: emit(({ context }) => {
        const { decision, processedAt } = decisionOf(context);
        return { ...answerFor(context, 'already-processed'), currentStatus: decision.decision, processedAt };
      }),
    },
  }).createMachine({
    id: 'approval',
    context: { pending: null, decided: null },
    initial: 'asked',
    states: {
      asked: {
        on: {
          'oversight.review': {
            target: 'pending',
            actions: [{ type: 'open', params: ({ event }) => event }, 'request', 'hold'],
          },
        },
      },
      pending: {
        after: {
          validity: {
            target: 'decided',
            actions: ['expire', 'record'],
          },
        },
        on: {
          'oversight.review': { actions: 'hold' },
          'approval.recall': { actions: 'recall' },
          'approval.approve': [
            { guard: { type: 'isOver', params: ({ event }) => event }, ...tooLate },
            {
              guard: { type: 'sawOther', params: ({ event }) => event },
              actions: { type: 'refuse', params: 'hash-mismatch' },
            },
            {
              guard: { type: 'isOwn', params: ({ event }) => event },
              actions: { type: 'refuse', params: 'four-eyes' },
            },
            {
              guard: { type: 'hasNoQuote', params: ({ event }) => event },
              actions: { type: 'answerStale', params: ({ event }) => event },
            },
            {
              guard: { type: 'leftItsBand', params: ({ event }) => event },
              actions: [
                { type: 'answerStale', params: ({ event }) => event },
                { type: 'reprice', params: ({ event }) => event },
                'tellRepriced',
              ],
            },
            {
              target: 'decided',
              actions: [
                {
                  type: 'decide',
                  params: ({ context, event }) => ({
                    decision: {
                      decision: 'approved',
                      by: event.by,
                      comment: event.comment,
                      quote: quoteOf(context, event),
                    },
                    processedAt: deliveredAt(event),
                  }),
                },
                'record',
                'answerDecided',
              ],
            },
          ],
          'approval.reject': [
            { guard: { type: 'isOver', params: ({ event }) => event }, ...tooLate },
            {
              target: 'decided',
              actions: [
                {
                  type: 'decide',
                  params: ({ event }) => ({
                    decision: { decision: 'rejected', by: event.by, reason: event.reason },
                    processedAt: deliveredAt(event),
                  }),
                },
                'record',
                'answerDecided',
              ],
            },
          ],
          // The user or a halt canceled the order while it waited: nothing is left to decide.
          'order.ended': [
            {
              guard: { type: 'isOver', params: ({ event }) => event },
              target: 'closed',
              actions: ['expire', 'record'],
            },
            {
              target: 'closed',
              actions: [
                {
                  type: 'decide',
                  params: ({ event }) => ({
                    decision: {
                      decision: 'rejected',
                      by: event.by ?? 'system',
                      reason: event.reason ?? `the order was ${event.end}`,
                    },
                    processedAt: deliveredAt(event),
                  }),
                },
                'record',
              ],
            },
          ],
        },
      },
      decided: {
        entry: 'tellOrder',
        after: { decisionKnown: 'closed' },
        on: {
          'oversight.review': { actions: ['hold', 'tellOrder'] },
          'approval.recall': { actions: 'recall' },
          resumed: { actions: 'tellOrder' },
          'approval.approve': { actions: 'answerAgain' },
          'approval.reject': { actions: 'answerAgain' },
          'order.intended': { target: 'closed' },
          'order.ended': { target: 'closed' },
        },
      },
      closed: { type: 'final' },
    },
  });
