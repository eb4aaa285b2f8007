/** Stored series and runs of a running product, read through its API: the same ports as beside the database. */
import type { ChunkHead, ImportRecord } from '../../market/series/store.ts';
import type { Page } from '../../projections/queries.ts';
import type { RunRow, TaskRow } from '../../projections/rows.ts';
import type { RunHead, RunLine } from '../../projections/run-outputs.ts';
import type { Operations } from './operations.ts';

/** Asks a path below the house's own door. */
export interface HouseDoor {
  json<T>(path: string): Promise<T>;
  /** Undefined for a 404. */
  jsonIfThere<T>(path: string): Promise<T | undefined>;
  bytes(path: string): Promise<Uint8Array>;
}

const queryOf = (values: Readonly<Record<string, string | number>>): string =>
  new URLSearchParams(
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])),
  ).toString();

export const remoteSeries = (door: HouseDoor): Operations['series'] => ({
  imports: async (symbol) =>
    (
      await door.json<{ imports: readonly ImportRecord[] }>(
        `/series/imports?${queryOf(symbol === undefined ? {} : { symbol })}`,
      )
    ).imports,
  heads: async (range) =>
    (await door.json<{ chunks: readonly ChunkHead[] }>(`/series/chunks?${queryOf({ ...range })}`)).chunks,
  bytes: ({ importId, series, part, symbol, firstMs, lastMs }) => {
    const query = queryOf({ symbol, fromMs: firstMs, toMs: lastMs + 1 });
    return door.bytes(`/series/chunks/${encodeURIComponent(importId)}/${series}/${part}?${query}`);
  },
});

interface RunNow {
  readonly run: RunRow;
  readonly head: RunHead;
}

export function remoteRuns(door: HouseDoor): Operations['runs'] {
  return {
    tasks: (_, limit, offset) => door.json<Page<TaskRow>>(`/tasks?${queryOf({ limit, offset })}`),
    task: (taskId) => door.jsonIfThere<TaskRow>(`/tasks/${taskId}`),
    runsOf: (taskId, limit, offset) => door.json<Page<RunRow>>(`/tasks/${taskId}/runs?${queryOf({ limit, offset })}`),
    run: async (executionId) => (await door.jsonIfThere<RunNow>(`/runs/${executionId}`))?.run,
    head: async (executionId) => (await door.json<RunNow>(`/runs/${executionId}`)).head,
    page: (executionId, stream, { after = 0, kind }, limit, offset) => {
      const query = queryOf({ stream, after, limit, offset, ...(kind !== undefined && { kind }) });
      return door.json<Page<RunLine>>(`/runs/${executionId}/lines?${query}`);
    },
  };
}
