/** Opens the in-memory twin; with a disk of an earlier one it finds what that one had committed. */
import type { SeriesStore } from '../../market/series/store.ts';
import type { Queries } from '../../projections/queries.ts';
import type { RunOutputs } from '../../projections/run-outputs.ts';
import type { Upkeep } from '../../projections/upkeep.ts';
import type { Store } from '../../runtime/store.ts';
import { MemoryDisk } from './disk.ts';
import { MemoryQueries } from './queries.ts';
import { MemoryRunOutputs } from './run-outputs.ts';
import { MemorySeries } from './series.ts';
import { MemoryStore } from './store.ts';
import { MemoryUpkeep } from './upkeep.ts';

export interface OpenedMemory {
  readonly store: Store;
  readonly queries: Queries;
  readonly series: SeriesStore;
  readonly outputs: RunOutputs;
  readonly upkeep: Upkeep;
  readonly disk: MemoryDisk;
  close(): Promise<void>;
}

export function openMemory(disk: MemoryDisk = new MemoryDisk()): OpenedMemory {
  const store = new MemoryStore(disk);
  return {
    store,
    queries: new MemoryQueries(disk),
    series: new MemorySeries(disk.series),
    outputs: new MemoryRunOutputs(disk.outputs),
    upkeep: new MemoryUpkeep(disk),
    disk,
    close: () => store.close(),
  };
}
