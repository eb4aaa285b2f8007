/** The analysis agent as the kernel drives it: bars of its timeframe, each instrument for itself. */
import { expect, test } from 'vitest';
import type { TrendState } from '../../market/trend.ts';
import type { Bar, BarHistory, SignalGenerated } from '../../messages/market.ts';
import { drive } from '../testing/drive.ts';
import { analysisAgent } from './analysis.ts';

const MINUTE = 60_000;
const barOf = (symbol: string, index: number, close: number, timeframeMs = MINUTE): Bar => ({
  ...{ type: 'market.bar', symbol, timeframeMs, start: index * timeframeMs, end: (index + 1) * timeframeMs },
  ...{ open: close, high: close + 0.5, low: close - 0.5, close, volume: 1, ticks: 1 },
});
const wave = (index: number): number => 100 + 5 * Math.sin(index / 20) + (index % 2 === 0 ? 0.6 : -0.6);

test('records a signal at a cross, of the instrument whose bars crossed', () => {
  const agent = drive(analysisAgent());
  const said: SignalGenerated[] = [];
  for (let index = 0; index < 200; index += 1) {
    said.push(...(agent.tell(barOf('EURUSD', index, wave(index)), (index + 1) * MINUTE) as SignalGenerated[]));
    expect(agent.tell(barOf('AAPL', index, 150), (index + 1) * MINUTE)).toEqual([]);
  }
  expect(said.length).toBeGreaterThanOrEqual(2);
  for (const signal of said)
    expect(signal).toMatchObject({ type: 'signal.generated', symbol: 'EURUSD', timeframeMs: MINUTE });
});

test('keeps a bounded window of bars and ignores other timeframes', () => {
  const agent = drive(analysisAgent({ windowBars: 120 }));
  for (let index = 0; index < 300; index += 1) {
    agent.tell(barOf('EURUSD', index, wave(index)), index);
    agent.tell(barOf('EURUSD', index, 1, 5 * MINUTE), index);
  }
  const { bars } = agent.state<TrendState>('EURUSD') ?? { bars: [] };
  expect(bars).toHaveLength(120);
  expect(bars.every(({ close }) => close > 50)).toBe(true);
});

test('a new life goes on where the board stands: the same state and the same signals, none of them twice', () => {
  const bars = Array.from({ length: 400 }, (_, index) => barOf('EURUSD', index, wave(index)));
  const undisturbed = drive(analysisAgent());
  const signals = bars.map((bar) => undisturbed.tell(bar, bar.end));
  const from = 250;
  // The board is ahead of the reader by some bars, and holds fewer than there were.
  const history: BarHistory = {
    ...{ type: 'market.history', symbol: 'EURUSD', timeframeMs: MINUTE, bars: bars.slice(20, from + 5) },
  };
  const restarted = drive(analysisAgent(), { EURUSD: history });
  const again = bars.slice(from).map((bar) => restarted.tell(bar, bar.end));
  expect(again).toEqual(signals.slice(from));
  expect(again.flat().length).toBeGreaterThan(0);
  expect(restarted.state('EURUSD')).toEqual(undisturbed.state('EURUSD'));
});

test('bars of another timeframe on the board tell it nothing', () => {
  const history: BarHistory = {
    ...{ type: 'market.history', symbol: 'EURUSD', timeframeMs: 5 * MINUTE, bars: [barOf('EURUSD', 1, 1, 5 * MINUTE)] },
  };
  const agent = drive(analysisAgent(), { EURUSD: history });
  agent.tell(barOf('EURUSD', 100, 1), 1);
  expect(agent.state<TrendState>('EURUSD')?.bars).toHaveLength(1);
});
