/** Both databases keep what jobs' rows promise. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rowsConformance } from '../../runtime/jobs/rows.conformance.ts';
import { startPostgres } from '../../scripts/lib/postgres.mjs';
import { openEmbedded, openPostgres } from '../open.ts';
import { emptyPostgres } from '../testing/empty-postgres.ts';

rowsConformance('the embedded database', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pitwall-jobs-'));
  const place = openEmbedded({ directory });
  await place.store.open('live');
  return {
    rows: place.jobs,
    async close() {
      await place.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
});

rowsConformance('a PostgreSQL server', async () => {
  const cluster = await startPostgres();
  const place = openPostgres({ url: await emptyPostgres(cluster.url), archiveDirectory: '/nonexistent' });
  await place.store.open('live');
  return {
    rows: place.jobs,
    async close() {
      await place.close();
      cluster.stop();
    },
  };
});
