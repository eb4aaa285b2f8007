/** Tick files as doors see them: brought or named, read into the stored series, or into one that lasts as long as its backtest. */
import type { ImportProgress, ImportResult } from '../../market/import/outcome.ts';
import type { TakenBack } from '../../market/import/take-back.ts';
import type { TickFile, TickFiles } from '../../market/import/tick-files.ts';
import type { FileFacts } from '../../market/importers/recognise.ts';

export interface TickImport extends FileFacts {
  /** An instrument's symbol, or the name of a series that only one run reads. */
  readonly series: string;
  readonly skipDuplicates: boolean;
  /** A file of bars is taken too. */
  readonly takesBars?: boolean;
}

export interface TickDesk extends TickFiles {
  /** Is a file being read into this series now? */
  isBusy(series: string): boolean;
  /** Refusals are results. Rejects with the signal's reason, and for faults; then nothing was stored. */
  read(
    file: TickFile,
    what: TickImport,
    onProgress: (progress: ImportProgress) => void,
    signal?: AbortSignal,
  ): Promise<ImportResult>;
  /** Takes one import out of the series of its instrument, unless somebody reads it: `readerOf` says who. */
  takeBack(importId: string, readerOf: (symbol: string) => Promise<string | undefined>): Promise<TakenBack>;
  /** Takes everything away that was read into a series. */
  forget(series: string): Promise<void>;
  /** Is there a tick in [fromMs, toMs)? */
  hasTicks(symbol: string, fromMs: number, toMs: number): Promise<boolean>;
}
