/** The in-memory twin and the embedded database give the same event log, faults and crashes included. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openMemory } from '../db/memory/open.ts';
import { openEmbedded } from '../db/open.ts';
import { withoutAmbient } from './ambient.ts';
import { type DrawnOptions, runDrawn } from './drawn.ts';
import { simulatedSettings } from './settings.ts';

test('in memory and on the embedded database a world runs the same', async () => {
  for (const seed of ['1', '2', '4']) {
    const directory = mkdtempSync(join(tmpdir(), 'pitwall-world-'));
    const embedded = openEmbedded({ directory });
    const run = (place: DrawnOptions['place']) =>
      withoutAmbient(() => runDrawn({ seed, place, settings: simulatedSettings(), virtualMs: 120_000, faults: true }));
    try {
      const real = await run(embedded);
      expect(real.failures).toEqual([]);
      expect(await run(openMemory())).toEqual(real);
    } finally {
      await embedded.close();
      rmSync(directory, { recursive: true, force: true });
    }
  }
}, 400_000);
