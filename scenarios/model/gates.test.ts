/** What must be said of an order where a limit is missing: no, in its place among the controls, and for that reason. */
import { describe, expect, test } from 'vitest';
import type { TradingLimits } from '../../messages/limits.ts';
import { withoutLimits } from '../people/missing-limits.ts';
import { developmentProfile } from '../settings.ts';
import { History, submitted } from '../testing/history.ts';
import { type Circumstances, contradicts, forecast } from './gates.ts';

const { limits: whole } = developmentProfile();
const { at } = new History();
const quote = { bid: '150', ask: '150', last: '150', at };
const said = (missing: readonly string[], more: Partial<Circumstances> = {}, quoteAgeMs = 0, exit = false) => {
  const limits = withoutLimits(whole as TradingLimits, missing);
  const order = { ...submitted({ exit }), quote: { ...quote, at: at - quoteAgeMs } };
  return forecast(order, at, { halted: 'never', inactive: 'never', limits, limitsMoved: false, ...more });
};

describe('without a limit', () => {
  test.each([['AAPL'], ['instruments'], ['default'], ['accounts'], ['everything']])('of %s no order passes', (name) => {
    expect(said([name]).must).toBe('NO_LIMIT_CONFIGURED');
    expect(contradicts(said([name]), 'NO_LIMIT_CONFIGURED')).toBeUndefined();
  });

  test('an exit passes', () => {
    expect(said(['everything'], {}, 0, true).must).toBeUndefined();
  });

  test('of something else an order passes, and its absence is no reason', () => {
    expect(said(['NVDA']).must).toBeUndefined();
    expect(contradicts(said(['NVDA']), 'NO_LIMIT_CONFIGURED')).toContain('nothing that is recorded');
  });

  test('what is asked before is said before, and nothing that is asked behind it', () => {
    expect(said(['AAPL'], {}, 40_000).must).toBe('STALE_DATA');
    expect(contradicts(said(['AAPL'], {}, 40_000), 'NO_LIMIT_CONFIGURED')).toBe('STALE_DATA is asked before it');
    expect(contradicts(said(['AAPL']), 'POSITION_LIMIT')).toBe('NO_LIMIT_CONFIGURED is asked before it');
    expect(contradicts(said(['default']), 'POSITION_LIMIT')).toBeUndefined();
    expect(contradicts(said(['default']), 'EXPOSURE_LIMIT')).toBe('NO_LIMIT_CONFIGURED is asked before it');
    expect(contradicts(said(['everything']), 'ORDER_RATE')).toBe('NO_LIMIT_CONFIGURED is asked before it');
  });

  test('that somebody has changed meanwhile either answer is right', () => {
    const moved = said(['AAPL'], { limitsMoved: true });
    expect(moved.must).toBeUndefined();
    expect(contradicts(moved, 'NO_LIMIT_CONFIGURED')).toBeUndefined();
  });
});

test('a quote that is far ahead of the clock is none, and its absence is no reason against one that is fresh', () => {
  expect(said([], {}, -40_000).must).toBe('STALE_DATA');
  expect(contradicts(said([]), 'STALE_DATA')).toContain('nothing that is recorded');
});
