import { describe, expect, it } from 'vitest';
import type { OrderTicket } from '../messages/common.ts';
import { priceCollar } from './price-collar.ts';
import { NOW, sampleContext, sampleQuote } from './testing/sample.ts';

const order = (ticket: Partial<OrderTicket>) => priceCollar.decide(sampleContext({ ticket }));

describe('price-collar', () => {
  it('lets a limit exactly on the collar pass, up and down', () => {
    expect(order({ price: '105' })).toBeUndefined();
    expect(order({ price: '95' })).toBeUndefined();
  });

  it('refuses a limit beyond the collar, up and down', () => {
    expect(order({ price: '106' })).toMatchObject({
      code: 'PRICE_COLLAR',
      class: 'limit',
      numbers: { deviationRatio: '0.06', limit: '0.05', last: '100' },
    });
    expect(order({ price: '94.999' })?.code).toBe('PRICE_COLLAR');
  });

  it('measures a stop order by its stop price too', () => {
    expect(order({ orderType: 'stop', stopPrice: '95' })).toBeUndefined();
    expect(order({ orderType: 'stop', stopPrice: '94' })?.code).toBe('PRICE_COLLAR');
  });

  it('does not hold a market order to its stated price, but refuses it without a fresh quote', () => {
    const market = { orderType: 'market', price: '200' } as const;
    expect(order(market)).toBeUndefined();
    const stale = sampleQuote({ at: NOW - 60_000 });
    expect(priceCollar.decide(sampleContext({ ticket: market, quote: stale }))?.code).toBe('STALE_DATA');
    expect(priceCollar.decide(sampleContext({ ticket: market, quote: undefined }))?.code).toBe('STALE_DATA');
  });

  it('holds a market order to the side of the market that it meets', () => {
    const met = (side: 'buy' | 'sell', sides: { readonly bid: string; readonly ask: string }) =>
      priceCollar.decide(sampleContext({ ticket: { orderType: 'market', side }, quote: sampleQuote(sides) }))?.code;
    expect(met('buy', { bid: '60', ask: '105' })).toBeUndefined();
    expect(met('buy', { bid: '99', ask: '105.01' })).toBe('PRICE_COLLAR');
    expect(met('sell', { bid: '95', ask: '140' })).toBeUndefined();
    expect(met('sell', { bid: '94.99', ask: '101' })).toBe('PRICE_COLLAR');
  });

  it('refuses an instrument without a configured collar', () => {
    expect(order({ symbol: 'EURUSD' })?.code).toBe('NO_LIMIT_CONFIGURED');
  });
});
