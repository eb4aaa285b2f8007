/**
 * Bugs that a scenario can plant by name: an agent hears some messages otherwise than they were sent, or does something it must not.
 * They prove that scenarios and checkers find what they promise to find; the product itself is as it is.
 */
import { type AnyStateMachine, enqueueActions } from 'xstate';
import { requestIdFor } from '../../domain/approval.ts';
import { plus } from '../../domain/decimal.ts';
import type { ApprovalApprove, ApprovalDecided } from '../../messages/approval.ts';
import { deliveredAt } from '../../messages/delivered.ts';
import type { ComplianceCheck, OversightReview, QuotaReserve, RiskReserve } from '../../messages/gate.ts';
import type { EquityMark } from '../../messages/halt.ts';
import type { OrderFilled, VenueReported } from '../../messages/order.ts';
import type { BooksCompared } from '../../messages/reconciliation.ts';
import type { Message } from '../../runtime/message.ts';
import type { PlantedParts } from '../life.ts';
import { keepsFirstPrices, mishears, type Plant, replaces, stepsBy } from './mishearing.ts';
import { checkpointsForgotten, deathsUnnoticed, givenUpStays } from './planted-ports.ts';

export interface PlantedBug {
  /** What the product does wrong then. */
  readonly about: string;
  readonly parts: PlantedParts;
}

/** What an agent takes the message for. */
const meant = <M extends Message>(message: M): M => message;
const TINY = '0.0001';

function tinyOrder(message: Message): Message {
  const request = message as RiskReserve | QuotaReserve | OversightReview;
  return meant<typeof request>({ ...request, amount: TINY, ticket: { ...request.ticket, quantity: TINY } });
}

/** A new id each time it is told: nobody can see that it is the same execution. */
function newExecutions(message: Message, again: number): Message {
  const report = message as VenueReported;
  const fills = report.fills.map((fill) => ({ ...fill, executionId: `${fill.executionId}-told-${again}` }));
  return meant<VenueReported>({ ...report, fills });
}

/** The price that the order states is the market's, as of now. */
function ownPrice(message: Message): Message {
  const request = message as RiskReserve;
  const { price } = request.ticket;
  return meant<RiskReserve>({ ...request, quote: { bid: price, ask: price, last: price, at: deliveredAt(request) } });
}

function freshQuote(message: Message): Message {
  const request = message as RiskReserve;
  if (!request.quote) return request;
  return meant<RiskReserve>({ ...request, quote: { ...request.quote, at: deliveredAt(request) } });
}

function refusedWhenSilent(message: Message): Message {
  const report = message as VenueReported;
  return report.status === 'unresolved' ? meant<VenueReported>({ ...report, status: 'rejected' }) : report;
}

function everythingBuys(message: Message): Message {
  const request = message as RiskReserve;
  return meant<RiskReserve>({ ...request, ticket: { ...request.ticket, side: 'buy' } });
}

function alwaysAnother(message: Message, again: number): Message {
  const request = message as ComplianceCheck;
  const { ticket } = request;
  return meant<ComplianceCheck>({ ...request, ticket: { ...ticket, quantity: plus(ticket.quantity, String(again)) } });
}

const nothingDiffers = (message: Message): Message =>
  meant<BooksCompared>({ ...(message as BooksCompared), positions: [], orders: [], external: [] });

/** Every account is worth what the first of its marks has said. */
function neverLess(): (message: Message) => Message {
  const first = new Map<string, string>();
  return (message) => {
    const mark = message as EquityMark;
    const equity = first.get(mark.accountId) ?? mark.equity;
    first.set(mark.accountId, equity);
    return meant<EquityMark>({ ...mark, equity });
  };
}

const sendsAgain: Plant = replaces('orders', (agent) => {
  const { 'order.intended': intended, ...others } = agent.effects ?? {};
  if (!intended) throw new Error('Invariant: the orders agent hands over what was intended');
  return { ...agent, effects: { ...others, 'order.intended': { ...intended, resume: intended.run } } };
});

/** Whether it still knows the request or has forgotten it: each approval that reaches the agent decides. */
const decidesAgain: Plant = replaces('oversight', (agent) => {
  const reviewed = new Map<string, Pick<ApprovalDecided, 'orderId' | 'traderId'>>();
  const decideUnknown = (message: Message): readonly Message[] => {
    const { requestId, by } = message as ApprovalApprove;
    const about = reviewed.get(requestId);
    if (message.type !== 'approval.approve' || !about) return [];
    const fact: ApprovalDecided = { type: 'approval.decided', requestId, ...about, decision: 'approved', by };
    return [fact, ...(agent.keyed?.unknown?.(message) ?? [])];
  };
  return {
    ...agent,
    logic: (agent.logic as AnyStateMachine).provide({
      actions: {
        answerAgain: enqueueActions(({ enqueue }) => {
          enqueue('record');
          enqueue('answerDecided');
        }),
      },
    }),
    ...(agent.keyed && { keyed: { ...agent.keyed, unknown: decideUnknown } }),
    prepare(message, shared, latest) {
      const { orderId, ticket } = message as OversightReview;
      if (message.type === 'oversight.review')
        reviewed.set(requestIdFor(orderId), { orderId, traderId: ticket.traderId });
      return agent.prepare?.(message, shared, latest) ?? message;
    },
  };
});

