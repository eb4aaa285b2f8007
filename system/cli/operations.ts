/**
 * What the command line does to a house, whichever way it reaches it: through the API of a running product, or as the writer of a
 * place that no product holds. Both answer the same.
 */
import type { Zone } from '../../market/importers/zones.ts';
import type { ImportRecord, SeriesStore } from '../../market/series/store.ts';
import type { LimitsAnswered, TradingLimits } from '../../messages/limits.ts';
import type { RunReads } from '../../projections/run-reads.ts';
import type { Comparison, Copy, Retention, Verification } from '../../projections/upkeep.ts';

export type LimitsInForce = Pick<LimitsAnswered, 'version' | 'limits'>;

export interface LimitsChange {
  readonly limits: TradingLimits;
  readonly reason: string;
  /** Nothing is changed when another version is in force. */
  readonly expectedVersion: number;
}

/** A tick file that is to be imported. */
export interface FileImport {
  readonly path: string;
  readonly sizeBytes: number;
  readonly symbol: string;
  readonly skipDuplicates: boolean;
  readonly zone?: Zone;
  /** Its bars are stamped at their beginning, whatever its layout says. */
  readonly stampsStart?: boolean;
}

export interface ImportStep {
  readonly uploaded: number;
  readonly skipped: number;
  /** Part of the file that has been read, while there is more of it. */
  readonly ratio?: number | undefined;
}

export interface FileImported {
  readonly totalRows: number;
  readonly uploadedRows: number;
  readonly skippedRows: number;
  readonly badRows: number;
  readonly badLines: readonly { readonly line: number; readonly reason: string }[];
  /** As a person reads it. */
  readonly duration: string;
  readonly layout?: string;
  readonly zone?: string;
}

export interface Operations {
  limits(): Promise<LimitsInForce>;
  setLimits(change: LimitsChange): Promise<LimitsInForce>;
  verify(): Promise<Verification>;
  replay(): Promise<Comparison>;
  backup(): Promise<Copy>;
  archive(keep: number): Promise<Retention>;
  /** Records from a sequence on as JSON lines. */
  export(fromSequence: number): Promise<AsyncIterable<string | Uint8Array>>;
  /** All of the file or nothing: a refusal is a failure of the command. */
  importTicks(file: FileImport, onProgress: (step: ImportStep) => void): Promise<FileImported>;
  /** Takes an import back, as if it had never come; a refusal is a failure of the command. */
  takeBack(importId: string): Promise<ImportRecord>;
  /** Imported market data, to be read. */
  readonly series: Pick<SeriesStore, 'imports' | 'heads' | 'bytes'>;
  /** Tasks, their runs, and what these have put out. */
  readonly runs: Pick<RunReads, 'tasks' | 'task' | 'runsOf' | 'run' | 'head' | 'page'>;
  close(): Promise<void>;
}

export const outdated = (now: number, expected: number): string =>
  `the limits have version ${now} now, not ${expected}: somebody has changed them; nothing was changed`;
