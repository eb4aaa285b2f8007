/** Refuses an order that could trade with a working order of its own account: a trade with oneself moves nothing but the tape. */
import { compare } from '../domain/decimal.ts';
import { opposite } from '../domain/order.ts';
import type { Control, OrderContext } from './control.ts';
import { deny, unknown } from './deny.ts';

/** The worst price at which the order may trade as it works; a stop waits, and of a market order without quote it isn't known. */
export function reachOf({ ticket, quote }: Pick<OrderContext, 'ticket' | 'quote'>): string | undefined {
  if (ticket.orderType === 'stop') return undefined;
  if (ticket.orderType === 'limit') return ticket.price;
  return ticket.side === 'buy' ? quote?.ask : quote?.bid;
}

export const selfMatch: Control = {
  name: 'self-match',
  codes: ['SELF_MATCH', 'GATE_UNAVAILABLE'],
  class: 'limit',
  gate: 'risk',
  settings: [],
  appliesToExits: false,
  rule:
    'An order is refused when its price reaches that of an order on the other side which works for the same account, ' +
    'whoever of its traders gave it (the newest of the two yields). A market order reaches as far as the quote, but two of them ' +
    'trade with the market, never with one another; a stop order waits, reaches nothing and is not reached. Example: with a sale at 101 working, a buy at 101 is refused and one at 100.99 passes.',
  decide(context) {
    const { exposure, ticket } = context;
    if (!exposure) return unknown('working orders of the account');
    const { opposing } = exposure;
    const reach = reachOf(context);
    if (opposing === undefined || reach === undefined) return undefined;
    const distance = compare(reach, opposing);
    if (ticket.side === 'buy' ? distance < 0 : distance > 0) return undefined;
    return deny(
      'SELF_MATCH',
      'limit',
      `The ${ticket.side} order reaches ${reach}, where a ${opposite(ticket.side)} order of the same account works at ${opposing}: they could ` +
        'trade with one another. It passes once that one has filled or is cancelled.',
      { price: reach, opposing },
    );
  },
};
