/** Who looks on as agents talk changes nothing of it. */
import { expect, test } from 'vitest';
import { loadScenario } from './file/load.ts';
import { runLoaded } from './testing/scenario-test.ts';

test('a run that is overheard is the same run, and tells what agents said to each other', async () => {
  const loaded = await loadScenario('scenarios/library/07-crash-mid-order.yaml');
  const alone = await runLoaded(loaded);
  const { talk, ...overheard } = await runLoaded(loaded, { overheard: true });
  expect(overheard).toEqual(alone);
  const said = new Set(talk?.messages.map(({ type, source, target }) => `${type} ${source} ${target}`));
  for (const one of ['risk.reserve orders risk', 'gate.answered risk orders', 'order.submit outside orders'])
    expect(said).toContain(one);
  expect(said).toContain('order.answered orders outside');
  for (const { agent } of talk!.messages.flatMap(({ target }) => (target === 'outside' ? [] : { agent: target })))
    expect(alone.agents).toContain(agent);
  expect(talk?.messages.some(({ type }) => type.startsWith('market.'))).toBe(false);
}, 60_000);
