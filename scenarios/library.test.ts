/** Every scenario of the library holds, says which schema it follows, and is repeatable. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scenariosIn } from './cli/find-files.ts';
import { loadScenario } from './file/load.ts';
import { runLoaded, scenarioTest } from './testing/scenario-test.ts';

const LIBRARY = 'scenarios/library';
const files = scenariosIn(LIBRARY);

test('the library is not empty', () => expect(files.length).toBeGreaterThanOrEqual(2));

for (const file of files) scenarioTest(file);

test.each(files.filter((file) => file.endsWith('.yaml')))('%s tells editors its schema', (file) => {
  expect(readFileSync(file, 'utf8').split('\n', 1)[0]).toBe('# yaml-language-server: $schema=../scenario.schema.json');
});

test('the same scenario and seed give the same recording, another seed another one', async () => {
  const loaded = await loadScenario(`${LIBRARY}/05-venue-outage.yaml`);
  const first = await runLoaded(loaded);
  expect(await runLoaded(loaded)).toEqual(first);
  expect((await runLoaded(loaded, { seed: '2' })).result.hash).not.toBe(first.result.hash);
}, 60_000);
