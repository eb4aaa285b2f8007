/** For kill tests: a process becomes the writer of a place, publishes an import beside one that stays, says so on stdout and takes it back, again and again. */
import { takeBack } from '../../market/import/take-back.ts';
import type { ImportRecord, SeriesName, SeriesStore } from '../../market/series/store.ts';
import { openAt } from './commit-forever.ts';

/** Of each series of each import; together they are some megabytes. */
export const CHUNKS = 12;
export const SERIES: readonly SeriesName[] = ['ticks', '1m'];
const CHUNK_BYTES = 100_000;
export const KEPT = 'kept';

async function publish(series: SeriesStore, id: string): Promise<void> {
  const period = { symbol: 'NQ', firstMs: 0, lastMs: 1_000 };
  await series.begin({ id, symbol: 'NQ', startedAt: 1 });
  for (const name of SERIES)
    for (let part = 1; part <= CHUNKS; part += 1) {
      const bytes = new Uint8Array(CHUNK_BYTES).map((_, index) => (index * (index + part)) % 251);
      await series.put({ importId: id, series: name, part, ...period, count: 1, bytes });
    }
  const counts = { ticks: CHUNKS, duplicates: 0, duplicateFirstMs: null, duplicateLastMs: null, badLines: 0 };
  const record: Omit<ImportRecord, 'bytes'> = {
    ...{ id, ...period, ...counts, layout: 'planted', kind: 'prints', fileName: null },
    ...{ startedAt: 1, publishedAt: id === KEPT ? 1 : 2 },
  };
  await series.publish(record);
}

export async function takeBackForever(where: string): Promise<never> {
  const { store, series } = openAt(where);
  await store.open('live');
  if (!(await series.imports()).some(({ id }) => id === KEPT)) await publish(series, KEPT);
  for (let count = 1; ; count += 1) {
    const importId = `${process.pid}-${count}`;
    await publish(series, importId);
    process.stdout.write(`${count}\n`);
    const options = { store: series, importId, holdId: `hold-${importId}`, clock: { wallNow: () => count } };
    const { outcome } = await takeBack({ ...options, readerOf: async () => undefined });
    if (outcome !== 'removed') throw new Error(`the import ${importId} was not taken back: ${outcome}`);
  }
}
