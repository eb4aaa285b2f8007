import { describe, expect, it } from 'vitest';
import { sampleContext } from './testing/sample.ts';
import { traderActive } from './trader-active.ts';

describe('trader-active', () => {
  it('refuses a trader who winds down, is terminated or is unknown', () => {
    for (const trader of [{ status: 'winding-down' } as const, { status: 'terminated' } as const, undefined]) {
      expect(traderActive.decide(sampleContext({}, { trader }))).toMatchObject({
        code: 'TRADER_INACTIVE',
        class: 'permission',
      });
    }
  });

  it('lets an active trader pass', () => {
    expect(traderActive.decide(sampleContext({}, { trader: { status: 'active' } }))).toBeUndefined();
  });
});
