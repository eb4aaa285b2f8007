/** Imports of the 300 MB tick file, checked, without duplicates and with bars; what they weigh in the database, and reading them back. */
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenedPlace, openEmbedded, openPostgres } from '../../db/open.ts';
import { importTicks } from '../../market/import/import-ticks.ts';
import { readTicks } from '../../market/series/read-ticks.ts';
import type { Measure } from '../measure.ts';
import { withOwnDatabase } from '../own-database.ts';

const clock = { wallNow: () => Date.now(), monotonic: () => performance.now() };
export const SYMBOL = 'NQ';
export const EVER = { fromMs: 0, toMs: 4_102_444_800_000 } as const;
const MEMORY_EVERY_MS = 10;
const PIECE_BYTES = 1 << 18;

function tickFile(): string {
  const path = process.env.BENCH_TICK_FILE;
  if (!path) throw new Error('BENCH_TICK_FILE names no file');
  return path;
}

interface Imported {
  readonly ticks: number;
  readonly megabytesPerSecond: number;
}

export async function importFile({ series }: OpenedPlace): Promise<Imported> {
  const path = tickFile();
  const stream = createReadStream(path, { highWaterMark: PIECE_BYTES });
  const startedMs = performance.now();
  const options = { store: series, importId: 'bench', symbol: SYMBOL, clock };
  const result = await importTicks(stream, options, () => undefined, new AbortController().signal);
  const seconds = (performance.now() - startedMs) / 1_000;
  if (result.outcome !== 'stored' || result.skippedRows > 0)
    throw new Error(`the import ended ${JSON.stringify(result)}`);
  return { ticks: result.uploadedRows, megabytesPerSecond: statSync(path).size / 1e6 / seconds };
}

export async function onPostgres<T>(work: (place: OpenedPlace) => Promise<T>): Promise<T> {
  const serverUrl = process.env.BENCH_DATABASE_URL;
  if (!serverUrl) throw new Error('BENCH_DATABASE_URL names no server');
  return withOwnDatabase(serverUrl, async (url) => {
    const place = openPostgres({ url, archiveDirectory: tmpdir() });
    try {
      await place.store.open('live');
      return await work(place);
    } finally {
      await place.close();
    }
  });
}

export const importPostgres: Measure = () => onPostgres(async (place) => (await importFile(place)).megabytesPerSecond);

export const importEmbedded: Measure = async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pitwall-import-'));
  const place = openEmbedded({ directory });
  try {
    await place.store.open('live');
    return (await importFile(place)).megabytesPerSecond;
  } finally {
    await place.close();
    rmSync(directory, { recursive: true, force: true });
  }
};

/** Megabytes of resident memory at the worst moment above those before. */
export const importMemory: Measure = () =>
  onPostgres(async (place) => {
    globalThis.gc?.();
    const before = process.memoryUsage.rss();
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, MEMORY_EVERY_MS);
    await importFile(place);
    clearInterval(watch);
    return (Math.max(most, process.memoryUsage.rss()) - before) / 1e6;
  });

/** Bytes a tick in the database, bars and indexes included. */
export const ticksSize: Measure = () =>
  onPostgres(async (place) => {
    const { ticks } = await importFile(place);
    const [row] = await place.database.query(
      "select (pg_total_relation_size('series_chunks') + pg_total_relation_size('imports'))::float8",
      [],
    );
    return Number(row?.[0]) / ticks;
  });

/** Ticks a second from the database into columns. */
export const ticksRead: Measure = () =>
  onPostgres(async (place) => {
    const { ticks } = await importFile(place);
    const startedMs = performance.now();
    let read = 0;
    for await (const columns of readTicks(place.series, { symbol: SYMBOL, ...EVER })) read += columns.length;
    if (read !== ticks) throw new Error(`read ${read} of ${ticks} ticks`);
    return (read / (performance.now() - startedMs)) * 1_000;
  });
