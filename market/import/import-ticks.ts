/**
 * Imports a file of ticks, or of bars, from a stream: recognised by content, checked line by line, without what is known already, with its
 * (longer) bars. All of it becomes visible in one step or nothing of it; the size of the file never matters to memory.
 */
import { findInstrument } from '../../domain/instrument.ts';
import type { Clock } from '../../runtime/ports.ts';
import { CHUNK_TICKS } from '../columns.ts';
import { OUTCOME, type Outcome } from '../importers/outcome.ts';
import { type Bytes, plainBytes } from '../importers/plain-bytes.ts';
import type { FileFacts } from '../importers/recognise.ts';
import { FileRefusal } from '../importers/refusal.ts';
import { SeriesLines } from '../importers/series-lines.ts';
import type { ChunkHead, SeriesStore } from '../series/store.ts';
import { TickBuffer } from '../series/tick-buffer.ts';
import { abortable } from './abortable.ts';
import { BarIntake } from './bar-intake.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { Covered } from './covered.ts';
import { LineTally } from './line-tally.ts';
import type { ImportCounts, ImportProgress, ImportResult, ImportStored } from './outcome.ts';

/** Of text: what a gzip file unpacks to. */
export const IMPORT_BYTES_MAX = 300 * 1024 * 1024;
/** A file's clock may go before ours by its zone. What is later than that nobody has seen: a bar of then would stand as if it were known. */
const AHEAD_MAX_MS = 86_400_000;
const NAME_CHARACTERS_MAX = 200;

export interface ImportOptions extends FileFacts {
  readonly store: SeriesStore;
  /** A new id; ids made later sort later. */
  readonly importId: string;
  /** The instrument's symbol as we write it. */
  readonly symbol: string;
  readonly clock: Pick<Clock, 'wallNow' | 'monotonic'>;
  readonly maxBytes?: number;
  readonly skipDuplicates?: boolean;
  /** A file of bars is taken too, not only one of ticks. */
  readonly takesBars?: boolean;
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
    const nothing = { totalRows: 0, uploadedRows: 0, skippedRows: 0, duplicateRows: 0, badRows: 0, badLines: [] };
    return { outcome: 'refused', code: 'under-way', reason, ...nothing };
  }
  let importer: Importer | undefined;
  try {
    const everything = {
      symbol,
      series: 'ticks',
      fromMs: Number.MIN_SAFE_INTEGER,
      toMs: Number.MAX_SAFE_INTEGER,
    } as const;
    const published = await store.heads(everything);
    const covered = await Covered.of(store, symbol, published);
    importer = new Importer(options, { published, covered }, onProgress);
    for await (const piece of plainBytes(abortable(stream, signal), maxBytes)) await importer.take(piece);
    return await importer.finish(startedAt, signal);
  } catch (error) {
    await importer?.abandon();
    await store.discard(importId).catch(() => undefined);
    if (!(error instanceof FileRefusal) || !importer) throw error;
    return { outcome: 'refused', code: error.code, reason: error.message, ...importer.counts(0) };
  }
}

/** As it can be shown and stored. */
const baseNameOf = (path: string): string =>
  (path.split(/[/\\]/).at(-1) ?? '').slice(-NAME_CHARACTERS_MAX).replace(/[\p{Cc}\p{Cs}]/gu, '?');

interface Known {
  /** Chunks of ticks. */
  readonly published: readonly ChunkHead[];
  readonly covered: Covered;
}

class Importer {
  private readonly startedMs: number;
  private readonly latestMs: number;
  private readonly lines: SeriesLines;
  private readonly tally = new LineTally();
  private readonly buffer = new TickBuffer(CHUNK_TICKS);
  /** Takes the ticks, or the bars once the file has turned out to hold these. */
  private writer: ChunkWriter | BarIntake;
  private readBytes = 0;
  private told = { batch: 0, skipped: 0 };

