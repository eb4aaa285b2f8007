/** A copy of the in-memory twin is a backup like any other: a database is restored from it, with everything that was in it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openMemory } from '../db/memory/open.ts';
import { openEmbedded } from '../db/open.ts';
import { restore } from '../db/upkeep/backup.ts';
import type { Store, StoredState } from '../runtime/store.ts';
import { withoutAmbient } from './ambient.ts';
import { loadScenario } from './file/load.ts';
import { runScenario } from './run/scenario.ts';

const ARCHIVED = 'scenarios/library/22-heard-and-looked-after.yaml';
const RUNS = 'scenarios/library/19-backtest-resumed.yaml';
/** Field by field: a row in memory spells its state only when it is asked for. */
async function stateOf(store: Store): Promise<StoredState> {
  const { rows, ...others } = await store.load();
  return { ...others, rows: rows.map(({ agent, entity, version, state }) => ({ agent, entity, version, state })) };
}

test.each([RUNS, ARCHIVED])(
  'what %s leaves is proven in a database that was restored from its copy',
  async (file) => {
    const home = mkdtempSync(join(tmpdir(), 'pitwall-memory-'));
    const memory = openMemory();
    const loaded = await loadScenario(file);
    await withoutAmbient(() => runScenario(loaded, { place: memory }));
    const path = join(home, 'copy.gz');
    await writeFile(path, (await memory.upkeep.backup()).chunks);
    const place = openEmbedded({ directory: join(home, 'place') });
    try {
      const { database, archiveDirectory } = place;
      await restore(database, { path, archiveDirectory, world: `simulated:${loaded.scenario.seed}` });
      const proof = await memory.upkeep.verify();
      expect(proof).toMatchObject({ holds: true });
      expect(await place.upkeep.verify()).toEqual(proof);
      expect(await place.upkeep.replay()).toEqual(await memory.upkeep.replay());
      expect(await stateOf(place.store)).toEqual(await stateOf(memory.store));
      expect(await place.series.imports()).toEqual(await memory.series.imports());
      for (const [run, { head, lines }] of memory.disk.outputs) {
        expect(await place.outputs.head(run)).toEqual(head);
        const told = await place.outputs.linesAfter(run, 'event', {}, 100_000);
        expect(told).toHaveLength(lines.filter(({ stream }) => stream === 'event').length);
      }
    } finally {
      await place.close();
      rmSync(home, { recursive: true, force: true });
    }
  },
  120_000,
);
