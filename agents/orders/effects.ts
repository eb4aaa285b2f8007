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

/** Has risk seen, while only reduction passed, that the order only reduces? */
export const reducesOnly = (gates: readonly { readonly reduces?: true | undefined }[]): boolean =>
  gates.some(({ reduces }) => reduces === true);

const reported = (fact: Message, report: VenueReport): VenueReported => ({
  type: 'venue.reported',
  ...report,
  askedAt: deliveredAt(fact),
});

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
  return {
    clientOrderId: orderId,
    accountId,
    symbol,
    side,
    quantity,
    price,
    orderType,
    timeInForce,
    ...(stopPrice !== undefined && { stopPrice }),
  };
}

export function venueEffects(venue: Venue): Readonly<Record<string, Effect>> {
  return {
    'order.intended': {
      release: { message: releaseOf, proceedsOn: 'order.sent' },
      run: async (fact, { signal }) =>
        reported(fact, await venue.submit(venueOrder((fact as OrderIntended).ticket), signal)),
      async resume(fact, { signal }) {
        const { orderId } = (fact as OrderIntended).ticket;
        if (venue.idempotency === 'none')
          return reported(fact, {
            orderId,
            status: 'unresolved',
            fills: [],
            reason: `${venue.name} can't be asked about the order`,
          });
        return reported(fact, await venue.lookup(orderId, signal, deliveredAt(fact)));
      },
    },
    'order.cancel-requested': {
      // A halt's cancels don't wait for anything; a cancel of an order that a lost commit never made is harmless.
      immediate: true,
      repeatable: true,
      async run(fact, { signal }) {
        const { orderId, submittedAt } = fact as OrderCancelRequested;
        return reported(fact, await venue.cancel(orderId, signal, submittedAt));
      },
    },
    'order.lookup-requested': {
      repeatable: true,
      async run(fact, { signal }) {
        const { orderId, submittedAt } = fact as OrderLookupRequested;
        return reported(fact, await venue.lookup(orderId, signal, submittedAt));
      },
    },
  };
}
