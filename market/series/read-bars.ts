/** Bars of a stored series: the parts that imports have left, added up. What several imports know of one bucket is one bar. */
import type { BarColumns } from '../columns.ts';
import { BarBuffer } from './bar-buffer.ts';
import { decodeBars } from './bar-chunk.ts';
import { type SeriesRows, TIMEFRAMES_MS, type Timeframe } from './store.ts';

export interface BarRange {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** Bars that begin in [fromMs, toMs). */
  readonly fromMs: number;
  readonly toMs: number;
}

export async function readBars(store: SeriesRows, { symbol, timeframe, fromMs, toMs }: BarRange): Promise<BarColumns> {
  const heads = await store.heads({ symbol, series: timeframe, fromMs, toMs });
  const parts = new BarBuffer(heads.reduce((sum, { count }) => sum + count, 0));
  for (const head of heads) {
    const chunk = await decodeBars(await store.bytes(head), store.packing);
    for (let row = 0; row < chunk.length; row += 1) {
      const start = chunk.startMs[row]!;
      if (start >= fromMs && start < toMs) parts.append(start, chunk, row);
    }
  }
  return { timeframeMs: TIMEFRAMES_MS[timeframe], ...sumUp(parts) };
}

/** Parts of one bucket become one row; of equal times, the part that was read first opened. */
function sumUp(parts: BarBuffer): BarBuffer {
  const order = Uint32Array.from({ length: parts.length }, (_, index) => index);
  order.sort((i, j) => parts.startMs[i]! - parts.startMs[j]! || i - j);
  const bars = new BarBuffer(parts.length);
  for (const index of order) {
    const last = bars.length - 1;
    if (last >= 0 && bars.startMs[last] === parts.startMs[index]) bars.absorb(last, parts, index);
    else bars.append(parts.startMs[index]!, parts, index);
  }
  return bars;
}
