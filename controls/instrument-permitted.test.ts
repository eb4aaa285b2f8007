import { describe, expect, it } from 'vitest';
import { instrumentPermitted } from './instrument-permitted.ts';
import { sampleContext, sampleLimits } from './testing/sample.ts';

describe('instrument-permitted', () => {
  it('refuses an instrument that is not in the registry', () => {
    expect(instrumentPermitted.decide(sampleContext({ ticket: { symbol: 'ABCD' } }))).toMatchObject({
      code: 'INSTRUMENT_NOT_PERMITTED',
      class: 'permission',
    });
  });

  it('refuses what is quoted in another currency than accounts have', () => {
    expect(instrumentPermitted.decide(sampleContext({ ticket: { symbol: 'USDJPY' } }))).toMatchObject({
      code: 'INSTRUMENT_NOT_PERMITTED',
      explanation: 'USDJPY is quoted in JPY, and accounts are in USD: it is for backtests alone.',
    });
  });

  it('lets a known instrument pass', () => {
    expect(instrumentPermitted.decide(sampleContext({ ticket: { symbol: 'MNQZ5' } }))).toBeUndefined();
  });

  it('refuses what the account may not trade, by symbol and by asset class', () => {
    const account = { exposureMax: '1', dailyLossRatioMax: '1', drawdownRatioMax: '1' };
    const limits = sampleLimits({ accounts: { default: { ...account, instruments: ['MSFT', 'class:future'] } } });
    const decide = (symbol: string) => instrumentPermitted.decide(sampleContext({ limits, ticket: { symbol } }))?.code;
    expect([decide('MSFT'), decide('MNQZ5'), decide('AAPL')]).toEqual([
      undefined,
      undefined,
      'INSTRUMENT_NOT_PERMITTED',
    ]);
  });
});
