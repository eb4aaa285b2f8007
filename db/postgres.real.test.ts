/** A PostgreSQL server keeps every promise of a store. */
import { afterAll, beforeAll } from 'vitest';
import { type PostgresCluster, startPostgres } from '../scripts/lib/postgres.mjs';
import { storeConformance } from './conformance.ts';
import { openPostgres } from './open.ts';
import { emptyPostgres } from './testing/empty-postgres.ts';
import { emptyTables } from './testing/places.ts';

let cluster: PostgresCluster;
beforeAll(async () => {
  cluster = await startPostgres();
});
afterAll(() => cluster.stop());

storeConformance('postgres', async () => {
  const url = await emptyPostgres(cluster.url);
  const opened = new Map<unknown, () => Promise<void>>();
  return {
    open() {
      const place = openPostgres({ url, archiveDirectory: '/nonexistent' });
      opened.set(place.store, place.close);
      return place;
    },
    kill: async ({ store }) => opened.get(store)?.(),
    empty: emptyTables,
    remove: async () => undefined,
  };
});
