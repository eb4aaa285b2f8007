/** What the orders agent does outside: hand over, cancel, look up. Each is a reaction to a fact, keyed by the order id at the venue. */

import type { OrderTicket } from '../../messages/common.ts';
import { deliveredAt } from '../../messages/delivered.ts';
import type {
  OrderCancelRequested,
  OrderIntended,
  OrderLookupRequested,
  OrderRelease,
  VenueReported,
} from '../../messages/order.ts';
import type { Effect } from '../../runtime/agent.ts';
import type { Message } from '../../runtime/message.ts';
import type { Venue, VenueOrder, VenueReport } from '../venue.ts';
import { HandOvers } from './hand-overs.ts';

/** Has risk seen, while only reduction passed, that the order only reduces? */
const reducesOnly = (gates: readonly { readonly reduces?: true | undefined }[]): boolean =>
  gates.some(({ reduces }) => reduces === true);

/** What the release turn is told about the order it releases. */
function releaseOf(fact: Message): OrderRelease {
  const { ticket, gates } = fact as OrderIntended;
  const { orderId, traderId, accountId, exit } = ticket;
  return { type: 'order.release', orderId, traderId, accountId, exit, reduces: reducesOnly(gates) };
}

function venueOrder({
  orderId,
  accountId,
  symbol,
  side,
  quantity,
  price,
  orderType,
  timeInForce,
  stopPrice,
}: OrderTicket): VenueOrder {
  const order: VenueOrder = {
    clientOrderId: orderId,
    accountId,
    symbol,
    side,
    quantity,
    price,
    orderType,
    timeInForce,
  };
  return stopPrice === undefined ? order : { ...order, stopPrice };
}

export function venueEffects(venue: Venue, monotonic: () => number): Readonly<Record<string, Effect>> {
  const handOvers = new HandOvers(monotonic);
  const answered = async (
    orderId: string,
    fillsKnown: number | undefined,
    question: () => Promise<VenueReport>,
  ): Promise<VenueReported> => {
    const sinceSentMs = handOvers.sinceMs(orderId);
    const askedMs = monotonic();
    const report = await question();
    const tookMs = monotonic() - askedMs;
    return { type: 'venue.reported', ...report, sinceSentMs, tookMs, fillsKnown };
  };
  return {
    'order.intended': {
      release: { message: releaseOf, proceedsOn: 'order.sent' },
      async run(fact, { signal }) {
        const order = venueOrder((fact as OrderIntended).ticket);
        handOvers.note(order.clientOrderId);
        const report = await answered(order.clientOrderId, 0, () => venue.submit(order, signal));
        if (report.status !== 'unresolved') handOvers.arrived(order.clientOrderId);
        return report;
      },
      async resume(fact, { signal }) {
        const { orderId } = (fact as OrderIntended).ticket;
        const reason = `${venue.name} can't be asked about the order`;
        return answered(orderId, undefined, async () =>
          venue.idempotency === 'none'
            ? { orderId, status: 'unresolved', fills: [], reason }
            : venue.lookup(orderId, signal, deliveredAt(fact)),
        );
      },
    },
    'order.cancel-requested': {
      // A halt's cancels don't wait for anything; a cancel of an order that a lost commit never made is harmless.
      immediate: true,
      repeatable: true,
      async run(fact, { signal }) {
        const { orderId, submittedAt, fillsKnown } = fact as OrderCancelRequested;
        return answered(orderId, fillsKnown, () => venue.cancel(orderId, signal, submittedAt));
      },
    },
    'order.lookup-requested': {
      repeatable: true,
      async run(fact, { signal }) {
        const { orderId, submittedAt, fillsKnown } = fact as OrderLookupRequested;
        return answered(orderId, fillsKnown, () => venue.lookup(orderId, signal, submittedAt));
      },
    },
  };
}
