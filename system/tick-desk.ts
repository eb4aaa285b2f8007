/** Reads tick files into the stored series: one at a time for each, as this process sees it and as the store does. */
import type { TickDesk, TickImport } from '../api/kit/tick-desk.ts';
import { requestOfSeries } from '../domain/run.ts';
import { importTicks } from '../market/import/import-ticks.ts';
import type { ImportProgress, ImportResult } from '../market/import/outcome.ts';
import { type TakenBack, takeBack } from '../market/import/take-back.ts';
import type { TickFile, TickFiles } from '../market/import/tick-files.ts';
import { readTicks } from '../market/series/read-ticks.ts';
import type { SeriesStore } from '../market/series/store.ts';
import type { Clock, Ids } from '../runtime/ports.ts';

export interface TickDeskOptions {
  readonly files: TickFiles;
  readonly store: SeriesStore;
  readonly clock: Clock;
  readonly ids: Ids;
}

class Desk implements TickDesk {
  private readonly busy = new Set<string>();

  constructor(private readonly options: TickDeskOptions) {}

  spool() {
    return this.options.files.spool();
  }

  open(path: string) {
    return this.options.files.open(path);
  }

  isBusy(series: string): boolean {
    return this.busy.has(series);
  }

  async read(
    file: TickFile,
    { series, skipDuplicates, takesBars = false, zone, stampsStart, fileName }: TickImport,
    onProgress: (progress: ImportProgress) => void,
    signal?: AbortSignal,
  ): Promise<ImportResult> {
    const { store, clock, ids } = this.options;
    const options = {
      store,
      clock,
      importId: ids.uuid(),
      symbol: series,
      skipDuplicates,
      takesBars,
      ...{ zone, stampsStart, fileName },
    };
    // Only who was first takes it away again: a second one is refused by the store.
    const isFirst = !this.busy.has(series);
    this.busy.add(series);
    try {
      return await importTicks(file.bytes(), options, onProgress, signal);
    } finally {
      if (isFirst) this.busy.delete(series);
    }
  }

  takeBack(importId: string, readerOf: (symbol: string) => Promise<string | undefined>): Promise<TakenBack> {
    const { store, clock, ids } = this.options;
    return takeBack({ store, importId, holdId: ids.uuid(), clock, readerOf });
  }

  async forget(series: string): Promise<void> {
    const { store } = this.options;
    for (const { id } of await store.imports(series)) await store.remove(id);
  }

  async hasTicks(symbol: string, fromMs: number, toMs: number): Promise<boolean> {
    for await (const { length } of readTicks(this.options.store, { symbol, fromMs, toMs })) if (length > 0) return true;
    return false;
  }
}

export const openTickDesk = (options: TickDeskOptions): TickDesk => new Desk(options);

/** Files that came with requests stay as long as their run is open; what a process left behind goes at the next start. */
export async function sweepUploads(store: SeriesStore, isOpen: (requestId: string) => Promise<boolean>): Promise<void> {
  for (const { id, symbol } of await store.imports()) {
    const requestId = requestOfSeries(symbol);
    if (requestId !== undefined && !(await isOpen(requestId))) await store.remove(id);
  }
}
