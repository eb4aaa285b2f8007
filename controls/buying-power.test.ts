import { describe, expect, it } from 'vitest';
import type { TradingLimits } from '../messages/limits.ts';
import { buyingPower } from './buying-power.ts';
import { sampleContext, sampleExposure, sampleLimits } from './testing/sample.ts';

const limitsWith = (leverageMax?: string): TradingLimits => {
  const account = { exposureMax: '1', dailyLossRatioMax: '1', drawdownRatioMax: '1' };
  return sampleLimits({ accounts: { default: { ...account, ...(leverageMax && { leverageMax }) } } });
};
const order = (grossWithOrder: string, funds: string | undefined, leverageMax?: string, gross = '0') =>
  buyingPower.decide(
    sampleContext({ limits: limitsWith(leverageMax) }, { funds, exposure: sampleExposure({ gross, grossWithOrder }) }),
  );

describe('buying-power', () => {
  it('lets exactly the funds times the leverage pass', () => {
    expect(order('20000', '10000', '2')).toBeUndefined();
    expect(order('20000.01', '10000', '2')).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      class: 'limit',
      numbers: { funds: '10000', leverage: '2', buyingPower: '20000' },
    });
  });

  it('borrows nothing where no leverage is configured', () => {
    expect(order('10000', '10000')).toBeUndefined();
    expect(order('10001', '10000')?.code).toBe('INSUFFICIENT_FUNDS');
  });

  it('goes by the smaller one of the leverage of the limit and that of the venue', () => {
    const exposure = sampleExposure({ grossWithOrder: '20000' });
    const lent = (leverage: string, leverageMax?: string) =>
      buyingPower.decide(sampleContext({ limits: limitsWith(leverageMax) }, { funds: '10000', leverage, exposure }));
    expect(lent('100', '2')).toBeUndefined();
    expect(lent('1.5', '2')?.numbers).toMatchObject({ leverage: '1.5', buyingPower: '15000' });
    expect(lent('100')?.numbers).toMatchObject({ leverage: '1' });
  });

  it('gives an account that has lost everything no power, and still lets it reduce', () => {
    expect(order('1', '-5', '100')?.code).toBe('INSUFFICIENT_FUNDS');
    expect(order('50', '-5', '100', '80')).toBeUndefined();
  });

  it('refuses without limits, exposure or funds', () => {
    expect(order('1', undefined)?.code).toBe('GATE_UNAVAILABLE');
    expect(buyingPower.decide(sampleContext({ limits: undefined }))?.code).toBe('NO_LIMIT_CONFIGURED');
    const { exposure: _unknown, ...context } = sampleContext();
    expect(buyingPower.decide(context)?.code).toBe('GATE_UNAVAILABLE');
  });
});
