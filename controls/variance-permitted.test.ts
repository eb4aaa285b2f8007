import { describe, expect, it } from 'vitest';
import { sampleContext, sampleLimits } from './testing/sample.ts';
import { variancePermitted } from './variance-permitted.ts';

const variance = { sizeRatioMax: 0.05, levelRatioMax: 0, delayMaxMs: 0 };
const account = { exposureMax: '1', dailyLossRatioMax: '1', drawdownRatioMax: '1' };
const decide = (varianceAllowed?: boolean) => {
  const limits = sampleLimits({
    accounts: { default: { ...account, ...(varianceAllowed !== undefined && { varianceAllowed }) } },
  });
  return variancePermitted.decide(sampleContext({ limits, ticket: { variance } }));
};

describe('variance-permitted', () => {
  it('refuses a varied order on an account whose rules do not allow it, also when they say nothing', () => {
    expect(decide(true)).toBeUndefined();
    expect(decide(false)).toMatchObject({ code: 'VARIANCE_NOT_PERMITTED', class: 'permission' });
    expect(decide()?.code).toBe('VARIANCE_NOT_PERMITTED');
  });

  it('is nothing for an order as it was asked for, and refuses without limits', () => {
    expect(variancePermitted.decide(sampleContext())).toBeUndefined();
    const blind = sampleContext({ limits: undefined, ticket: { variance } });
    expect(variancePermitted.decide(blind)?.code).toBe('NO_LIMIT_CONFIGURED');
  });
});