const leavesResting: Plant = replaces('orders', (agent) => ({
  ...agent,
  ...(agent.keyed && { keyed: { ...agent.keyed, fanOut: () => [] } }),
}));

/** The first memory of a run stays in its row, and is what a start goes on from. */
const startsOver: Plant = stepsBy('strategies', (step) => (state, message, scope) => {
  const known = state as { readonly first?: unknown };
  const isStart = message.type === 'resumed' && known.first !== undefined;
  const next = step(isStart ? { ...known, memory: known.first, working: null } : state, message, scope);
  return message.type === 'run.created' ? { ...(next as object), first: (next as { memory: unknown }).memory } : next;
});

export const PLANTED: Readonly<Record<string, PlantedBug>> = {
  'sales-booked-as-purchases': {
    about: 'the portfolio adds to a position what was sold of it',
    parts: {
      roster: mishears('portfolio', 'order.filled', (fact) =>
        meant<OrderFilled>({ ...(fact as OrderFilled), side: 'buy' }),
      ),
    },
  },
  'oversight-forgets-size': {
    about: 'oversight takes every order for a small one, and nobody is asked',
    parts: { roster: mishears('oversight', 'oversight.review', tinyOrder) },
  },
  'risk-believes-the-order': {
    about: 'the risk gate takes the price that an order states for the price of the market',
    parts: { roster: mishears('risk', 'risk.reserve', ownPrice) },
  },
  'quotes-never-age': {
    about: 'the risk gate takes every quote for one of this moment',
    parts: { roster: mishears('risk', 'risk.reserve', freshQuote) },
  },
  'silence-is-refusal': {
    about: 'a venue that gives no answer is taken to have refused the order',
    parts: { roster: mishears('orders', 'venue.reported', refusedWhenSilent) },
  },
  'fills-not-deduplicated': {
    about: 'a fill that is told twice is booked twice',
    parts: { roster: mishears('orders', 'venue.reported', newExecutions) },
  },
  'resume-sends-again': {
    about: 'a new life hands an order over once more instead of asking the venue for it',
    parts: { roster: sendsAgain },
  },
  'losses-not-seen': {
    about: 'the breaker goes on with what an account was worth when it was first marked',
    parts: { roster: (roster) => mishears('breaker', 'equity.mark', neverLess())(roster) },
  },
  'quota-forgets-size': {
    about: 'the quota gate counts next to nothing for an order, whatever its size',
    parts: { roster: mishears('quota', 'quota.reserve', tinyOrder) },
  },
  'risk-forgets-size': {
    about: 'the risk gate sets next to nothing aside for an order, whatever its size',
    parts: { roster: mishears('risk', 'risk.reserve', tinyOrder) },
  },
  'risk-forgets-the-side': {
    about: 'the risk gate takes every order for a purchase',
    parts: { roster: mishears('risk', 'risk.reserve', everythingBuys) },
  },
  'repeats-not-counted': {
    about: 'compliance takes a repeated order for another one each time',
    parts: { roster: mishears('compliance', 'compliance.check', alwaysAnother) },
  },
  'differences-not-seen': {
    about: 'reconciliation takes the books for equal to those of the venue whatever they hold',
    parts: { roster: mishears('reconciliation', 'books.compared', nothingDiffers) },
  },
  'approval-at-old-prices': {
    about: 'oversight holds an approval against the price that it saw first',
    parts: { roster: keepsFirstPrices('oversight') },
  },
  'approval-decides-again': {
    about: 'a second approval of a request is a second decision',
    parts: { roster: decidesAgain },
  },
  'bots-forget-positions': {
    about: 'a new life starts each strategy that trades live as if it held nothing',
    parts: { roster: startsOver },
  },
  'given-up-imports-stay': {
    about: 'what was stored of a file stays when the rest of it does not come',
    parts: { series: givenUpStays },
  },
  'checkpoints-forgotten': {
    about: 'a run that goes on begins anew, behind what it has put out already',
    parts: { jobRows: checkpointsForgotten },
  },
  'deaths-unnoticed': {
    about: 'nobody notices that the worker of a run has died',
    parts: { lane: deathsUnnoticed },
  },
  'stop-leaves-orders': {
    about: 'an emergency stop does not cancel what rests at the venue',
    parts: { roster: leavesResting },
  },
};
