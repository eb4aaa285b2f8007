/** Values against published vectors (Stock.Indicators) where they are at hand, and the warm-up. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type Candle, readIndicators } from './indicators.ts';

const truths = new URL('../../shared/truths/', import.meta.url);
const PERIODS = { emaFast: 20, emaSlow: 20, atr: 14, rsi: 14 };

function candles(): Candle[] {
  const [, ...lines] = readFileSync(new URL('skender_quotes_default.csv', truths), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [, , high, low, close] = line.split(',').map(Number);
    return { high: high as number, low: low as number, close: close as number };
  });
}

interface Vectors {
  readonly indicators: Readonly<
    Record<string, { call: string; columns: Readonly<Record<string, readonly (number | null)[]>> }>
  >;
}

test.skipIf(!existsSync(truths))('EMA, ATR and RSI equal the published values', () => {
  const vectors = JSON.parse(
    gunzipSync(readFileSync(new URL('skender_indicators.json.gz', truths))).toString('utf8'),
  ) as Vectors;
  const bars = candles();
  const last = (name: string, size: number): number => vectors.indicators[name]?.columns[name]?.[size - 1] as number;
  for (const size of [450, bars.length]) {
    const readings = readIndicators(bars.slice(0, size), PERIODS);
    expect(readings?.emaSlow).toBeCloseTo(last('ema', size), 8);
    expect(readings?.atr).toBeCloseTo(last('atr', size), 8);
    expect(readings?.rsi).toBeCloseTo(last('rsi', size), 8);
  }
});

test('there is no reading until every indicator has seen enough bars', () => {
  const bars = Array.from({ length: 26 }, (_, index) => ({ high: index + 2, low: index + 1, close: index + 1.5 }));
  const periods = { emaFast: 12, emaSlow: 26, atr: 14, rsi: 14 };
  expect(readIndicators(bars.slice(0, 25), periods)).toBeUndefined();
  const readings = readIndicators(bars, periods);
  expect(readings?.emaSlow).toBeCloseTo(14, 10);
  expect(readings?.rsi).toBe(100);
});
