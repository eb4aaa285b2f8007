/** What a scenario in TypeScript cannot say: each line that is marked would be an error of the compiler without its mark. */
import { expect, test } from 'vitest';
import { defineScenario } from './schema.ts';

const HEAD = { name: 'Typed', until: '1m' };
const WORLD = { people: { ann: {} }, traders: { alpha: { owner: 'ann' as const } } };

const DESKS = { instruments: ['AAPL' as const], traders: { alpha: {} }, accounts: { desk: {} } };
const TRADE = { account: 'desk', instrument: 'AAPL', side: 'buy', quantity: '1', price: '150' } as const;

test('accounts and instruments that are there compile', () => {
  const scenario = defineScenario({
    ...HEAD,
    world: {
      instruments: ['AAPL', 'NVDA'],
      people: { ann: { accounts: ['desk', '*'] } },
      traders: { alpha: {} },
      accounts: { desk: { owner: 'ann' } },
      limits: { accounts: { default: { exposureMax: '5' }, desk: { exposureMax: '1' } } },
    },
    market: { regimes: [{ instrument: 'all' }], shocks: [{ instrument: 'NVDA', at: '1s', jump: '1%' }] },
    script: [
      { at: '1s', stop: { account: 'desk' } },
      { at: '1s', stop: {} },
      { at: '2s', outside: TRADE },
      { at: '2s', limits: { accounts: { alpha: { exposureMax: '1' } } } },
    ],
    expect: [{ figure: 'position', account: 'desk', instrument: 'NVDA', equals: 0 }],
  });
  expect(scenario.script).toHaveLength(4);
});

test('with the accounts of the development profile any id may be one, and without a list the usual instruments are there', () => {
  const expected = [{ figure: 'exposure' as const, account: 'demo-fx', instrument: 'NVDA' as const, max: 1 }];
  expect(
    defineScenario({ ...HEAD, world: { settings: { demoAccounts: true } }, expect: expected }).expect,
  ).toHaveLength(1);
});

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
    // @ts-expect-error: no account of that name
    defineScenario({ ...HEAD, world: DESKS, expect: [{ figure: 'cash', account: 'dekk', min: 0 }] }),
    // @ts-expect-error: nor in a token
    defineScenario({ ...HEAD, world: { people: { ann: { accounts: ['dekk'] } }, accounts: { desk: {} } } }),
    defineScenario({
      ...HEAD,
      // @ts-expect-error: nor in limits
      world: { accounts: { desk: {} }, limits: { accounts: { dekk: { exposureMax: '1' } } } },
    }),
    // @ts-expect-error: nor in a stop
    defineScenario({ ...HEAD, world: DESKS, script: [{ at: '1s', stop: { account: 'dekk' } }] }),
    // @ts-expect-error: one of them is stopped
    defineScenario({ ...HEAD, world: DESKS, script: [{ at: '1s', stop: { account: 'desk', trader: 'alpha' } }] }),
    // @ts-expect-error: nobody trades an instrument that is not there
    defineScenario({ ...HEAD, world: DESKS, script: [{ at: '1s', outside: { ...TRADE, instrument: 'APPL' } }] }),
    defineScenario({
      ...HEAD,
      world: DESKS,
      // @ts-expect-error: nor has a figure of it
      expect: [{ figure: 'position', account: 'desk', instrument: 'APPL', min: 0 }],
    }),
    // @ts-expect-error: nor is it one of the usual ones
    defineScenario({ ...HEAD, market: { gaps: [{ instrument: 'APPL' }] } }),
    // @ts-expect-error: an unknown key
    defineScenario({ ...HEAD, sede: 3 }),
    // @ts-expect-error: an unknown key further down
    defineScenario({ ...HEAD, faults: [{ venue: { dorp: '1%' } }] }),
  ];
  expect(wrong).toHaveLength(19);
});
