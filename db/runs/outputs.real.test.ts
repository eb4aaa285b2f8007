/** Both databases keep what the run tables promise. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../scripts/lib/postgres.mjs';
import { openEmbedded, openPostgres } from '../open.ts';
import { emptyPostgres } from '../testing/empty-postgres.ts';
import { outputsConformance } from './conformance.ts';

outputsConformance('the embedded database', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pitwall-runs-'));
  const { outputs, store, close } = openEmbedded({ directory });
  await store.open('live');
  return {
    outputs,
    async close() {
      await close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
});

outputsConformance('a PostgreSQL server', async () => {
  const cluster = await startPostgres();
  const { outputs, store, close } = openPostgres({
    url: await emptyPostgres(cluster.url),
    archiveDirectory: '/nonexistent',
  });
  await store.open('live');
  return {
    outputs,
    async close() {
      await close();
      cluster.stop();
    },
  };
});
