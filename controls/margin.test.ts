import { describe, expect, it } from 'vitest';
import type { TradingLimits } from '../messages/limits.ts';
import { margin } from './margin.ts';
import { sampleContext, sampleLimits } from './testing/sample.ts';

const limitsWith = (marginUsedRatioMax?: string): TradingLimits => {
  const account = { exposureMax: '1', dailyLossRatioMax: '1', drawdownRatioMax: '1' };
  return sampleLimits({ accounts: { default: { ...account, ...(marginUsedRatioMax && { marginUsedRatioMax }) } } });
};
const order = (withOrder: string, funds: string | undefined, ratioMax?: string, before = '0') =>
  margin.decide(sampleContext({ limits: limitsWith(ratioMax) }, { funds, margin: { before, withOrder } }));

describe('margin', () => {
  it('lets exactly the part of the funds pass and refuses a cent more', () => {
    expect(order('40000', '50000', '0.8')).toBeUndefined();
    expect(order('40000.01', '50000', '0.8')).toMatchObject({
      code: 'MARGIN_LIMIT',
      class: 'limit',
      numbers: { funds: '50000', limit: '0.8', available: '40000', resulting: '40000.01' },
    });
  });

  it('is off where nobody has set it', () => {
    expect(order('1000000', '1')).toBeUndefined();
    expect(margin.decide(sampleContext({ limits: undefined }))).toBeUndefined();
  });

  it('gives an account that has lost everything nothing, and still lets it reduce', () => {
    expect(order('1', '-5', '1')?.code).toBe('MARGIN_LIMIT');
    expect(order('50', '-5', '1', '50')).toBeUndefined();
  });

  it('refuses without funds and without a known margin', () => {
    expect(order('1', undefined, '1')?.code).toBe('GATE_UNAVAILABLE');
    expect(margin.decide(sampleContext({ limits: limitsWith('1') }))?.code).toBe('GATE_UNAVAILABLE');
  });
});
