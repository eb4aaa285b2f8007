/** How an import ended. A refusal stored nothing. */
import type { TickKind } from '../columns.ts';
import type { RefusalCode } from '../importers/refusal.ts';

export interface BadLine {
  /** Counted from 1 in the file, header included. */
  readonly line: number;
  readonly reason: string;
}

export interface ImportProgress {
  /** How many chunks were stored so far. */
  readonly batch: number;
  readonly uploaded: number;
  readonly skipped: number;
  /** Bytes of text that were read. */
  readonly readBytes: number;
}

export interface ImportCounts {
  /** Lines with data: uploaded and skipped ones. */
  readonly totalRows: number;
  readonly uploadedRows: number;
  /** Duplicates and bad lines. */
  readonly skippedRows: number;
  readonly duplicateRows: number;
  readonly badRows: number;
  /** The first ones. */
  readonly badLines: readonly BadLine[];
}

export interface ImportStored extends ImportCounts {
  readonly outcome: 'stored';
  readonly importId: string;
  readonly symbol: string;
  readonly layout: string;
  readonly kind: TickKind;
  /** The clock that the file's times were read by. */
  readonly zone: string;
  readonly durationMs: number;
  /** Of the new rows; null when there was none. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
}

export interface ImportRefused extends ImportCounts {
  readonly outcome: 'refused';
  readonly code: RefusalCode | 'under-way';
  readonly reason: string;
}

export type ImportResult = ImportStored | ImportRefused;
