/** Refuses what is not in the instrument registry: without tick size and multiplier nothing about an order can be checked. */
import type { Control } from './control.ts';
import { deny } from './deny.ts';

export const instrumentPermitted: Control = {
  name: 'instrument-permitted',
  codes: ['INSTRUMENT_NOT_PERMITTED'],
  class: 'permission',
  gate: 'compliance',
  settings: [],
  appliesToExits: false,
  rule:
    'Orders are taken only in instruments of the registry (RTS 6 art. 15(5)). Example: an order in ABCD, which the ' +
    'registry does not know, is refused.',
  decide({ ticket, instrument }) {
    if (instrument) return undefined;
    return deny('INSTRUMENT_NOT_PERMITTED', 'permission', `${ticket.symbol} is not an instrument of this house.`, {
      symbol: ticket.symbol,
    });
  },
};
