/** Signals: one a cross, none while nothing is known or nothing moves, `flat` when the move is exhausted. */
import { expect, test } from 'vitest';
import type { Bar, SignalGenerated } from '../messages/market.ts';
import { stepTrend, TREND_DEFAULTS, TREND_START, type TrendParameters, trendBehind } from './trend.ts';

const MINUTE = 60_000;

const barOf = (close: number, index: number): Bar => ({
  ...{ type: 'market.bar', symbol: 'EURUSD', timeframeMs: MINUTE, start: index * MINUTE, end: (index + 1) * MINUTE },
  ...{ open: close, high: close + 0.5, low: close - 0.5, close, volume: 1, ticks: 1 },
});

function signals(closes: readonly number[], parameters: TrendParameters = TREND_DEFAULTS): SignalGenerated[] {
  const found: SignalGenerated[] = [];
  let state = TREND_START;
  closes.forEach((close, index) => {
    const step = stepTrend(state, barOf(close, index), parameters);
    state = step.state;
    if (step.signal) found.push(step.signal);
  });
  return found;
}

/** Slow waves with a ripple, so that the RSI stays in the middle at a cross. */
const waves = (bars: number): number[] =>
  Array.from({ length: bars }, (_, index) => 100 + 5 * Math.sin(index / 20) + (index % 2 === 0 ? 0.6 : -0.6));

test('waves give long and short signals in turn, each with its reasons and an id of its bar', () => {
  const found = signals(waves(400)).filter(({ direction }) => direction !== 'flat');
  expect(found.length).toBeGreaterThanOrEqual(4);
  found.forEach((signal, index) => {
    if (index > 0) expect(signal.direction).not.toBe(found[index - 1]?.direction);
    expect(signal.signalId).toMatch(/^sig-EURUSD-\d+$/);
    expect(signal.reasons).toHaveLength(3);
    expect(signal.reasons[0]).toBe(
      `The 12-bar EMA crossed ${signal.direction === 'long' ? 'above' : 'below'} the 26-bar EMA.`,
    );
  });
});

test('the same bars give the same signals', () => {
  expect(signals(waves(300))).toEqual(signals(waves(300)));
});

test('a cross with an exhausted RSI says flat', () => {
  const fall = Array.from({ length: 60 }, (_, index) => 200 - index);
  const jump = [...fall, 180, 220];
  const found = signals(jump, { ...TREND_DEFAULTS, rsiMax: 40 });
  expect(found.map(({ direction }) => direction)).toEqual(['flat']);
  expect(found[0]?.reasons[1]).toContain('too late');
});

test('nothing is said before the slow EMA has its bars', () => {
  expect(signals(waves(26))).toEqual([]);
});

test('who reads what has closed stands where it stood that saw each bar close', () => {
  const still = Array.from({ length: 40 }, () => 100);
  for (const closes of [waves(300), still, [...still, ...waves(30), ...Array.from({ length: 200 }, () => 103)]]) {
    const bars = closes.map(barOf);
    let state = TREND_START;
    for (const [index, bar] of bars.entries()) {
      state = stepTrend(state, bar, TREND_DEFAULTS).state;
      expect(trendBehind(bars.slice(0, index + 1), TREND_DEFAULTS)).toEqual(state);
    }
  }
  expect(trendBehind([], TREND_DEFAULTS)).toEqual(TREND_START);
});
