/** The embedded database keeps every promise of a store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeConformance } from './conformance.ts';
import { openEmbedded } from './open.ts';
import { emptyTables } from './testing/places.ts';

storeConformance('embedded', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pitwall-embedded-'));
  return {
    open: () => openEmbedded({ directory }),
    kill: async ({ store }) => store.close(),
    empty: emptyTables,
    remove: async () => rmSync(directory, { recursive: true, force: true }),
  };
});
