import { describe, expect, it } from 'vitest';
import { orderRate } from './order-rate.ts';
import { NOW, sampleContext } from './testing/sample.ts';

const after = (...passed: { at: number; count: number }[]) => orderRate.decide(sampleContext({}, { passed }));

describe('order-rate', () => {
  it('lets exactly the maximum pass and refuses one more', () => {
    expect(after({ at: NOW, count: 2 })).toBeUndefined();
    expect(after({ at: NOW - 30_000, count: 1 }, { at: NOW, count: 2 })).toMatchObject({
      code: 'ORDER_RATE',
      class: 'limit',
      numbers: { count: '3', limit: '3' },
    });
  });

  it('forgets what is as old as the window', () => {
    expect(after({ at: NOW - 59_999, count: 3 })?.code).toBe('ORDER_RATE');
    expect(after({ at: NOW - 60_000, count: 3 })).toBeUndefined();
  });

  it('refuses without a configured limit or without knowledge', () => {
    expect(orderRate.decide(sampleContext({ limits: undefined }))?.code).toBe('NO_LIMIT_CONFIGURED');
    const { passed: _unknown, ...context } = sampleContext();
    expect(orderRate.decide(context)?.code).toBe('GATE_UNAVAILABLE');
  });
});
