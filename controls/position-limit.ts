/** Limits the position that results if every working order on the order's side fills. Invariant: an order that reduces passes. */
import { compare, exact, text } from '../domain/decimal.ts';
import type { Control } from './control.ts';
import { deny, noLimit, unknown } from './deny.ts';

export const positionLimit: Control = {
  name: 'position-limit',
  codes: ['POSITION_LIMIT', 'NO_LIMIT_CONFIGURED', 'GATE_UNAVAILABLE'],
  class: 'limit',
  gate: 'risk',
  settings: ['instruments.*.positionMax'],
  appliesToExits: false,
  rule:
    'Position plus working orders on the same side plus the order is at most `positionMax` units, long or short (RTS 6 ' +
    'art. 15(2)). Example: with 1,000, long 600 and a buy of 300 working, a buy of 100 passes, one of 101 does not; a ' +
    'sell of 100 passes.',
  decide({ exposure, instrumentLimits, ticket }) {
    if (!instrumentLimits) return noLimit(`position limit for ${ticket.symbol}`);
    if (!exposure) return unknown('position of the account');
    const { positionMax } = instrumentLimits;
    const held = exact(exposure.position);
    const along = ticket.side === 'buy' ? held.plus(exposure.workingBuy) : held.negated().plus(exposure.workingSell);
    const resulting = text(along.plus(ticket.quantity));
    if (compare(resulting, positionMax) <= 0) return undefined;
    return deny(
      'POSITION_LIMIT',
      'limit',
      `The position in ${ticket.symbol} could reach ${resulting}, the limit is ${positionMax}.`,
      { position: exposure.position, resulting, limit: positionMax },
    );
  },
};
