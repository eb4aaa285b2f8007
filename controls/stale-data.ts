/** Refuses to trade on a market that isn't seen: no quote, an old one or an impossible one. */
import { compare, isPositive } from '../domain/decimal.ts';
import type { Control } from './control.ts';
import { deny, noLimit } from './deny.ts';

export const staleData: Control = {
  name: 'stale-data',
  codes: ['STALE_DATA', 'NO_LIMIT_CONFIGURED'],
  class: 'data',
  gate: 'risk',
  settings: ['quoteAgeMaxMs'],
  appliesToExits: false,
  rule:
    'Without a quote that is at most `quoteAgeMaxMs` old, positive and not crossed, nothing but exits passes. Example: a ' +
    'feed frozen for 30 s blocks new orders.',
  decide({ at, limits, quote, ticket }) {
    if (!limits) return noLimit('limit on the age of quotes');
    if (!quote) return deny('STALE_DATA', 'data', `There is no quote of ${ticket.symbol}.`);
    const { bid, ask, last } = quote;
    // An ask that is no lower than a positive bid is positive.
    if (!isPositive(bid) || !isPositive(last) || compare(bid, ask) > 0) {
      return deny('STALE_DATA', 'data', `The quote of ${ticket.symbol} makes no sense.`, { bid, ask, last });
    }
    const ageMs = at - quote.at;
    if (ageMs <= limits.quoteAgeMaxMs) return undefined;
    return deny('STALE_DATA', 'data', `The quote of ${ticket.symbol} is ${ageMs} ms old.`, {
      ageMs: String(ageMs),
      limitMs: String(limits.quoteAgeMaxMs),
    });
  },
};
