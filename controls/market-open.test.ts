import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { marketOpen } from './market-open.ts';
import { sampleContext, sampleLimits } from './testing/sample.ts';

const WEEKEND = Date.parse('2026-01-17T16:00:00Z');
const own = sampleLimits().instruments['class:equity']!;
const contextAt = (at: number, sessionOnly: boolean | undefined, exit = false) =>
  sampleContext(
    { ticket: { exit } },
    { at, instrumentLimits: { ...own, ...(sessionOnly !== undefined && { sessionOnly }) } },
  );
const decideAt = (text: string, sessionOnly?: boolean) => marketOpen.decide(contextAt(Date.parse(text), sessionOnly));

describe('market-open', () => {
  it('refuses outside the hours of the exchange, and says when it opens', () => {
    expect(decideAt('2026-01-15T14:29:59.999Z', true)).toMatchObject({
      ...{ code: 'MARKET_CLOSED', class: 'permission' },
      numbers: { symbol: 'AAPL', opensAt: '2026-01-15T14:30:00.000Z' },
    });
    expect(decideAt('2026-01-15T14:30:00Z', true)).toBeUndefined();
    expect(decideAt('2026-01-15T21:00:00Z', true)?.numbers.opensAt).toBe('2026-01-16T14:30:00.000Z');
    expect(decideAt('2026-01-17T16:00:00Z', true)?.numbers.opensAt).toBe('2026-01-20T14:30:00.000Z');
  });

  it('asks nothing where no limit says so', () => {
    expect(decideAt('2026-01-17T16:00:00Z')).toBeUndefined();
    expect(decideAt('2026-01-17T16:00:00Z', false)).toBeUndefined();
  });

  it('lets exits pass at any time', () => {
    expect(decide('compliance', contextAt(WEEKEND, true))?.code).toBe('MARKET_CLOSED');
    expect(decide('compliance', contextAt(WEEKEND, true, true))?.code).not.toBe('MARKET_CLOSED');
  });
});
