/** Imported series in the in-memory twin: the same promises as on SQL. What is put is a copy, as it would be on a disk. */
import type { Chunk, ChunkHead, ChunkRange, ImportRecord, SeriesStore } from '../../market/series/store.ts';
import { compareText } from './compare.ts';

interface StoredImport {
  readonly symbol: string;
  /** Undefined while it is under way. */
  record: ImportRecord | undefined;
  readonly chunks: Map<string, Chunk>;
}

/** What outlives the store; a new writer sweeps it. */
export type SeriesDisk = Map<string, StoredImport>;

export function sweepSeriesDisk(disk: SeriesDisk): void {
  for (const [id, { record }] of disk) if (!record) disk.delete(id);
}

const keyOf = ({ series, part }: ChunkHead): string => `${series} ${part}`;

export class MemorySeries implements SeriesStore {
  constructor(private readonly disk: SeriesDisk) {}

  async begin({ id, symbol }: Pick<ImportRecord, 'id' | 'symbol'>): Promise<boolean> {
    for (const one of this.disk.values()) if (!one.record && one.symbol === symbol) return false;
    if (this.disk.has(id)) return false;
    this.disk.set(id, { symbol, record: undefined, chunks: new Map() });
    return true;
  }

  async put(chunk: Chunk): Promise<void> {
    this.underWay(chunk.importId).chunks.set(keyOf(chunk), { ...chunk, bytes: Uint8Array.from(chunk.bytes) });
  }

  async publish(record: Omit<ImportRecord, 'bytes'>): Promise<void> {
    const found = this.underWay(record.id);
    const bytes = [...found.chunks.values()].reduce((sum, chunk) => sum + chunk.bytes.length, 0);
    found.record = { ...record, bytes };
  }

  async discard(importId: string): Promise<void> {
    if (!this.disk.get(importId)?.record) this.disk.delete(importId);
  }

  async remove(importId: string): Promise<void> {
    if (this.disk.get(importId)?.record) this.disk.delete(importId);
  }

  async heads({ symbol, series, fromMs, toMs }: ChunkRange): Promise<readonly ChunkHead[]> {
    return [...this.disk.values()]
      .filter((one) => one.record && one.symbol === symbol)
      .flatMap(({ chunks }) => [...chunks.values()])
      .filter((chunk) => chunk.series === series && chunk.firstMs < toMs && chunk.lastMs >= fromMs)
      .sort((a, b) => a.firstMs - b.firstMs || compareText(a.importId, b.importId) || a.part - b.part)
      .map(({ bytes: _, ...head }) => head);
  }

  async bytes(head: ChunkHead): Promise<Uint8Array> {
    const chunk = this.disk.get(head.importId)?.chunks.get(keyOf(head));
    if (!chunk)
      throw new Error(`chunk ${head.part} of ${head.series} of the import ${head.importId} is not there any more`);
    return Uint8Array.from(chunk.bytes);
  }

  async imports(symbol?: string): Promise<readonly ImportRecord[]> {
    return [...this.disk.values()]
      .flatMap(({ record }) => (record && (symbol === undefined || record.symbol === symbol) ? [record] : []))
      .sort((a, b) => a.publishedAt - b.publishedAt || compareText(a.id, b.id));
  }

  private underWay(importId: string): StoredImport {
    const found = this.disk.get(importId);
    if (!found || found.record) throw new Error(`the import ${importId} is not under way any more`);
    return found;
  }
}
