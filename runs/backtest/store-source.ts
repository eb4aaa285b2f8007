/**
 * Rows of the store. A backtest reads only imports that were there when it began, so that one that goes on after a crash, with more
 * imported meanwhile, sees the same rows.
 */
import type { BarColumns, TickColumns } from '../../market/columns.ts';
import { readBars } from '../../market/series/read-bars.ts';
import { readTicks } from '../../market/series/read-ticks.ts';
import type { SeriesRows, SeriesStore, Timeframe } from '../../market/series/store.ts';
import type { Anchor, Chunk, Source } from './source.ts';

export type SeriesReads = Pick<SeriesStore, 'heads' | 'bytes' | 'imports' | 'packing'>;

export interface StoreRange {
  readonly symbol: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Names of the imports that a backtest may read. */
export const importsNow = async (store: SeriesReads, symbol: string): Promise<readonly string[]> =>
  (await store.imports(symbol)).map(({ id }) => id);

const only = (store: SeriesReads, imports: readonly string[]): SeriesRows => {
  const known = new Set(imports);
  return {
    heads: async (range) => (await store.heads(range)).filter(({ importId }) => known.has(importId)),
    bytes: (head) => store.bytes(head),
    packing: store.packing,
  };
};

export async function tickSource(store: SeriesReads, imports: readonly string[], range: StoreRange): Promise<Source> {
  const pinned = only(store, imports);
  const heads = await pinned.heads({ ...range, series: 'ticks' });
  return {
    rows: heads.reduce((sum, { count }) => sum + count, 0),
    async *chunks(from: Anchor | undefined): AsyncGenerator<Chunk, void> {
      let anchor: Anchor = from ?? { rowsBefore: 0, place: range.fromMs };
      let rowsBefore = anchor.rowsBefore;
      let lastAt = Number.NEGATIVE_INFINITY;
      for await (const columns of readTicks(pinned, { ...range, fromMs: anchor.place as number })) {
        const firstAt = columns.atMs[0]!;
        // Reading can begin again only where a millisecond begins.
        if (firstAt > lastAt) anchor = { rowsBefore, place: firstAt };
        yield { columns, anchor, rowsBefore };
        rowsBefore += columns.length;
        lastAt = columns.atMs[columns.length - 1]!;
      }
    },
  };
}

export async function barSource(
  store: SeriesReads,
  imports: readonly string[],
  timeframe: Timeframe,
  range: StoreRange,
  as: (bars: BarColumns) => BarColumns | TickColumns,
): Promise<Source> {
  const bars = await readBars(only(store, imports), { ...range, timeframe });
  return {
    rows: bars.length,
    async *chunks(): AsyncGenerator<Chunk, void> {
      if (bars.length > 0) yield { columns: as(bars), anchor: { rowsBefore: 0, place: 0 }, rowsBefore: 0 };
    },
  };
}
