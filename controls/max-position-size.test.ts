import { describe, expect, it } from 'vitest';
import { maxPositionSize } from './max-position-size.ts';
import { sampleContext, sampleExposure } from './testing/sample.ts';

const resulting = (sideValueWithOrder: string, limit?: string) =>
  maxPositionSize.decide(
    sampleContext({}, { exposure: sampleExposure({ sideValueWithOrder }), maxPositionSize: limit }),
  );

describe('max-position-size', () => {
  it("lets exactly the trader's maximum pass and refuses a cent more", () => {
    expect(resulting('10000', '10000')).toBeUndefined();
    expect(resulting('10000.01', '10000')).toMatchObject({
      code: 'MAX_POSITION_SIZE',
      class: 'limit',
      numbers: { resulting: '10000.01', limit: '10000' },
    });
  });

  it('has nothing to say when the trader has set no maximum', () => {
    expect(resulting('1000000')).toBeUndefined();
  });

  it('refuses when the position is not known', () => {
    const { exposure: _unknown, ...context } = sampleContext({}, { maxPositionSize: '10000' });
    expect(maxPositionSize.decide(context)?.code).toBe('GATE_UNAVAILABLE');
  });
});
