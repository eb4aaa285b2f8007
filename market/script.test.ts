/** What an invented market is told to do. */
import { describe, expect, test } from 'vitest';
import { steeringOf } from './script.ts';

const periods = [
  { symbol: 'AAPL', fromMs: 0, untilMs: 100, regime: 'trend' as const },
  { symbol: 'AAPL', fromMs: 50, untilMs: 80, volatilityDailyRatio: 0.1 },
];
const shocks = [
  { symbol: 'AAPL', atMs: 10, ratio: -0.5, overMs: 0 },
  { symbol: 'AAPL', atMs: 20, ratio: 1, overMs: 40 },
];
const script = { periods, shocks };

describe('a shock', () => {
  test('at once falls into exactly one step', () => {
    const logs = [0, 5, 10, 15].map(
      (from) => steeringOf({ periods: [], shocks: [shocks[0]!] }, 'AAPL', from, from + 5).shockLog,
    );
    expect(logs).toEqual([0, Math.log(0.5), 0, 0]);
  });
  test.each([1, 3, 7, 100])('over a time moves by its ratio in all, in steps of %s ms', (stepMs) => {
    let sum = 0;
    for (let from = 0; from < 200; from += stepMs)
      sum += steeringOf({ periods: [], shocks: [shocks[1]!] }, 'AAPL', from, from + stepMs).shockLog;
    expect(Math.exp(sum)).toBeCloseTo(2, 9);
  });
  test('leaves other instruments alone', () => expect(steeringOf(script, 'EURUSD', 0, 100)).toEqual({ shockLog: 0 }));
});

test('of overlapping periods the last one listed holds, each only in its time', () => {
  const at = (ms: number) => steeringOf({ periods, shocks: [] }, 'AAPL', ms - 1, ms);
  expect(at(10)).toMatchObject({ regime: 'trend' });
  expect(at(60)).toMatchObject({ volatilityDailyRatio: 0.1 });
  expect(at(60).regime).toBeUndefined();
  expect(at(90)).toMatchObject({ regime: 'trend' });
  expect(at(100)).toEqual({ shockLog: 0 });
});
