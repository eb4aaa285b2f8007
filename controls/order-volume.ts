/** Limits the quantity of one order. Exactly the limit passes. */
import { compare } from '../domain/decimal.ts';
import type { Control } from './control.ts';
import { deny, noLimit } from './deny.ts';

export const orderVolume: Control = {
  name: 'order-volume',
  codes: ['ORDER_VOLUME', 'NO_LIMIT_CONFIGURED'],
  class: 'limit',
  gate: 'risk',
  settings: ['instruments.*.orderVolumeMax'],
  appliesToExits: false,
  rule:
    'The quantity of one order is at most `orderVolumeMax` (RTS 6 art. 15(1)(c)). Example: with 10,000 an order of ' +
    '10,001 shares is refused.',
  decide({ instrumentLimits, ticket }) {
    if (!instrumentLimits) return noLimit(`order volume limit for ${ticket.symbol}`);
    const { orderVolumeMax } = instrumentLimits;
    if (compare(ticket.quantity, orderVolumeMax) <= 0) return undefined;
    return deny(
      'ORDER_VOLUME',
      'limit',
      `The order is for ${ticket.quantity} ${ticket.symbol}, the limit is ${orderVolumeMax}.`,
      {
        quantity: ticket.quantity,
        limit: orderVolumeMax,
      },
    );
  },
};
