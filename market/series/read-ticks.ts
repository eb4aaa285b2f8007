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
  let held: DecodedTicks | undefined;
  for (const head of await store.heads({ ...range, series: 'ticks' })) {
    const next = await decodeTicks(await store.bytes(head), store.packing);
    if (!held) {
      held = next;
      continue;
    }
    // Chunks come by first time: nothing that follows lies before this row.
    const settled = rowAt(held, head.firstMs);
    if (settled > 0) yield sliceTicks(held, 0, settled);
    held = settled === held.length ? next : mergeTicks(sliceTicks(held, settled, held.length), next);
  }
  if (held) yield held;
}
