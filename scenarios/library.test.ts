/** Every scenario of the library holds, says which schema it follows, and is repeatable. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { scenariosIn } from './cli/find-files.ts';
import { loadScenario } from './file/load.ts';
import { PLANTED } from './run/planted.ts';
import { runLoaded, scenarioTest } from './testing/scenario-test.ts';

const LIBRARY = 'scenarios/library';
const files = scenariosIn(LIBRARY);

const numberOf = (file: string): string => /^\d\d/.exec(basename(file))?.[0] ?? '';

test('the library is numbered without a gap, and begins with the lessons', () => {
  expect(files.length).toBeGreaterThanOrEqual(17);
  expect(files.map(numberOf)).toEqual(files.map((_, index) => String(index + 1).padStart(2, '0')));
});

test('every scenario catches a bug, and every planted bug is caught by one', async () => {
  const all = await Promise.all(files.map(async (file) => ({ file, ...(await loadScenario(file)).scenario })));
  expect(all.filter(({ catches }) => catches.length === 0).map(({ file }) => file)).toEqual([]);
  const caught = new Set(all.flatMap(({ catches }) => catches.flatMap(({ planted = [] }) => planted)));
  expect([...caught].sort()).toEqual(Object.keys(PLANTED).sort());
});

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
