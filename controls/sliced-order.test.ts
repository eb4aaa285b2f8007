import { describe, expect, it } from 'vitest';
import { slicedOrder } from './sliced-order.ts';
import { sampleContext } from './testing/sample.ts';

const slice = (quantity: string, passed: { quantity: string; amount: string }, amount = '1') =>
  slicedOrder.decide(sampleContext({ ticket: { quantity }, amount }, { slices: passed }));

describe('sliced-order', () => {
  it('lets slices pass up to what one order may be, in units and in value', () => {
    expect(slice('100', { quantity: '400', amount: '0' })).toBeUndefined();
    expect(slice('100.1', { quantity: '400', amount: '0' })).toMatchObject({ code: 'SLICED_ORDER', class: 'limit' });
    expect(slice('1', { quantity: '0', amount: '19999' }, '1')).toBeUndefined();
    expect(slice('1', { quantity: '0', amount: '19999' }, '1.01')?.code).toBe('SLICED_ORDER');
  });

  it('is nothing where no order was refused, and refuses without limits', () => {
    expect(slicedOrder.decide(sampleContext({ ticket: { quantity: '499' } }))).toBeUndefined();
    const slices = { quantity: '0', amount: '0' };
    expect(slicedOrder.decide(sampleContext({ limits: undefined }, { slices }))?.code).toBe('NO_LIMIT_CONFIGURED');
  });
});
