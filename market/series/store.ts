/**
 * Where imported series are kept, as a port: compressed chunks under the import that brought them. What an import puts is seen by nobody
 * before it is published, and then all of it at once; an import that is discarded or cut off leaves nothing.
 */
import type { TickKind } from '../columns.ts';
import type { Packing } from './pack.ts';

export const TIMEFRAMES_MS = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
} as const;
export type Timeframe = keyof typeof TIMEFRAMES_MS;
export const TIMEFRAMES = Object.keys(TIMEFRAMES_MS) as readonly Timeframe[];

export type SeriesName = 'ticks' | Timeframe;

/** Everything about a chunk but its content. Times are those of its first and last row, whole milliseconds. */
export interface ChunkHead {
  readonly importId: string;
  readonly series: SeriesName;
  /** Counts from 1 in a series of an import. */
  readonly part: number;
  readonly symbol: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
}

export interface Chunk extends ChunkHead {
  readonly bytes: Uint8Array;
}

export interface ImportRecord {
  readonly id: string;
  readonly symbol: string;
  readonly layout: string;
  readonly kind: TickKind;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly publishedAt: number;
  /** Rows that were new. */
  readonly ticks: number;
  readonly duplicates: number;
  readonly badLines: number;
  /** Null when nothing was new. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** Of the duplicates; null when there was none, or when nobody noted it. */
  readonly duplicateFirstMs: number | null;
  readonly duplicateLastMs: number | null;
  /** As whoever brought it calls it, without its folders; null where nobody said. */
  readonly fileName: string | null;
  /** Of its chunks, ticks and bars, as they are stored. */
  readonly bytes: number;
}

export interface ChunkRange {
  readonly symbol: string;
  readonly series: SeriesName;
  /** Chunks that have a row in [fromMs, toMs) may be among those found; others may be left out. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface SeriesStore {
  /** Who packs and unpacks its chunks; threads beside this one when absent. */
  readonly packing?: Packing | undefined;
  /** Opens an import. False when another one of this instrument is under way. */
  begin(started: Pick<ImportRecord, 'id' | 'symbol' | 'startedAt'>): Promise<boolean>;
  put(chunk: Chunk): Promise<void>;
  /** Makes everything that was put visible, in one step. */
  publish(record: Omit<ImportRecord, 'bytes'>): Promise<void>;
  /** Forgets an import that is under way. */
  discard(importId: string): Promise<void>;
  /** Takes a published import away, with all its rows; nothing when there is none. */
  remove(importId: string): Promise<void>;
  /** Published chunks, by first time, then import and part. */
  heads(range: ChunkRange): Promise<readonly ChunkHead[]>;
  /** The content of a chunk, published or not. */
  bytes(head: ChunkHead): Promise<Uint8Array>;
  /** Published imports, oldest first, by time of publication and id. */
  imports(symbol?: string): Promise<readonly ImportRecord[]>;
}

/** What readers of rows need of it. */
export type SeriesRows = Pick<SeriesStore, 'heads' | 'bytes' | 'packing'>;
