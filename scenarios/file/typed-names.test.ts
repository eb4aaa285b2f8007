/** What a scenario in TypeScript cannot say: each line that is marked would be an error of the compiler without its mark. */
import { expect, test } from 'vitest';
import { defineScenario } from './schema.ts';

const HEAD = { name: 'Typed', until: '1m' };
const WORLD = { people: { ann: {} }, traders: { alpha: { owner: 'ann' as const } } };

test('events, people and traders that are there compile', () => {
  const scenario = defineScenario({
    ...HEAD,
    world: { people: { ann: {} }, traders: { alpha: { owner: 'ann' } } },
    script: [
      { at: '1s', by: 'ann', stop: { trader: 'alpha' } },
      { on: { event: 'order.filled' }, crash: true },
    ],
    expect: [{ figure: 'position', trader: 'alpha', instrument: 'AAPL', equals: 0 }],
  });
  expect(scenario.script).toHaveLength(2);
});

test('names that a program makes compile, whatever they are', () => {
  const people = Object.fromEntries([1, 2].map((number) => [`person-${number}`, {}]));
  expect(defineScenario({ ...HEAD, world: { people }, script: [{ at: '1s', by: 'person-1', call: 'GET /health' }] }));
});

test('what is none does not compile', () => {
  const wrong = [
    // @ts-expect-error: a misspelt event
    defineScenario({ ...HEAD, expect: [{ event: 'order.filld' }] }),
    // @ts-expect-error: a misspelt event in a sequence
    defineScenario({ ...HEAD, expect: [{ sequence: ['order.submitted', 'order.filld'] }] }),
    // @ts-expect-error: a command is not recorded
    defineScenario({ ...HEAD, script: [{ on: { event: 'order.submit' }, crash: true }] }),
    // @ts-expect-error: nobody of that name
    defineScenario({ ...HEAD, world: WORLD, script: [{ at: '1s', by: 'anne', call: 'GET /health' }] }),
    // @ts-expect-error: nobody at all
    defineScenario({ ...HEAD, script: [{ at: '1s', by: 'ann', call: 'GET /health' }] }),
    // @ts-expect-error: no trader of that name
    defineScenario({ ...HEAD, world: WORLD, script: [{ at: '1s', stop: { trader: 'alfa' } }] }),
    // @ts-expect-error: nor in an expectation
    defineScenario({ ...HEAD, world: WORLD, expect: [{ figure: 'cash', trader: 'alfa', min: 0 }] }),
    // @ts-expect-error: an owner who is not there
    defineScenario({ ...HEAD, world: { people: { ann: {} }, traders: { alpha: { owner: 'bob' } } } }),
    // @ts-expect-error: an account's owner who is not there
    defineScenario({ ...HEAD, world: { people: { ann: {} }, accounts: { desk: { owner: 'bob' } } } }),
    // @ts-expect-error: an unknown key
    defineScenario({ ...HEAD, sede: 3 }),
    // @ts-expect-error: an unknown key further down
    defineScenario({ ...HEAD, faults: [{ venue: { dorp: '1%' } }] }),
  ];
  expect(wrong).toHaveLength(11);
});
