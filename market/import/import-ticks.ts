/**
 * Imports a tick file from a stream: recognised by content, checked line by line, without what is known already, with its bars. All of it
 * becomes visible in one step or nothing of it; the size of the file never matters to memory.
 */
import type { Clock } from '../../runtime/ports.ts';
import { CHUNK_TICKS } from '../columns.ts';
import { OUTCOME } from '../importers/outcome.ts';
import { type Bytes, plainBytes } from '../importers/plain-bytes.ts';
import { FileRefusal } from '../importers/refusal.ts';
import { SeriesLines } from '../importers/series-lines.ts';
import type { Zone } from '../importers/zones.ts';
import type { SeriesStore } from '../series/store.ts';
import { TickBuffer } from '../series/tick-buffer.ts';
import { abortable } from './abortable.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { LineTally } from './line-tally.ts';
import type { ImportCounts, ImportProgress, ImportResult, ImportStored } from './outcome.ts';

/** Of text: what a gzip file unpacks to. */
export const IMPORT_BYTES_MAX = 300 * 1024 * 1024;

export interface ImportOptions {
  readonly store: SeriesStore;
  /** A new id; ids made later sort later. */
  readonly importId: string;
  /** The instrument's symbol as we write it. */
  readonly symbol: string;
  readonly clock: Pick<Clock, 'wallNow' | 'monotonic'>;
  readonly maxBytes?: number;
  readonly skipDuplicates?: boolean;
  /** The clock that the file was written by, where its layout leaves that open or the caller knows better. */
  readonly zone?: Zone;
}

/**
 * Refusals are results. Thrown are faults of the stream and of the store, and the signal's reason; then, too, nothing was stored. Should
 * the store be away even for forgetting, the next start forgets.
 */
export async function importTicks(
  stream: Bytes,
  options: ImportOptions,
  onProgress: (progress: ImportProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<ImportResult> {
  const { store, importId, symbol, clock, maxBytes = IMPORT_BYTES_MAX } = options;
  const startedAt = clock.wallNow();
  if (!(await store.begin({ id: importId, symbol, startedAt }))) {
    const reason = `another import of ${symbol} is under way: try again when it has ended`;
    return { outcome: 'refused', code: 'under-way', reason, ...new Importer(options, [], onProgress).counts() };
  }
  let importer: Importer | undefined;
  try {
    const everything = {
      symbol,
      series: 'ticks',
      fromMs: Number.MIN_SAFE_INTEGER,
      toMs: Number.MAX_SAFE_INTEGER,
    } as const;
    importer = new Importer(options, await store.heads(everything), onProgress);
    for await (const piece of plainBytes(abortable(stream, signal), maxBytes)) await importer.take(piece);
    return await importer.finish(startedAt, signal);
  } catch (error) {
    await importer?.abandon();
    await store.discard(importId).catch(() => undefined);
    if (!(error instanceof FileRefusal) || !importer) throw error;
    return { outcome: 'refused', code: error.code, reason: error.message, ...importer.counts(0) };
  }
}

class Importer {
  private readonly startedMs: number;
  private readonly lines: SeriesLines;
  private readonly tally = new LineTally();
  private readonly buffer = new TickBuffer(CHUNK_TICKS);
  private readonly writer: ChunkWriter;
  private readBytes = 0;

  constructor(
    private readonly options: ImportOptions,
    published: Awaited<ReturnType<SeriesStore['heads']>>,
    private readonly onProgress: (progress: ImportProgress) => void,
  ) {
    const { store, importId, symbol, clock, zone, skipDuplicates = true } = options;
    this.startedMs = clock.monotonic();
    this.lines = new SeriesLines(zone);
    this.writer = new ChunkWriter({ store, importId, symbol, published: skipDuplicates ? published : undefined });
  }

  async take(piece: Uint8Array): Promise<void> {
    this.readBytes += piece.length;
    this.lines.push(piece);
    await this.readLines();
  }

  /** Who has gone while the last chunks were stored has gone before anything counts. */
  async finish(startedAt: number, signal: AbortSignal | undefined): Promise<ImportStored> {
    const { lines, tally, writer, buffer, options } = this;
    lines.finish();
    await this.readLines();
    tally.finish();
    if (buffer.length > 0) await this.write(buffer.length);
    await writer.finish();
    signal?.throwIfAborted();
    this.tell();
    const { store, importId: id, symbol, clock } = options;
    const { layout, plan } = lines.recognised!;
    const { firstMs, lastMs, uploaded: ticks, duplicates } = writer;
    const described = { symbol, layout, kind: plan.kind, firstMs, lastMs };
    const publishedAt = clock.wallNow();
    await store.publish({ id, ...described, startedAt, publishedAt, ticks, duplicates, badLines: tally.badRows });
    const durationMs = clock.monotonic() - this.startedMs;
    return { outcome: 'stored', importId: id, ...described, zone: plan.zone, durationMs, ...this.counts() };
  }

  abandon(): Promise<void> {
    return this.writer.abandon();
  }

  counts(uploadedRows = this.writer.uploaded): ImportCounts {
    const { tally, writer } = this;
    const skippedRows = writer.duplicates + tally.badRows;
    const { badRows, badLines, total: totalRows } = tally;
    return { totalRows, uploadedRows, skippedRows, duplicateRows: writer.duplicates, badRows, badLines };
  }

  private async readLines(): Promise<void> {
    const { lines, tally, buffer } = this;
    if (lines.bars) throw new FileRefusal('not-ticks', 'the file holds bars, not ticks');
    const row = lines.ticks?.row;
    if (!row) return;
    for (let outcome = lines.next(); outcome !== undefined; outcome = lines.next()) {
      if (outcome !== OUTCOME.row) tally.bad(lines.line, outcome);
      else {
        tally.rows += 1;
        buffer.push(row);
        if (buffer.isFull) {
          await this.write(buffer.whole());
          this.tell();
        }
      }
    }
  }

  private write(count: number): Promise<void> {
    return this.writer.write(this.buffer, this.lines.recognised!.plan.kind, count);
  }

  private tell(): void {
    const { batches: batch, uploaded, duplicates } = this.writer;
    this.onProgress({ batch, uploaded, skipped: duplicates + this.tally.badRows, readBytes: this.readBytes });
  }
}
