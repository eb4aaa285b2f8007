/** Holds a trader to its own largest position. Invariant: slicing an order does not get around it. */
import { compare } from '../domain/decimal.ts';
import type { Control } from './control.ts';
import { deny, unknown } from './deny.ts';

export const maxPositionSize: Control = {
  name: 'max-position-size',
  codes: ['MAX_POSITION_SIZE', 'GATE_UNAVAILABLE'],
  class: 'limit',
  gate: 'risk',
  settings: [],
  appliesToExits: false,
  rule:
    'A trader with `maxPositionSize` (USD) holds at most that in one symbol, working orders on the same side and the ' +
    'order included; positions count at cost. Example: with 10,000, a position of 6,000 leaves room for a buy of 4,000.',
  decide({ exposure, maxPositionSize: limit, ticket }) {
    if (limit === undefined) return undefined;
    if (!exposure) return unknown('position of the account');
    const resulting = exposure.sideValueWithOrder;
    if (compare(resulting, limit) <= 0) return undefined;
    return deny(
      'MAX_POSITION_SIZE',
      'limit',
      `The position in ${ticket.symbol} could be worth ${resulting} USD, the trader's maximum is ${limit}.`,
      { resulting, limit },
    );
  },
};
