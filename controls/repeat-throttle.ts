/** Stops a trader that does the same thing over and over: after so many a person decides whether it may go on. */
import type { Control } from './control.ts';
import { deny, noLimit, unknown } from './deny.ts';

export const repeatThrottle: Control = {
  name: 'repeat-throttle',
  codes: ['REPEATED_ORDER', 'NO_LIMIT_CONFIGURED', 'GATE_UNAVAILABLE'],
  class: 'halt',
  gate: 'compliance',
  settings: ['repeats.max', 'repeats.windowMs'],
  appliesToExits: false,
  rule:
    'The same order (symbol, side, quantity, and price unless it is a market order) passes `repeats.max` times in a row within ' +
    '`repeats.windowMs`; one more halts the trader until a named person releases it (RTS 6 art. 15(3)). Without `repeats` nothing is counted. Example: ' +
    'with 3, the fourth identical order is refused and the trader stays halted, also for other orders.',
  decide({ limits, repeats, ticket }) {
    if (!limits) return noLimit('limit on repeated orders');
    if (!limits.repeats) return undefined;
    if (repeats === undefined) return unknown('number of repeated orders');
    const { max, windowMs } = limits.repeats;
    if (repeats < max) return undefined;
    return deny(
      'REPEATED_ORDER',
      'halt',
      `Trader ${ticket.traderId} has placed the same order ${repeats} times in a row within ${windowMs} ms; ${max} are allowed.`,
      { repeats: String(repeats), limit: String(max), windowMs: String(windowMs) },
    );
  },
};
