/** Limits the value of one order. Exactly the limit passes. */
import { compare } from '../domain/decimal.ts';
import type { Control } from './control.ts';
import { deny, noLimit } from './deny.ts';

export const orderValue: Control = {
  name: 'order-value',
  codes: ['ORDER_VALUE', 'NO_LIMIT_CONFIGURED'],
  class: 'limit',
  gate: 'risk',
  settings: ['instruments.*.orderValueMax'],
  appliesToExits: false,
  rule:
    'Quantity × price × multiplier of one order is at most `orderValueMax` in account currency (RTS 6 art. 15(1)(b)). A ' +
    'market order counts with the larger of stated and market price, a sale at the bid when that is above its limit. Example: with 300,000 an order of 300,000.01 is ' +
    'refused.',
  decide({ amount, instrumentLimits, ticket }) {
    if (!instrumentLimits) return noLimit(`order value limit for ${ticket.symbol}`);
    const { orderValueMax } = instrumentLimits;
    if (compare(amount, orderValueMax) <= 0) return undefined;
    return deny(
      'ORDER_VALUE',
      'limit',
      `The order is worth ${amount}, the limit for ${ticket.symbol} is ${orderValueMax}.`,
      {
        amount,
        limit: orderValueMax,
      },
    );
  },
};
