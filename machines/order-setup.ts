/**
 * The order machine's words: its events and facts, its guards and actions by name. What happens when is in order.machine.ts.
 */
import { assign, emit, enqueueActions, raise, setup } from 'xstate';
import { compare } from '../domain/decimal.ts';
import type { Denial } from '../domain/denial.ts';
import type { OrderEnd } from '../domain/order.ts';
import type { Gate, OrderStatus, OrderTicket, QuoteView } from '../messages/common.ts';
import { deliveredAt } from '../messages/delivered.ts';
import type { OrderCancelAnswered, OrderDecision, VenueReported } from '../messages/order.ts';
import { lookupDelayMs, REQUEST_LIFE_MS } from './lookup.ts';
import { haltReason, insistDelayMs, mayInsist, refused, wanted } from './order-cancel.ts';
import { amountOf, newFills, type OrderContext, type OrderInput, overfill, startOf, viewOf } from './order-context.ts';
import type { OrderEmitted, OrderEvent } from './order-events.ts';
import { varianceDelayMs, vary } from './order-variance.ts';

const HAND_OVERS_MAX = 3;

const id = (context: OrderContext) => context.ticket.orderId;
const owner = ({ ticket: { orderId, traderId } }: OrderContext) => ({ orderId, traderId });
const sentBy = ({ orderId, traderId, accountId }: OrderTicket) =>
  ({ type: 'order.sent', orderId, traderId, accountId }) as const;
type Question = 'halt.check' | 'compliance.check' | 'risk.reserve' | 'quota.reserve' | 'oversight.review';
/** One literal: a spread of parts is put together field by field. */
const ask = <T extends Question>(type: T, { ticket, amount, quote }: OrderContext) => ({
  type,
  orderId: ticket.orderId,
  ticket,
  amount,
  quote: quote ?? undefined,
});
/** A market that nobody sees now stays what it was: its age tells. */
function atMarket({ ticket, quote: before }: OrderContext, now: QuoteView | undefined) {
  const quote = now ?? before;
  return { quote, amount: amountOf(ticket, quote ?? undefined) };
}
/** A person decides about what is above the threshold, so that no autonomous budget is used for it. */
const isAutonomous = ({ amount, autonomousThreshold, approvedBy }: OrderContext) =>
  approvedBy === null && compare(amount, autonomousThreshold) <= 0;

const neverArrived = ({ accepted, filledQuantity }: OrderContext, event: OrderEvent): boolean =>
  event.type === 'venue.reported' &&
  event.status === 'absent' &&
  !accepted &&
  filledQuantity === '0' &&
  event.sinceSentMs !== undefined &&
  event.sinceSentMs >= REQUEST_LIFE_MS;

/** Told, or told again to an order that has asked. */
function decisionIn(event: OrderEvent): OrderDecision | undefined {
  if (event.type === 'approval.recalled') return event.decided;
  return event.type === 'order.decided' ? event : undefined;
}

function unvaried(ticket: OrderTicket): OrderTicket {
  if (!ticket.variance) return ticket;
  const { variance: _unused, ...asked } = ticket;
  return asked;
}

export const UNAVAILABLE: Denial = {
  code: 'GATE_UNAVAILABLE',
  class: 'unavailable',
  explanation: 'A gate did not answer in time.',
  numbers: {},
};

