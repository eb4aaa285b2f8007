/**
 * Ticks of a stored series in the order of instant, position and import, in pieces of some ten thousand rows. The same published imports
 * give the same rows in the same order; memory holds one piece, and where imports overlap as much as overlaps.
 */
import type { TickColumns } from '../columns.ts';
import { type DecodedTicks, rowAt, sliceTicks } from './decoded-ticks.ts';
import { mergeTicks } from './merge-ticks.ts';
import type { SeriesRows } from './store.ts';
import { decodeTicks } from './tick-chunk.ts';

export interface TickRange {
  readonly symbol: string;
  /** Ticks in [fromMs, toMs). */
  readonly fromMs: number;
  readonly toMs: number;
}

export async function* readTicks(store: SeriesRows, range: TickRange): AsyncGenerator<TickColumns, void> {
  const { fromMs, toMs } = range;
  for await (const ticks of sorted(store, range)) {
    const from = rowAt(ticks, fromMs);
    const to = rowAt(ticks, toMs);
    if (to > from) yield sliceTicks(ticks, from, to);
  }
}

async function* sorted(store: SeriesRows, range: TickRange): AsyncGenerator<DecodedTicks, void> {
  let held: DecodedTicks[] = [];
  for (const head of await store.heads({ ...range, series: 'ticks' })) {
    const next = await decodeTicks(await store.bytes(head), store.packing);
    // Chunks come by first time: nothing that follows lies before this one's. Of one millisecond there may be many.
    if (held.some(({ atMs }) => atMs[0]! < head.firstMs)) {
      const ticks = mergedOf(held);
      const settled = rowAt(ticks, head.firstMs);
      yield sliceTicks(ticks, 0, settled);
      held = settled === ticks.length ? [] : [sliceTicks(ticks, settled, ticks.length)];
    }
    held.push(next);
  }
  if (held.length > 0) yield mergedOf(held);
}

/** Neighbours first, so that the order of runs decides between equal rows, and no row is copied more often than runs can be halved. */
function mergedOf(runs: readonly DecodedTicks[]): DecodedTicks {
  const [only] = runs;
  if (only && runs.length === 1) return only;
  const middle = runs.length >> 1;
  return mergeTicks(mergedOf(runs.slice(0, middle)), mergedOf(runs.slice(middle)));
}
