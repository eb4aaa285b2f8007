import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exact } from '../domain/decimal.ts';
import type { Message } from '../runtime/message.ts';
import { stepEquity } from './breaker/equity.ts';
import { mayMatter, roughBases, utcDay } from './equity-bounds.ts';

const AT = Date.UTC(2026, 0, 5, 12);
const cents = fc.integer({ min: -20_000_000, max: 20_000_000 }).map((value) => exact(value).dividedBy(100).toFixed());
const ratio = fc.integer({ min: 1, max: 100 }).map((percent) => exact(percent).dividedBy(100).toFixed());
/** A worth near where something happens: a share of a base, off by up to three cents. */
const near = fc.record({
  of: fc.constantFrom('day', 'peak'),
  factor: fc.constantFrom('limit', '1', '1.0005'),
  cents: fc.integer({ min: -3, max: 3 }),
});

describe('the first look at an account', () => {
  it('never misses a worth by which the breaker would say or remember something', () => {
    fc.assert(
      fc.property(
        cents,
        cents,
        ratio,
        ratio,
        near,
        (dayEquity, peakEquity, daily, drawdown, { of, factor, ...off }) => {
          const bases = { day: utcDay(AT), dayEquity, peakEquity };
          const limit = of === 'day' ? daily : drawdown;
          const share = factor === 'limit' ? exact(1).minus(limit) : exact(factor);
          const equity = exact(of === 'day' ? dayEquity : peakEquity)
            .times(share)
            .plus(exact(off.cents).dividedBy(100))
            .toFixed();
          const limits = { exposureMax: '1', dailyLossRatioMax: daily, drawdownRatioMax: drawdown };
          const said: Message[] = [];
          const mark = { type: 'equity.mark', accountId: 'a', at: AT, equity, limits, halted: false } as const;
          const after = stepEquity(bases, mark, (message) => said.push(message));
          const rough = { equity: Number(equity), gross: Math.abs(Number(equity)) };
          if (said.length > 0 || after !== bases) expect(mayMatter(rough, AT, roughBases(bases), limits)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('passes over an account that is well', () => {
    const bases = { day: utcDay(AT), dayEquity: '100000', peakEquity: '101000' };
    const limits = { exposureMax: '1', dailyLossRatioMax: '0.05', drawdownRatioMax: '0.2' };
    for (const equity of [95_000.01, 100_000, 101_050])
      expect(mayMatter({ equity, gross: 200_000 }, AT, roughBases(bases), limits)).toBe(false);
    expect(mayMatter({ equity: 100_000, gross: 200_000 }, AT + 86_400_000, roughBases(bases), limits)).toBe(true);
    expect(mayMatter({ equity: 100_000, gross: 200_000 }, AT, roughBases({}), limits)).toBe(true);
  });
});
