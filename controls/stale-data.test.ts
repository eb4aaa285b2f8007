import { describe, expect, it } from 'vitest';
import type { QuoteView } from '../messages/common.ts';
import { staleData } from './stale-data.ts';
import { NOW, sampleContext, sampleQuote } from './testing/sample.ts';

const withQuote = (changes: Partial<QuoteView>) => staleData.decide(sampleContext({ quote: sampleQuote(changes) }));

describe('stale-data', () => {
  it('lets a quote of exactly the allowed age pass and refuses an older one', () => {
    expect(withQuote({ at: NOW - 5_000 })).toBeUndefined();
    expect(withQuote({ at: NOW - 5_001 })).toMatchObject({
      code: 'STALE_DATA',
      class: 'data',
      numbers: { ageMs: '5001' },
    });
  });

  it('refuses a quote that is further ahead of the clock than one may be old: a clock that was put back tells no age', () => {
    expect(withQuote({ at: NOW + 5_000 })).toBeUndefined();
    expect(withQuote({ at: NOW + 5_001 })).toMatchObject({
      code: 'STALE_DATA',
      class: 'data',
      explanation: expect.stringContaining('5001 ms ahead of the clock'),
    });
  });

  it('refuses a fresh quote that is no longer quoted: prices have jumped, and the new ones are not believed', () => {
    expect(withQuote({ at: NOW, doubted: true })).toMatchObject({
      ...{ code: 'STALE_DATA', class: 'data' },
      explanation: expect.stringContaining('have just jumped'),
    });
  });

  it('refuses without a quote, with an impossible one and without a configured limit', () => {
    expect(staleData.decide(sampleContext({ quote: undefined }))?.code).toBe('STALE_DATA');
    expect(withQuote({ last: '0' })?.code).toBe('STALE_DATA');
    expect(withQuote({ bid: '100.2' })?.code).toBe('STALE_DATA');
    expect(staleData.decide(sampleContext({ limits: undefined }))?.code).toBe('NO_LIMIT_CONFIGURED');
  });
});
