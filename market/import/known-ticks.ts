/**
 * Which of some ticks are known already: the same instant, position within it, price and volume (and, where there are only quotes, ask), in
 * what is published of the instrument or in what this import has put. Only chunks whose times overlap are read; few are kept.
 */
import type { TickKind } from '../columns.ts';
import type { DecodedTicks } from '../series/decoded-ticks.ts';
import { rowAt } from '../series/decoded-ticks.ts';
import type { Packing } from '../series/pack.ts';
import type { ChunkHead } from '../series/store.ts';
import { compareInstants, type StoredTicks } from '../series/tick-buffer.ts';
import { decodeTicks } from '../series/tick-chunk.ts';

const CHUNKS_KEPT = 4;

export class KnownTicks {
  private readonly heads: ChunkHead[];
  private readonly decoded = new Map<ChunkHead, DecodedTicks>();

  constructor(
    /** The content of a chunk, once it is there. */
    private readonly bytes: (head: ChunkHead) => Promise<Uint8Array>,
    published: readonly ChunkHead[],
    private readonly packing: Packing | undefined,
  ) {
    this.heads = [...published];
  }

  /** From now on the rows of this chunk are known. */
  add(head: ChunkHead): void {
    this.heads.push(head);
  }

  /** The rows that are new, in their order; `ticks` are sorted. */
  async fresh(ticks: StoredTicks, kind: TickKind): Promise<Uint32Array> {
    const isKnown = new Uint8Array(ticks.length);
    const [firstMs, lastMs] = [ticks.atMs[0]!, ticks.atMs[ticks.length - 1]!];
    markRepeated(ticks, kind, isKnown);
    for (const head of this.heads) {
      if (head.firstMs <= lastMs && head.lastMs >= firstMs) markKnown(ticks, await this.load(head), kind, isKnown);
    }
    let count = 0;
    const rows = new Uint32Array(ticks.length);
    for (let row = 0; row < ticks.length; row += 1) {
      if (isKnown[row] === 0) {
        rows[count] = row;
        count += 1;
      }
    }
    return rows.subarray(0, count);
  }

  private async load(head: ChunkHead): Promise<DecodedTicks> {
    const kept = this.decoded.get(head) ?? (await decodeTicks(await this.bytes(head), this.packing));
    this.decoded.delete(head);
    this.decoded.set(head, kept);
    const [oldest] = this.decoded.keys();
    if (this.decoded.size > CHUNKS_KEPT && oldest) this.decoded.delete(oldest);
    return kept;
  }
}

const isSame = (a: StoredTicks, i: number, b: StoredTicks, j: number, kind: TickKind): boolean =>
  a.price[i] === b.price[j] && a.volume[i] === b.volume[j] && (kind !== 'quotes' || a.ask[i] === b.ask[j]);

/** Rows of one instant and position stand beside each other; a file that repeats itself has several. */
function markRepeated(ticks: StoredTicks, kind: TickKind, isKnown: Uint8Array): void {
  for (let row = 1; row < ticks.length; row += 1) {
    for (let before = row - 1; before >= 0 && compareInstants(ticks, before, ticks, row) === 0; before -= 1) {
      if (isSame(ticks, before, ticks, row, kind)) isKnown[row] = 1;
    }
  }
}

function markKnown(ticks: StoredTicks, known: StoredTicks, kind: TickKind, isKnown: Uint8Array): void {
  let j = rowAt(known, ticks.atMs[0]!);
  for (let i = rowAt(ticks, known.atMs[0]!); i < ticks.length && j < known.length; i += 1) {
    while (j < known.length && compareInstants(known, j, ticks, i) < 0) j += 1;
    for (let same = j; same < known.length && compareInstants(known, same, ticks, i) === 0; same += 1) {
      if (isSame(ticks, i, known, same, kind)) isKnown[i] = 1;
    }
  }
}
