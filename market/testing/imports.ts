/** Imports texts into a store and reads back what it has, for tests; time is a counter, and every row that is not asked for otherwise is past. */

import { priceOf, type TickColumns } from '../columns.ts';
import { type ImportOptions, importTicks } from '../import/import-ticks.ts';
import type { ImportProgress, ImportResult } from '../import/outcome.ts';
import { readBars } from '../series/read-bars.ts';
import { readTicks } from '../series/read-ticks.ts';
import type { SeriesStore, Timeframe } from '../series/store.ts';
import { isoOf, type ReadTick } from './read-text.ts';

export const ALL = { fromMs: 0, toMs: 4_102_444_800_000 } as const;

export async function* piecesOf(content: string | Uint8Array, pieceBytes = 50_000): AsyncGenerator<Uint8Array, void> {
  const bytes = Buffer.from(content as Uint8Array);
  for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
}

export interface ImportedText {
  readonly result: ImportResult;
  readonly progress: readonly ImportProgress[];
}

let imports = 0;

export async function importText(
  store: SeriesStore,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
  options: Partial<ImportOptions> = {},
  signal?: AbortSignal,
): Promise<ImportedText> {
  imports += 1;
  let now = imports * 1_000;
  const tick = (): number => {
    now += 1;
    return now;
  };
  const importId = `import-${String(imports).padStart(6, '0')}`;
  const progress: ImportProgress[] = [];
  const stream = typeof content === 'string' || content instanceof Uint8Array ? piecesOf(content) : content;
  const all = {
    store,
    importId,
    symbol: 'NQ',
    clock: { wallNow: () => ALL.toMs + tick(), monotonic: tick },
    ...options,
  };
  const result = await importTicks(stream, all, (event) => progress.push(event), signal);
  return { result, progress };
}

export async function allTicks(store: SeriesStore, range: { fromMs: number; toMs: number } = ALL): Promise<ReadTick[]> {
  const found: ReadTick[] = [];
  for await (const ticks of readTicks(store, { symbol: 'NQ', ...range })) {
    for (const row of rowsOf(ticks)) found.push(row);
  }
  return found;
}

export const rowsOf = (ticks: TickColumns): ReadTick[] =>
  Array.from({ length: ticks.length }, (_, row) => ({
    at: isoOf(ticks.atMs[row]!, ticks.subMsNs[row]!),
    price: priceOf(ticks.price[row]!),
    bid: priceOf(ticks.bid[row]!),
    ask: priceOf(ticks.ask[row]!),
    volume: ticks.volume[row]!,
  }));

/** `[ISO start, open, high, low, close, volume, ticks]` of each bar. */
export async function allBars(store: SeriesStore, timeframe: Timeframe, symbol = 'NQ'): Promise<(string | number)[][]> {
  const bars = await readBars(store, { symbol, timeframe, ...ALL });
  return Array.from({ length: bars.length }, (_, row) => [
    new Date(bars.startMs[row]!).toISOString(),
    ...[bars.open, bars.high, bars.low, bars.close].map((column) => priceOf(column[row]!)),
    bars.volume[row]!,
    bars.ticks[row]!,
  ]);
}
