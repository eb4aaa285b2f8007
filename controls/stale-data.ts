/** Refuses to trade on a market that isn't seen: no quote, an old one, one of the future, an impossible one, or one that is no longer quoted. */
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
    'Without a quote that is at most `quoteAgeMaxMs` old, positive and not crossed, nothing but exits passes. One that is more than that ' +
    'ahead of the clock is refused too: a clock that was put back tells no age. So is one behind which prices have jumped by more than a ' +
    'fifth, until they have lasted for five seconds or are back. Example: a feed frozen for 30 s blocks new orders.',
  decide({ at, limits, quote, ticket }) {
    if (!limits) return noLimit('limit on the age of quotes');
    if (!quote) return deny('STALE_DATA', 'data', `There is no quote of ${ticket.symbol}.`);
    const { bid, ask, last } = quote;
    // An ask that is no lower than a positive bid is positive.
    if (!isPositive(bid) || !isPositive(last) || compare(bid, ask) > 0) {
      return deny('STALE_DATA', 'data', `The quote of ${ticket.symbol} makes no sense.`, { bid, ask, last });
    }
    if (quote.doubted) {
      const told = `Prices of ${ticket.symbol} have just jumped, and the new ones are not believed yet.`;
      return deny('STALE_DATA', 'data', told, { bid, ask, last });
    }
    const ageMs = at - quote.at;
    if (Math.abs(ageMs) <= limits.quoteAgeMaxMs) return undefined;
    const told = ageMs > 0 ? `${ageMs} ms old` : `${-ageMs} ms ahead of the clock`;
    return deny('STALE_DATA', 'data', `The quote of ${ticket.symbol} is ${told}.`, {
      ageMs: String(ageMs),
      limitMs: String(limits.quoteAgeMaxMs),
    });
  },
};
