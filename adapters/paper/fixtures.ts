/** Orders and quotes for tests of venues: EURUSD at 1.08000 / 1.08010 unless said otherwise. */
import type { VenueOrder } from '../../agents/venue.ts';
import type { Quote } from '../../messages/market.ts';

export const T0 = Date.UTC(2026, 0, 5, 12);
export const NEVER = new AbortController().signal;

export const orderOf = (fields: Partial<VenueOrder> = {}): VenueOrder => ({
  ...{ clientOrderId: 'order-1', accountId: 'account-1', symbol: 'EURUSD', side: 'buy', quantity: '1000' },
  ...{ price: '1.0801', orderType: 'market', timeInForce: 'GTC' },
  ...fields,
});

export const quoteOf = (bid = 1.08, ask = bid + 0.0001, fields: Partial<Quote> = {}): Quote => ({
  ...{ type: 'market.quote', symbol: 'EURUSD', at: T0, bid, ask, last: bid, simulated: true },
  ...fields,
});
