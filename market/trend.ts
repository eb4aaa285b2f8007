/**
 * Trend following: a cross of two EMAs, unless it comes too late (RSI extreme). Pure: the same bars give the same signals,
 * live and in a backtest. Invariant: one signal a cross, never one in a market that doesn't move (ATR 0).
 */
import type { Bar, SignalGenerated } from '../messages/market.ts';
import { type Candle, type IndicatorPeriods, type IndicatorReadings, readIndicators } from './indicators.ts';

export interface TrendParameters extends IndicatorPeriods {
  readonly timeframeMs: number;
  /** A long signal needs an RSI below `rsiMax`, a short one above `rsiMin`. */
  readonly rsiMin: number;
  readonly rsiMax: number;
  /** How many closed bars are kept and read; at least four times the slow period, so that the EMA's seed has faded. */
  readonly windowBars: number;
}

export const TREND_DEFAULTS: TrendParameters = {
  timeframeMs: 60_000,
  emaFast: 12,
  emaSlow: 26,
  atr: 14,
  rsi: 14,
  rsiMin: 25,
  rsiMax: 75,
  windowBars: 120,
};

export interface TrendState {
  readonly bars: readonly Candle[];
  /** On which side the fast EMA was after the last bar. */
  readonly side: 'above' | 'below' | null;
}

export const TREND_START: TrendState = { bars: [], side: null };

export interface TrendStep {
  readonly state: TrendState;
  readonly signal?: SignalGenerated;
}

const candleOf = ({ high, low, close }: Bar): Candle => ({ high, low, close });

/** Behind these closed bars, oldest first: where `stepTrend` over all of them leads, most often for the price of one. */
export function trendBehind(past: readonly Bar[], parameters: TrendParameters): TrendState {
  const candles = past.map(candleOf);
  const bars = candles.slice(-parameters.windowBars);
  for (let end = candles.length; end > 0; end -= 1) {
    const readings = readIndicators(candles.slice(Math.max(0, end - parameters.windowBars), end), parameters);
    if (readings === undefined) break;
    const side = sideOf(readings);
    if (side !== null) return { bars, side };
  }
  return { bars, side: null };
}

/** Takes one closed bar. */
export function stepTrend(state: TrendState, bar: Bar, parameters: TrendParameters): TrendStep {
  const bars = [...state.bars.slice(1 - parameters.windowBars), candleOf(bar)];
  const readings = readIndicators(bars, parameters);
  if (readings === undefined) return { state: { bars, side: null } };
  const side = sideOf(readings) ?? state.side;
  const next: TrendState = { bars, side };
  if (state.side === null || side === null || side === state.side || readings.atr <= 0) return { state: next };
  return { state: next, signal: signalOf(side, bar, readings, parameters) };
}

function sideOf({ emaFast, emaSlow }: IndicatorReadings): 'above' | 'below' | null {
  if (emaFast === emaSlow) return null;
  return emaFast > emaSlow ? 'above' : 'below';
}

function signalOf(
  side: 'above' | 'below',
  bar: Bar,
  readings: IndicatorReadings,
  parameters: TrendParameters,
): SignalGenerated {
  const { rsiMin, rsiMax, emaFast, emaSlow } = parameters;
  const { rsi, atr } = readings;
  const late = side === 'above' ? rsi >= rsiMax : rsi <= rsiMin;
  const judgement = late
    ? `RSI ${rsi.toFixed(1)} is extreme: too late to follow the cross.`
    : `RSI ${rsi.toFixed(1)} is between ${rsiMin} and ${rsiMax}: the move is not exhausted.`;
  return {
    type: 'signal.generated',
    signalId: `sig-${bar.symbol}-${bar.end}`,
    symbol: bar.symbol,
    direction: late ? 'flat' : side === 'above' ? 'long' : 'short',
    price: bar.close,
    atr,
    rsi,
    emaFast: readings.emaFast,
    emaSlow: readings.emaSlow,
    timeframeMs: bar.timeframeMs,
    reasons: [
      `The ${emaFast}-bar EMA crossed ${side} the ${emaSlow}-bar EMA.`,
      judgement,
      `ATR is ${Number(atr.toPrecision(4))} a bar.`,
    ],
  };
}
