import { test } from 'vitest';
import { openMemory } from '../../db/memory/open.ts';
import { withoutAmbient } from '../ambient.ts';
import { loadScenario } from '../file/load.ts';
import { runScenario } from './scenario.ts';
test.each(['01-first-trade', '05-venue-outage'])('%s', async (name) => {
  const loaded = await loadScenario(`scenarios/library/${name}.yaml`);
  const t = performance.now();
  const r = await withoutAmbient(() => runScenario(loaded, { place: openMemory(), monotonic: () => performance.now() }));
  console.log(JSON.stringify(r.result, null, 1), performance.now() - t, r.records.map((x) => `${x.atMs} ${x.type}`).join('\n'), r.lives);
});
