/** What a world has stored of imports, read back chunk by chunk, for whoever compares it with what was sent. */
import { decodeBars } from '../market/series/bar-chunk.ts';
import { PACKED_AT_ONCE } from '../market/series/pack.ts';
import {
  type ChunkHead,
  type ImportRecord,
  type SeriesName,
  type SeriesStore,
  TIMEFRAMES,
} from '../market/series/store.ts';
import { decodeTicks } from '../market/series/tick-chunk.ts';

export interface StoredImport {
  readonly record: ImportRecord;
  /** Ticks that its chunks hold, by series: those of its ticks, and those that its bars were made of. */
  readonly ticks: ReadonlyMap<SeriesName, number>;
}

const EVER = { fromMs: Number.MIN_SAFE_INTEGER, toMs: Number.MAX_SAFE_INTEGER } as const;

async function ticksIn(store: SeriesStore, head: ChunkHead): Promise<number> {
  const bytes = await store.bytes(head);
  if (head.series === 'ticks') return (await decodeTicks(bytes, PACKED_AT_ONCE)).length;
  const { length, ticks } = await decodeBars(bytes, PACKED_AT_ONCE);
  return ticks.subarray(0, length).reduce((sum, count) => sum + count, 0);
}

/** All published imports, oldest first. */
export async function storedImports(store: SeriesStore): Promise<readonly StoredImport[]> {
  const found: StoredImport[] = [];
  for (const record of await store.imports()) {
    const ticks = new Map<SeriesName, number>();
    for (const series of ['ticks', ...TIMEFRAMES] as const) {
      let sum = 0;
      for (const head of await store.heads({ symbol: record.symbol, series, ...EVER }))
        if (head.importId === record.id) sum += await ticksIn(store, head);
      ticks.set(series, sum);
    }
    found.push({ record, ticks });
  }
  return found;
}
