import { describe, expect, it } from 'vitest';
import { orderValue } from './order-value.ts';
import { orderVolume } from './order-volume.ts';
import { sampleContext } from './testing/sample.ts';

describe('order-value', () => {
  it('lets exactly the limit pass and refuses a cent more', () => {
    expect(orderValue.decide(sampleContext({ amount: '20000' }))).toBeUndefined();
    expect(orderValue.decide(sampleContext({ amount: '20000.01' }))).toMatchObject({
      code: 'ORDER_VALUE',
      class: 'limit',
      numbers: { amount: '20000.01', limit: '20000' },
    });
  });

  it('refuses an instrument without a configured limit', () => {
    expect(orderValue.decide(sampleContext({ ticket: { symbol: 'EURUSD' } }))?.code).toBe('NO_LIMIT_CONFIGURED');
  });
});

describe('order-volume', () => {
  it('lets exactly the limit pass and refuses any more', () => {
    expect(orderVolume.decide(sampleContext({ ticket: { quantity: '500' } }))).toBeUndefined();
    expect(orderVolume.decide(sampleContext({ ticket: { quantity: '500.5' } }))).toMatchObject({
      code: 'ORDER_VOLUME',
      class: 'limit',
      numbers: { quantity: '500.5', limit: '500' },
    });
  });

  it('refuses an instrument without a configured limit', () => {
    expect(orderVolume.decide(sampleContext({ ticket: { symbol: 'EURUSD' } }))?.code).toBe('NO_LIMIT_CONFIGURED');
  });
});
