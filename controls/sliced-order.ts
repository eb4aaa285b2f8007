/** Refuses to let an order through in slices that was refused whole. Invariant: slices together never pass more than one order may. */
import { compare, plus } from '../domain/decimal.ts';
import type { Control } from './control.ts';
import { deny, noLimit } from './deny.ts';

export const slicedOrder: Control = {
  name: 'sliced-order',
  codes: ['SLICED_ORDER', 'NO_LIMIT_CONFIGURED'],
  class: 'limit',
  gate: 'risk',
  settings: ['slicing.windowMs', 'instruments.*.orderValueMax', 'instruments.*.orderVolumeMax'],
  appliesToExits: false,
  rule:
    'After an order was refused for its size, all further orders of its account, symbol and side count as one for ' +
    '`slicing.windowMs`: together at most `orderVolumeMax` units and `orderValueMax` pass (ESMA 2026: a hard block is not ' +
    'got around in slices). Without `slicing` each order counts for itself. Example: with 500 units, an order of 1,000 is ' +
    'refused; of five slices of 200 within the window two pass.',
  decide({ amount, instrumentLimits, slices, ticket }) {
    if (!slices) return undefined;
    if (!instrumentLimits) return noLimit(`order limits for ${ticket.symbol}`);
    const { orderValueMax, orderVolumeMax } = instrumentLimits;
    const quantity = plus(slices.quantity, ticket.quantity);
    const value = plus(slices.amount, amount);
    if (compare(quantity, orderVolumeMax) <= 0 && compare(value, orderValueMax) <= 0) return undefined;
    return deny(
      'SLICED_ORDER',
      'limit',
      `An order in ${ticket.symbol} was refused for its size; its slices together would be ${quantity} units worth ${value}.`,
      { quantity, value, volumeLimit: orderVolumeMax, valueLimit: orderValueMax },
    );
  },
};
