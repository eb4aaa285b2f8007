/** Refuses prices too far from the last one. A market order is held to it by the side of the market that it would meet. */
import { exact, text } from '../domain/decimal.ts';
import type { OrderTicket, QuoteView } from '../messages/common.ts';
import type { Control } from './control.ts';
import { deny, noLimit } from './deny.ts';
import { staleData } from './stale-data.ts';

export const priceCollar: Control = {
  name: 'price-collar',
  codes: ['PRICE_COLLAR', 'STALE_DATA', 'NO_LIMIT_CONFIGURED'],
  class: 'limit',
  gate: 'risk',
  settings: ['instruments.*.collarRatio', 'quoteAgeMaxMs'],
  appliesToExits: false,
  rule:
    'The price of an order may be `collarRatio` away from the last price, up or down (RTS 6 art. 15(1)(a)); a stop order ' +
    'is measured by its stop price too, a market order by the side of the quote that it meets: a market whose sides are far ' +
    'apart is none to buy in at any price. Example: with 5 % a limit 6 % off is refused, one exactly 5 % off passes. A ' +
    'market order without a fresh quote is refused.',
  decide(context) {
    const { instrumentLimits, quote, ticket } = context;
    if (!instrumentLimits) return noLimit(`price collar for ${ticket.symbol}`);
    const stale = staleData.decide(context);
    if (stale || !quote) return stale;
    const last = exact(quote.last);
    const { collarRatio } = instrumentLimits;
    // Compared without a division, so that a price exactly on the collar is on it.
    const distanceMax = last.times(collarRatio);
    const outside = pricesOf(ticket, quote).find((price) => exact(price).minus(last).abs().greaterThan(distanceMax));
    if (outside === undefined) return undefined;
    const deviationRatio = text(exact(outside).minus(last).abs().dividedBy(last).toDecimalPlaces(6));
    return deny(
      'PRICE_COLLAR',
      'limit',
      `The price ${outside} is ${deviationRatio} of the last price ${quote.last} away; ${collarRatio} is allowed.`,
      { price: outside, last: quote.last, deviationRatio, limit: collarRatio },
    );
  },
};

/** The prices at which it may trade. What a market order states may be any. */
function pricesOf({ orderType, side, price, stopPrice }: OrderTicket, { bid, ask }: QuoteView): readonly string[] {
  if (orderType === 'market') return [side === 'buy' ? ask : bid];
  return stopPrice === undefined ? [price] : [price, stopPrice];
}
