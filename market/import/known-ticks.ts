/**
 * Which of some ticks are known already: the same instant, position within it, price and volume (and, where there are only quotes, ask), in
 * what is published of the instrument or in what this import has put. Only chunks whose times overlap are read, however many are of one
 * millisecond; few are kept.
 */
import type { TickKind } from '../columns.ts';
import type { DecodedTicks } from '../series/decoded-ticks.ts';
import { rowAt } from '../series/decoded-ticks.ts';
import type { Packing } from '../series/pack.ts';
import type { ChunkHead } from '../series/store.ts';
import { compareInstants, type Instants, type StoredTicks } from '../series/tick-buffer.ts';
import { decodeTicks } from '../series/tick-chunk.ts';

const CHUNKS_KEPT = 4;

/** Where a chunk begins and ends in the order of ticks: its first and its last row, which a head tells to the millisecond only. */
type Span = Instants & { readonly length: 2 };

const spanOf = ({ atMs, subMsNs, position, length }: StoredTicks): Span => ({
  atMs: Float64Array.of(atMs[0]!, atMs[length - 1]!),
  subMsNs: Int32Array.of(subMsNs[0]!, subMsNs[length - 1]!),
  position: Int32Array.of(position[0]!, position[length - 1]!),
  length: 2,
});

const overlaps = (a: Span, b: Span): boolean => compareInstants(a, 0, b, 1) <= 0 && compareInstants(b, 0, a, 1) <= 0;

export class KnownTicks {
  private readonly heads: ChunkHead[];
  /** Of the chunks that were read or put so far. */
  private readonly spans = new Map<ChunkHead, Span>();
  private readonly decoded = new Map<ChunkHead, DecodedTicks>();

  constructor(
    /** The content of a chunk, once it is there. */
    private readonly bytes: (head: ChunkHead) => Promise<Uint8Array>,
    published: readonly ChunkHead[],
    private readonly packing: Packing | undefined,
  ) {
    this.heads = [...published];
  }

  /** From now on the rows of this chunk are known; they are sorted. */
  add(head: ChunkHead, rows: StoredTicks): void {
    this.heads.push(head);
    this.spans.set(head, spanOf(rows));
  }

  /** The rows that are new, in their order; `ticks` are sorted. */
  async fresh(ticks: StoredTicks, kind: TickKind): Promise<Uint32Array> {
    const isKnown = new Uint8Array(ticks.length);
    const span = spanOf(ticks);
    markRepeated(ticks, kind, isKnown);
    for (const head of this.heads) {
      if (this.mayOverlap(head, span)) markKnown(ticks, await this.load(head), kind, isKnown);
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

  private mayOverlap(head: ChunkHead, span: Span): boolean {
    if (head.firstMs > span.atMs[1]! || head.lastMs < span.atMs[0]!) return false;
    const known = this.spans.get(head);
    return known === undefined || overlaps(known, span);
  }

  private async load(head: ChunkHead): Promise<DecodedTicks> {
    const kept = this.decoded.get(head) ?? (await decodeTicks(await this.bytes(head), this.packing));
    if (!this.spans.has(head)) this.spans.set(head, spanOf(kept));
    this.decoded.delete(head);
    this.decoded.set(head, kept);
    const [oldest] = this.decoded.keys();
    if (this.decoded.size > CHUNKS_KEPT && oldest) this.decoded.delete(oldest);
    return kept;
  }
}

/** What makes rows of one instant and position the same. */
const nameOf = ({ price, volume, ask }: StoredTicks, row: number, kind: TickKind): string =>
  kind === 'quotes' ? `${price[row]} ${volume[row]} ${ask[row]}` : `${price[row]} ${volume[row]}`;

/** The first row behind `from` that is of another instant or position. */
function groupEnd(ticks: StoredTicks, from: number): number {
  let end = from + 1;
  while (end < ticks.length && compareInstants(ticks, from, ticks, end) === 0) end += 1;
  return end;
}

/** Rows of one instant and position stand beside each other; a file that repeats itself has several. */
function markRepeated(ticks: StoredTicks, kind: TickKind, isKnown: Uint8Array): void {
  for (let from = 0, end = 0; from < ticks.length; from = end) {
    end = groupEnd(ticks, from);
    if (end - from > 1) markNamed(ticks, [from, end], kind, isKnown, new Set());
  }
}

/** Marks the rows in [from, to) whose names are there already; each name is there behind its row. */
function markNamed(
  ticks: StoredTicks,
  [from, to]: readonly [from: number, to: number],
  kind: TickKind,
  isKnown: Uint8Array,
  names: Set<string>,
): void {
  for (let row = from; row < to; row += 1) {
    const name = nameOf(ticks, row, kind);
    if (names.has(name)) isKnown[row] = 1;
    names.add(name);
  }
}

/** Both are sorted: groups of one instant and position are met side by side. */
function markKnown(ticks: StoredTicks, known: StoredTicks, kind: TickKind, isKnown: Uint8Array): void {
  let j = rowAt(known, ticks.atMs[0]!);
  for (let i = rowAt(ticks, known.atMs[0]!); i < ticks.length && j < known.length; ) {
    const order = compareInstants(known, j, ticks, i);
    if (order < 0) j += 1;
    else if (order > 0) i += 1;
    else {
      const [end, knownEnd] = [groupEnd(ticks, i), groupEnd(known, j)];
      if (end - i === 1 && knownEnd - j === 1) {
        if (isSame(ticks, i, known, j, kind)) isKnown[i] = 1;
      } else {
        const names = new Set<string>();
        for (let row = j; row < knownEnd; row += 1) names.add(nameOf(known, row, kind));
        markNamed(ticks, [i, end], kind, isKnown, names);
      }
      [i, j] = [end, knownEnd];
    }
  }
}

const isSame = (a: StoredTicks, i: number, b: StoredTicks, j: number, kind: TickKind): boolean =>
  a.price[i] === b.price[j] && a.volume[i] === b.volume[j] && (kind !== 'quotes' || a.ask[i] === b.ask[j]);
