/**
 * Hosts all open orders. Each is an order machine; halts are shared knowledge, so that the release turn can look once more.
 * Invariant: a venue is asked only as a reaction to a committed `order.intended`, and after the halt was looked at in the same step.
 */

import { orderMachine } from '../../machines/order.machine.ts';
import type { OrderContext } from '../../machines/order-context.ts';
import type { OrderDue } from '../../machines/order-events.ts';
import type { OrderTicket, Scope } from '../../messages/common.ts';
import type { Halt, TradingHalted, TradingResumed } from '../../messages/halt.ts';
import type {
  OrderAnswered,
  OrderCancelAnswered,
  OrderRelease,
  OrderSubmit,
  OrdersOpen,
  OrdersOpenAnswered,
  VenueReported,
} from '../../messages/order.ts';
import type { AgentDefinition, Latest } from '../../runtime/agent.ts';
import { functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import { quoteFor } from '../quotes.ts';
import type { Venue } from '../venue.ts';
import { venueEffects } from './effects.ts';

interface Known {
  readonly halts: readonly Halt[];
}

interface OpenOrder {
  readonly value: string | object;
  readonly context: OrderContext;
}

const knowledge = functionLogic<Known, TradingHalted | TradingResumed>({ halts: [] }, (known, message) => {
  if (message.type === 'trading.halted') {
    const { type, at, ...halt } = message;
    return known.halts.some(({ stopId }) => stopId === halt.stopId) ? known : { halts: [...known.halts, halt] };
  }
  if (message.type === 'trading.resumed')
    return { halts: known.halts.filter(({ stopId }) => stopId !== message.stopId) };
  return known;
});

type Owned = Pick<OrderTicket, 'traderId' | 'accountId' | 'exit'> & { readonly reduces: boolean };

function isInScope(
  { scope, targetId }: { readonly scope: Scope; readonly targetId?: string | undefined },
  { accountId, traderId }: Pick<OrderTicket, 'traderId' | 'accountId'>,
): boolean {
  return scope === 'system' || (scope === 'account' ? targetId === accountId : targetId === traderId);
}

/** Exits are never covered: cancels and exits always pass. What risk has seen to reduce passes a halt that was in force then and lets reduction pass. */
const covering = (halts: readonly Halt[], order: Owned): Halt | undefined =>
  order.exit ? undefined : halts.find((halt) => isInScope(halt, order) && !(halt.mode === 'reduce' && order.reduces));

/** States in which a venue has the order, or may have it. */
const HANDED_OVER = new Set<unknown>(['sending', 'working', 'canceling', 'unresolved', 'asking']);

function prepare(message: Message, shared: unknown, latest: Latest): Message {
  if (message.type === 'order.submit') {
    const submit = message as OrderSubmit;
    const { type, at, ticket } = submit;
    const quote = quoteFor(ticket.symbol, latest);
    if (!quote) return submit;
    const priced: OrderSubmit = { type, at, ticket, quote };
    return priced;
  }
  if (message.type === 'order.due')
    return { ...message, quote: quoteFor((message as OrderDue).symbol, latest) } as OrderDue;
  if (message.type === 'order.release') {
    const halt = covering((shared as Known).halts, message as OrderRelease);
    return halt ? ({ ...message, haltId: halt.stopId } as OrderRelease) : message;
  }
  return message;
}

function openOrders(message: Message, entities: ReadonlyMap<string, unknown>): readonly OrdersOpenAnswered[] {
  const query = message as OrdersOpen;
  const orderIds: string[] = [];
  for (const [orderId, state] of entities) {
    const { context, value } = state as OpenOrder;
    if (isInScope(query, context.ticket) && (!query.handedOver || HANDED_OVER.has(value))) orderIds.push(orderId);
  }
  return [{ type: 'orders.open-answered', requestId: query.requestId, orderIds: orderIds.sort() }];
}

function unknown(message: Message): readonly Message[] {
  const { orderId } = message as Message & { orderId: string };
  if (message.type === 'order.get') {
    const answer: OrderAnswered = { type: 'order.answered', orderId, order: null };
    return [answer];
  }
  if (message.type === 'order.cancel') {
    const answer: OrderCancelAnswered = { type: 'order.cancel-answered', orderId, outcome: 'not-found', order: null };
    return [answer];
  }
  return [];
}

/** Of what the venue has said nothing can be taken, or nothing could be asked: nobody can tell, and the order asks again. */
function unresolved(parked: Message): VenueReported {
  const { orderId, ticket } = parked as Message & {
    readonly orderId?: string;
    readonly ticket?: { readonly orderId: string };
  };
  const reason = 'what the venue said could not be taken';
  return { type: 'venue.reported', orderId: orderId ?? ticket?.orderId ?? '', status: 'unresolved', fills: [], reason };
}

export interface OrdersOptions {
  readonly venue: Venue;
  /** Orders above this amount are not autonomous. Decimal text in account currency. */
  readonly autonomousThreshold: string;
  /** May orders be varied that ask for it? */
  readonly variance: boolean;
  /** A clock that nobody puts forward or back, in milliseconds. */
  readonly monotonic: () => number;
}

export function ordersAgent({ venue, autonomousThreshold, variance, monotonic }: OrdersOptions): AgentDefinition {
  return {
    address: 'orders',
    version: 1,
    logic: orderMachine,
    input: { autonomousThreshold, variance },
    shared: knowledge,
    accepts: [
      'order.submit',
      'order.get',
      'order.cancel',
      'order.reconcile',
      'order.decided',
      'order.release',
      'order.book-late-fill',
      'orders.open',
      'venue.reported',
      'resumed',
    ],
    reads: ['trading.halted', 'trading.resumed'],
    awaits: ['gate.answered', 'approval.recalled'],
    durable: true,
    from: 'start',
    keyed: {
      key: (message) =>
        message.type === 'order.submit'
          ? (message as OrderSubmit).ticket.orderId
          : (message as { orderId?: string }).orderId,
      creates: ['order.submit', 'order.book-late-fill'],
      ended: (state) => (state as { status: string }).status === 'done',
      fanOut(message, entities) {
        if (message.type !== 'trading.halted') return [];
        const halt = message as TradingHalted;
        const withdrawn: string[] = [];
        // Also what reduced when risk saw it: the position has moved since, and what still reduces is submitted again.
        for (const [orderId, state] of entities) {
          const { ticket } = (state as OpenOrder).context;
          if (!ticket.exit && isInScope(halt, ticket)) withdrawn.push(orderId);
        }
        return withdrawn;
      },
      scans: { 'orders.open': openOrders },
      unknown,
    },
    prepare,
    // Who waits for an order to settle, or submits it again, is answered when it does.
    parks: ['order.get', 'order.submit'],
    ignores: [
      ...['gate.answered', 'venue.reported', 'resumed', 'trading.halted', 'trading.resumed', 'order.decided'],
      ...['approval.recalled', 'order.reconcile', 'order.release', 'order.insist'],
    ],
    effects: venueEffects(venue, monotonic),
    instead: unresolved,
  };
}
