import { describe, expect, it } from 'vitest';
import { repeatThrottle } from './repeat-throttle.ts';
import { sampleContext, sampleLimits } from './testing/sample.ts';

const limits = sampleLimits({ repeats: { max: 3, windowMs: 60_000 } });
const after = (repeats: number | undefined) => repeatThrottle.decide(sampleContext({ limits }, { repeats }));

describe('repeat-throttle', () => {
  it('lets as many pass as are allowed and refuses one more', () => {
    expect(after(2)).toBeUndefined();
    expect(after(3)).toMatchObject({ code: 'REPEATED_ORDER', class: 'halt', numbers: { repeats: '3', limit: '3' } });
  });

  it('counts nothing where nothing is configured, and refuses what it cannot know', () => {
    expect(repeatThrottle.decide(sampleContext({}, { repeats: 1_000 }))).toBeUndefined();
    expect(after(undefined)?.code).toBe('GATE_UNAVAILABLE');
    expect(repeatThrottle.decide(sampleContext({ limits: undefined }))?.code).toBe('NO_LIMIT_CONFIGURED');
  });
});
