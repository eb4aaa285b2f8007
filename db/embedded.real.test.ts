/** The embedded database keeps every promise of a store. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { storeConformance } from './conformance.ts';
import { openEmbedded } from './open.ts';
import { emptyTables } from './testing/places.ts';

test('a place whose process was killed in making it is made again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pitwall-half-made-'));
  try {
    // What a kill leaves behind while the directory is unpacked.
    mkdirSync(join(directory, 'database', 'base'), { recursive: true });
    writeFileSync(join(directory, 'database', 'PG_VERSION'), '17\n');
    writeFileSync(join(directory, 'database.making'), '');
    for (const epoch of [1, 2]) {
      const { store } = openEmbedded({ directory });
      await store.open('live');
      expect(await store.takeEpoch()).toMatchObject({ epoch });
      await store.close();
      expect(readdirSync(directory)).not.toContain('database.making');
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

storeConformance('embedded', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pitwall-embedded-'));
  return {
    open: () => openEmbedded({ directory }),
    kill: async ({ store }) => store.close(),
    empty: emptyTables,
    remove: async () => rmSync(directory, { recursive: true, force: true }),
  };
});
