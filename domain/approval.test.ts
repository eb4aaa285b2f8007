import { describe, expect, it } from 'vitest';
import { bandAround, contentHash, isInBand, requestIdFor, thresholdReason } from './approval.ts';

describe('an approval', () => {
  it('holds within one percent of the shown price, edges included', () => {
    const band = bandAround('200');
    expect(band).toEqual({ low: '198', high: '202' });
    expect(['197.99', '198', '202', '202.01'].map((price) => isInBand(band, price))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('is bound to every part of what was shown', () => {
    const content = {
      traderId: 'agent-1',
      symbol: 'NVDA',
      side: 'buy' as const,
      quantity: '500',
      band: bandAround('500'),
      policyVersion: '1',
    };
    const others = [
      { ...content, traderId: 'agent-2' },
      { ...content, symbol: 'AAPL' },
      { ...content, side: 'sell' as const },
      { ...content, quantity: '501' },
      { ...content, band: bandAround('501') },
      { ...content, policyVersion: '2' },
    ];
    expect(contentHash(content)).toBe(contentHash({ ...content }));
    expect(new Set([content, ...others].map(contentHash)).size).toBe(7);
  });

  it('has one request id an order', () => {
    expect(requestIdFor('trade-xyz789')).toBe('req-xyz789');
    expect(requestIdFor('trade-01-02')).toBe('req-01-02');
    expect(requestIdFor('7')).toBe('req-7');
  });

  it.each([
    ['250000', '50000', 'Trade amount ($250,000) exceeds autonomous threshold ($50,000)'],
    ['1234567.5', '999', 'Trade amount ($1,234,567.50) exceeds autonomous threshold ($999)'],
  ])('says that %s is above %s', (amount, threshold, reason) => {
    expect(thresholdReason(amount, threshold)).toBe(reason);
  });
});
