/** Both databases keep every promise of a store of series; a backup brings imported data back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allBars, allTicks, importText } from '../../market/testing/imports.ts';
import { type PostgresCluster, startPostgres } from '../../scripts/lib/postgres.mjs';
import { type OpenedPlace, openEmbedded, openPostgres } from '../open.ts';
import { emptyPostgres } from '../testing/empty-postgres.ts';
import { emptyTables } from '../testing/places.ts';
import { backup, restore } from '../upkeep/backup.ts';
import { seriesConformance } from './conformance.ts';

const home = mkdtempSync(join(tmpdir(), 'pitwall-series-'));
let cluster: PostgresCluster;
beforeAll(async () => {
  cluster = await startPostgres();
});
afterAll(() => {
  cluster.stop();
  rmSync(home, { recursive: true, force: true });
});

seriesConformance('embedded', async () => {
  const directory = mkdtempSync(join(home, 'embedded-'));
  return {
    open: () => openEmbedded({ directory }),
    kill: async ({ store }) => store.close(),
    empty: emptyTables,
    remove: async () => rmSync(directory, { recursive: true, force: true }),
  };
});

seriesConformance('postgres', async () => {
  const url = await emptyPostgres(cluster.url);
  return {
    open: () => openPostgres({ url, archiveDirectory: '/nonexistent' }),
    kill: async ({ store }) => store.close(),
    empty: emptyTables,
    remove: async () => undefined,
  };
});

const TEXT = `timestamp,price,volume\n${Array.from({ length: 70_000 }, (_, index) => `${1576506600000 + index * 40},${8572 + (index % 9) / 4},1\n`).join('')}`;

test('a backup brings imported ticks and bars back, from one database into the other', async () => {
  const archiveDirectory = join(home, 'archive');
  const path = join(home, 'copy.jsonl.gz');
  const from = openPostgres({ url: await emptyPostgres(cluster.url), archiveDirectory });
  const to: OpenedPlace = openEmbedded({ directory: join(home, 'restored') });
  try {
    await from.store.open('live');
    expect((await importText(from.series, TEXT)).result).toMatchObject({ outcome: 'stored', uploadedRows: 70_000 });
    await backup(from.database, { path, archiveDirectory });
    await restore(to.database, { path, archiveDirectory: join(home, 'none'), world: 'live' });
    await to.store.open('live');
    expect(await allTicks(to.series)).toEqual(await allTicks(from.series));
    expect(await allBars(to.series, '5m')).toEqual(await allBars(from.series, '5m'));
    expect((await importText(to.series, TEXT)).result).toMatchObject({ uploadedRows: 0, duplicateRows: 70_000 });
  } finally {
    await from.close();
    await to.close();
  }
});