export const orderSetup = setup({
  types: {
    context: {} as OrderContext,
    events: {} as OrderEvent,
    emitted: {} as OrderEmitted,
    input: {} as OrderInput,
  },
  guards: {
    isDelayed: ({ context, event }) =>
      event.type === 'order.submit' && context.variance && varianceDelayMs(event.ticket) > 0,
    isGate: ({ event }, gate: Gate) => event.type === 'gate.answered' && event.gate === gate,
    isAllowed: ({ event }, gate: Gate) => event.type === 'gate.answered' && event.gate === gate && event.allowed,
    isHeld: ({ event }) => event.type === 'gate.answered' && event.gate === 'oversight' && event.held !== undefined,
    isApproved: ({ context, event }) =>
      event.type === 'gate.answered' && event.gate === 'quota' && event.allowed && context.approvedBy !== null,
    isDecision: ({ event }, decision: OrderDecision['decision']) => decisionIn(event)?.decision === decision,
    isForgotten: ({ event }) => event.type === 'approval.recalled' && !event.known,
    isLook: ({ event }) => event.type === 'order.get' && !event.wait,
    isCovered: ({ event }) => event.type === 'order.release' && event.haltId !== undefined,
    mayHaveLeft: ({ context }) => context.attempts > 1,
    says: ({ event }, status: VenueReported['status']) => event.type === 'venue.reported' && event.status === status,
    isFilled: ({ context }) => context.end === 'filled',
    wantsCancel: ({ context, event }) =>
      context.cancel !== null && event.type === 'venue.reported' && event.status === 'accepted',
    mayInsist: ({ context, event }) =>
      event.type === 'venue.reported' && event.status === 'cancel-rejected' && mayInsist(context.cancel),
    mayHandOverAgain: ({ context, event }) =>
      event.type === 'venue.reported' &&
      event.status === 'absent' &&
      !context.accepted &&
      context.attempts < HAND_OVERS_MAX &&
      context.filledQuantity === '0' &&
      context.cancel === null,
    // Asked before its newest fill was known, the venue may not even have had the order yet.
    isGone: ({ context, event }) =>
      event.type === 'venue.reported' &&
      event.status === 'absent' &&
      context.executions.length > 0 &&
      event.fillsKnown === context.executions.length,
    neverArrived: ({ context, event }) => neverArrived(context, event),
    neverArrivedAndCanceled: ({ context, event }) => neverArrived(context, event) && context.cancel !== null,
    isNews: ({ context }) => !context.accepted,
  },
  delays: {
    lookupDelay: ({ context, event }) => lookupDelayMs(context, event),
  },
  actions: {
    open: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'order.submit') return;
      const varied = vary(event.ticket, context.variance);
      // Without the house's leave an order is what was asked for, and no varied one.
      const ticket = varied?.ticket ?? unvaried(event.ticket);
      const opened = startOf(ticket, event.quote, context, deliveredAt(event));
      enqueue.assign(() => opened);
      enqueue.emit({
        type: 'order.submitted',
        ticket: opened.ticket,
        amount: opened.amount,
        quote: event.quote,
        base: varied?.base,
      });
    }),
    waitForItsTime: raise(({ context: { ticket } }) => ({ type: 'order.due' as const, symbol: ticket.symbol }), {
      delay: ({ context }) => varianceDelayMs(context.ticket),
    }),
    /** What was true when it was submitted may be a minute old. */
    takeMarket: assign(({ context, event }) => (event.type === 'order.due' ? atMarket(context, event.quote) : {})),
    askHalt: emit(({ context }) => ask('halt.check', context)),
    askCompliance: emit(({ context }) => ask('compliance.check', context)),
    askRisk: emit(({ context }) => ask('risk.reserve', context)),
    askQuota: emit(({ context }) => {
      const { orderId, ticket, amount, quote } = ask('quota.reserve', context);
      return { type: 'quota.reserve' as const, orderId, ticket, amount, quote, approved: !isAutonomous(context) };
    }),
    askOversight: emit(({ context }) => ask('oversight.review', context)),
    keepAnswer: assign(({ context, event }) => {
      if (event.type !== 'gate.answered') return {};
      const { gate, allowed, denial, reserved, reduces, held } = event;
      const others = context.gates.filter((earlier) => earlier.gate !== gate);
      return { gates: [...others, { gate, allowed, denial, reserved, reduces, held }] };
    }),
    hold: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'gate.answered' || !event.held) return;
      enqueue.assign({ request: event.held });
      enqueue.emit({
        type: 'order.held',
        ticket: context.ticket,
        requestId: event.held.requestId,
        gates: [...context.gates],
      });
    }),
    recall: emit(({ context }) => ({
      type: 'approval.recall' as const,
      requestId: context.request?.requestId ?? '',
      orderId: id(context),
    })),
    reprice: assign(({ context, event }) => {
      const decision = decisionIn(event);
      return decision ? { approvedBy: decision.by, ...atMarket(context, decision.quote) } : {};
    }),
    intend: enqueueActions(({ context, enqueue }) => {
      const { ticket, gates, approvedBy, attempts } = context;
      enqueue.assign({ attempts: attempts + 1 });
      enqueue.emit({ type: 'order.intended', ticket, gates: [...gates], approvedBy: approvedBy ?? undefined });
    }),
    send: emit(({ context: { ticket } }) => sentBy(ticket)),
    announceWorking: enqueueActions(({ context, enqueue }) => {
      enqueue.assign({ accepted: true });
      enqueue.emit({ type: 'order.working', ...owner(context) });
    }),
    book: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'venue.reported' || event.fills.length === 0) return;
      const { context: after, facts } = newFills(context, event.fills, deliveredAt(event));
      if (facts.length === 0) return;
      enqueue.assign(() => after);
      for (const fact of facts) enqueue.emit(fact);
      const overfilled = overfill(context, after);
      if (overfilled) enqueue.emit(overfilled);
    }),
    bookLate: enqueueActions(({ event, enqueue }) => {
      if (event.type !== 'order.book-late-fill') return;
      const { ticket, fill } = event;
      const { orderId, traderId, accountId, symbol, side } = ticket;
      enqueue.emit({
        type: 'order.filled',
        orderId,
        traderId,
        accountId,
        symbol,
        side,
        ...fill,
        filledQuantity: fill.quantity,
        leavesQuantity: '0',
        averagePrice: fill.price,
        end: false,
        late: true,
      });
    }),
    end: enqueueActions(({ context, event, enqueue }, how: { end: OrderEnd; reason?: string; denial?: Denial }) => {
      const {
        ticket: { orderId, traderId, accountId, symbol },
        filledQuantity,
        cancel,
      } = context;
      const denial = how.denial ?? (event.type === 'gate.answered' ? event.denial : undefined);
      const act = event.type === 'order.cancel' || event.type === 'trading.halted' ? event : decisionIn(event);
      const by = act ? act.by : cancel?.by;
      const told =
        event.type === 'trading.halted'
          ? haltReason(event)
          : event.type === 'venue.reported'
            ? event.reason
            : act?.reason;
      // A venue that cancels what it was asked to knows no better reason than who has asked.
      const asked = event.type === 'venue.reported' && how.end === 'canceled' ? cancel?.reason : undefined;
      const reason = how.reason ?? denial?.explanation ?? asked ?? told ?? cancel?.reason;
      enqueue.assign({
        end: how.end,
        endedAt: deliveredAt(event as OrderEvent),
        denial: denial ?? null,
        reason: reason ?? null,
      });
      enqueue.emit({
        type: 'order.ended',
        orderId,
        traderId,
        accountId,
        symbol,
        end: how.end,
        filledQuantity,
        ...(denial && { denial }),
        ...(reason !== undefined && { reason }),
        ...(by !== undefined && { by }),
      });
    }),
    noteCancel: assign(({ context, event }) => ({ cancel: wanted(context.cancel, event) })),
    noteRefusal: assign(({ context }) => ({ cancel: refused(context.cancel) })),
    insist: raise(() => ({ type: 'order.insist' as const }), {
      id: 'insist',
      delay: ({ context }) => insistDelayMs(context.cancel),
    }),
    requestCancel: emit(({ context }) => ({
      type: 'order.cancel-requested' as const,
      ...owner(context),
      submittedAt: context.submittedAt,
      fillsKnown: context.executions.length,
      by: context.cancel?.by ?? 'system',
      reason: context.cancel?.reason ?? '',
    })),
    announceUnresolved: emit(({ context, event }) => ({
      type: 'order.unresolved' as const,
      ...owner(context),
      reason: (event.type === 'venue.reported' ? event.reason : undefined) ?? 'the venue cannot tell',
    })),
    requestLookup: enqueueActions(({ context, event, enqueue }) => {
      enqueue.assign({ lookups: context.lookups + 1 });
      enqueue.emit({
        type: 'order.lookup-requested',
        ...owner(context),
        submittedAt: context.submittedAt,
        fillsKnown: context.executions.length,
        reason:
          event.type === 'resumed' ? 'after a restart' : event.type === 'order.reconcile' ? event.reason : 'unresolved',
      });
    }),
    answer: emit(({ context }, status: OrderStatus) => ({
      type: 'order.answered' as const,
      orderId: id(context),
      order: viewOf(context, status),
    })),
    /** A late fill is booked; the order itself is no longer here. */
    answerNobody: emit(({ event }) => ({
      type: 'order.answered' as const,
      orderId: event.type === 'order.book-late-fill' ? event.orderId : '',
      order: null,
    })),
    answerUnderWay: emit(({ context }) => ({
      type: 'order.answered' as const,
      orderId: id(context),
      order: viewOf(context, context.attempts > 0 ? 'sending' : 'gating'),
    })),
    /** Nearly no order that fills was asked to end: nobody would hear that it is too late. */
    answerCancel: enqueueActions(
      ({ context, enqueue }, { outcome, status }: { outcome: OrderCancelAnswered['outcome']; status: OrderStatus }) => {
        if (outcome === 'already-ended' && context.cancel === null) return;
        const order = viewOf(context, status);
        enqueue.emit({ type: 'order.cancel-answered', orderId: id(context), outcome, order });
      },
    ),
  },
});