  constructor(
    private readonly options: ImportOptions,
    private readonly known: Known,
    private readonly onProgress: (progress: ImportProgress) => void,
  ) {
    const { store, importId, symbol, clock, zone, stampsStart, fileName, skipDuplicates = true } = options;
    this.startedMs = clock.monotonic();
    this.latestMs = clock.wallNow() + AHEAD_MAX_MS;
    this.lines = new SeriesLines({ zone, stampsStart, fileName, instrument: findInstrument(symbol) });
    const { published, covered } = known;
    const told = skipDuplicates ? published : undefined;
    this.writer = new ChunkWriter({ store, importId, symbol, covered, published: told, onPut: () => this.tell() });
  }

  async take(piece: Uint8Array): Promise<void> {
    this.readBytes += piece.length;
    this.lines.push(piece);
    await this.readLines();
  }

  /** Who has gone while the last chunks were stored has gone before anything counts. */
  async finish(startedAt: number, signal: AbortSignal | undefined): Promise<ImportStored> {
    const { lines, tally, buffer, options } = this;
    lines.finish();
    await this.readLines();
    const { writer } = this;
    if (writer instanceof BarIntake) {
      await writer.finish();
      tally.finish();
    } else {
      tally.finish();
      if (buffer.length > 0) await writer.write(buffer, lines.recognised!.plan.kind, buffer.length);
      await writer.finish();
    }
    signal?.throwIfAborted();
    this.tell();
    const { store, importId: id, symbol, clock } = options;
    const { layout: name, plan } = lines.recognised!;
    const layout = writer instanceof BarIntake ? `${name}, bars of ${writer.timeframe}` : name;
    const { firstMs, lastMs, uploaded: ticks, duplicates, duplicateFirstMs, duplicateLastMs } = writer;
    const described = { symbol, layout, kind: plan.kind, firstMs, lastMs };
    const publishedAt = clock.wallNow();
    const counts = { ticks, duplicates, duplicateFirstMs, duplicateLastMs, badLines: tally.badRows };
    const fileName = options.fileName === undefined ? null : baseNameOf(options.fileName);
    await store.publish({ id, ...described, ...counts, fileName, startedAt, publishedAt });
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
    const { lines, tally, buffer, writer, latestMs } = this;
    if (lines.bars) return this.readBars();
    const row = lines.ticks?.row;
    if (writer instanceof BarIntake) throw new Error('Invariant: a file holds ticks or bars');
    if (!row) return;
    for (let outcome = lines.next(); outcome !== undefined; outcome = lines.next()) {
      if (outcome !== OUTCOME.row) tally.bad(lines.line, outcome);
      else if (row.atMs > latestMs) tally.bad(lines.line, OUTCOME.ahead);
      else {
        tally.rows += 1;
        buffer.push(row);
        if (buffer.isFull) {
          await writer.write(buffer, lines.recognised!.plan.kind, buffer.whole());
          this.tell();
        }
      }
    }
  }

  private async readBars(): Promise<void> {
    const { lines, tally, options, known, latestMs } = this;
    if (!options.takesBars) throw new FileRefusal('not-ticks', 'the file holds bars, not ticks');
    if (!(this.writer instanceof BarIntake))
      this.writer = new BarIntake({ ...options, ...known }, (line, what) => this.judge(line, what));
    for (let outcome = lines.next(); outcome !== undefined; outcome = lines.next()) {
      const row = lines.bars?.row;
      if (outcome !== OUTCOME.row || !row) tally.bad(lines.line, outcome);
      else if (row.startMs > latestMs) tally.bad(lines.line, OUTCOME.ahead);
      else {
        const stored = this.writer.take(lines.line, row);
        if (!stored) continue;
        await stored;
        this.tell();
      }
    }
  }

  private judge(line: number, what: Outcome | 'duplicate'): void {
    if (what === 'duplicate' || what === OUTCOME.row) this.tally.rows += 1;
    else this.tally.bad(line, what);
  }

  /** Nothing where nothing has been stored or skipped since: a batch is told when it is stored. */
  private tell(): void {
    const { batches: batch, uploaded, duplicates } = this.writer;
    const skipped = duplicates + this.tally.badRows;
    if (batch === this.told.batch && skipped === this.told.skipped) return;
    this.told = { batch, skipped };
    this.onProgress({ batch, uploaded, skipped, readBytes: this.readBytes });
  }
}
