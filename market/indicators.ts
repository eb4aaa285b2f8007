/**
 * EMA (seeded with the mean of its first bars), ATR and RSI (both Wilder's) over closed bars, computed by trading-signals. The
 * readings are a pure function of the bars given: no library object outlives the call.
 */
import { ATR, EMA, RSI, SMA } from 'trading-signals';

export interface Candle {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export interface IndicatorPeriods {
  readonly emaFast: number;
  readonly emaSlow: number;
  readonly atr: number;
  readonly rsi: number;
}

export interface IndicatorReadings {
  readonly emaFast: number;
  readonly emaSlow: number;
  readonly atr: number;
  readonly rsi: number;
}

/** Readings at the last bar; undefined until each indicator has seen as many bars as it needs. */
export function readIndicators(bars: readonly Candle[], periods: IndicatorPeriods): IndicatorReadings | undefined {
  const atr = new ATR(periods.atr);
  const rsi = new RSI(periods.rsi);
  for (const bar of bars) {
    atr.add(bar);
    rsi.add(bar.close);
  }
  const emaFast = emaOf(bars, periods.emaFast);
  const emaSlow = emaOf(bars, periods.emaSlow);
  if (emaFast === undefined || emaSlow === undefined || !(atr.isStable && rsi.isStable)) return undefined;
  return { emaFast, emaSlow, atr: atr.getResultOrThrow(), rsi: rsi.getResultOrThrow() };
}

/**
 * The library's EMA starts from its first input: given the mean of the first `period` closes, it starts from that. It calls itself
 * unstable until it was fed `period` times more, hence the value of `add`.
 */
function emaOf(bars: readonly Candle[], period: number): number | undefined {
  const mean = new SMA(period);
  const ema = new EMA(period);
  let value: number | undefined;
  for (const [index, { close }] of bars.entries()) {
    if (index < period) mean.add(close);
    if (index === period - 1) value = ema.add(mean.getResultOrThrow()) ?? undefined;
    else if (index >= period) value = ema.add(close) ?? undefined;
  }
  return value;
}
