/**
 * EMA, ATR (Wilder) and RSI (Wilder) over closed bars, computed by trading-signals. The readings are a pure function of the
 * bars given: no library object outlives the call.
 */
import { ATR, EMA, RSI } from 'trading-signals';

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
  const emaFast = new EMA(periods.emaFast);
  const emaSlow = new EMA(periods.emaSlow);
  const atr = new ATR(periods.atr);
  const rsi = new RSI(periods.rsi);
  for (const bar of bars) {
    emaFast.add(bar.close);
    emaSlow.add(bar.close);
    atr.add(bar);
    rsi.add(bar.close);
  }
  if (!(emaFast.isStable && emaSlow.isStable && atr.isStable && rsi.isStable)) return undefined;
  return {
    emaFast: emaFast.getResultOrThrow(),
    emaSlow: emaSlow.getResultOrThrow(),
    atr: atr.getResultOrThrow(),
    rsi: rsi.getResultOrThrow(),
  };
}
