/** Readings are held against each other field by field, and the first difference is named. */
import { expect, test } from 'vitest';
import { runText } from '../testing/scenario-test.ts';
import { difference } from './alike.ts';

const none = new Set<string>();

test('what differs is named by its path; what may differ is passed over', () => {
  const a = {
    events: [
      { sequence: 1, at: 5 },
      { sequence: 2, at: 6 },
    ],
  };
  const b = {
    events: [
      { sequence: 1, at: 9 },
      { sequence: 3, at: 6 },
    ],
  };
  expect(difference(a, a, none)).toBeUndefined();
  expect(difference(a, b, none)).toBe('events.0.at is 5, and 9');
  expect(difference(a, b, new Set(['at']))).toBe('events.1.sequence is 2, and 3');
  expect(difference(a, { events: [a.events[0]] }, none)).toMatch(/^events\.1 is \{.*\}, and undefined$/);
});

test('readings of the API that say something else are told', async () => {
  const yaml = (path: string) => `
name: Alike
until: 20s
world: { traders: { alpha: {}, beta: {} } }
expect:
  - { what: the same, alike: ['GET /api/v1/agents/\${alpha.id}', 'GET /api/v1/agents/\${alpha.id}'] }
  - { what: another, alike: ['GET /api/v1/agents/\${alpha.id}', 'GET ${path}'] }
`;
  const held = async (path: string) =>
    (await runText(yaml(path))).result.expectations.map(({ held, why }) => [held, why]);
  expect(await held('/api/v1/agents/${beta.id}')).toEqual([
    [true, 'they did, over 2 pages'],
    [false, expect.stringContaining('is "agent-')],
  ]);
  expect((await held('/api/v1/agents/nobody'))[1]).toEqual([false, expect.stringContaining('404')]);
});
