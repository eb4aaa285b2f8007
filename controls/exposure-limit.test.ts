import { describe, expect, it } from 'vitest';
import type { Exposure } from './control.ts';
import { exposureLimit } from './exposure-limit.ts';
import { sampleContext, sampleExposure, sampleLimits } from './testing/sample.ts';

const resulting = (exposure: Partial<Exposure>) =>
  exposureLimit.decide(sampleContext({}, { exposure: sampleExposure(exposure) }));

describe('exposure-limit', () => {
  it('lets exactly the limit pass and refuses a cent more', () => {
    expect(resulting({ gross: '20000', grossWithOrder: '30000' })).toBeUndefined();
    expect(resulting({ gross: '20000', grossWithOrder: '30000.01' })).toMatchObject({
      code: 'EXPOSURE_LIMIT',
      class: 'limit',
      numbers: { resulting: '30000.01', limit: '30000' },
    });
  });

  it('lets an order pass that does not raise an exposure above the limit', () => {
    expect(resulting({ gross: '40000', grossWithOrder: '40000' })).toBeUndefined();
  });

  it("takes the account's own limit before the default one", () => {
    const own = { exposureMax: '9999', dailyLossRatioMax: '0.1', drawdownRatioMax: '0.2' };
    const limits = sampleLimits({ accounts: { ...sampleLimits().accounts, 'acct-1': own } });
    expect(exposureLimit.decide(sampleContext({ limits }))?.numbers).toMatchObject({ limit: '9999' });
  });

  it('refuses without a configured limit and without a known exposure', () => {
    expect(exposureLimit.decide(sampleContext({ limits: sampleLimits({ accounts: {} }) }))?.code).toBe(
      'NO_LIMIT_CONFIGURED',
    );
    const { exposure: _unknown, ...context } = sampleContext();
    expect(exposureLimit.decide(context)?.code).toBe('GATE_UNAVAILABLE');
  });
});
