import { describe, expect, it } from 'vitest';
import { instrumentPermitted } from './instrument-permitted.ts';
import { sampleContext } from './testing/sample.ts';

describe('instrument-permitted', () => {
  it('refuses an instrument that is not in the registry', () => {
    expect(instrumentPermitted.decide(sampleContext({ ticket: { symbol: 'ABCD' } }))).toMatchObject({
      code: 'INSTRUMENT_NOT_PERMITTED',
      class: 'permission',
    });
  });

  it('lets a known instrument pass', () => {
    expect(instrumentPermitted.decide(sampleContext({ ticket: { symbol: 'MNQZ5' } }))).toBeUndefined();
  });
});
