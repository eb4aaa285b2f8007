/** What did not happen is made small without losing who tried; what fails without anybody is told so. */
import { expect, test, vi } from 'vitest';
import { parseScenario } from '../file/load.ts';
import { runLoaded } from '../testing/scenario-test.ts';
import { smallScenario } from './scenario.ts';
import { failuresIn, wholeScenario } from './scenario-part.ts';

vi.setConfig({ testTimeout: 120_000 });

const trade = (at: string, trader: string, side = 'buy') =>
  `  - { at: ${at}, by: ann, status: any, call: 'POST /api/v1/agents/\${${trader}.id}/trades', body: { symbol: AAPL, side: ${side}, quantity: 10, price: ${side === 'buy' ? 150 : 148}, type: market } }\n`;

const HEAD = `
name: Nothing comes of it
until: 1m
world:
  instruments: [AAPL]
  people: { ann: { roles: [trader] }, root: { roles: [admin] } }
  traders: { alpha: { owner: ann }, beta: { owner: ann } }
faults:
  - { feed: { crossed: 1% }, from: 10s, until: 30s }
script:
  - { at: 5s, by: ann, call: GET /health }
`;
const LOW = `  - { at: 6s, by: root, limits: { accounts: { alpha: { exposureMax: "1000" } } } }\n`;

async function small(script: string, expectation: string, runsMax = 60) {
  const loaded = parseScenario(`${HEAD}${script}expect:\n  - ${expectation}\n`, 'nothing.yaml');
  const run = (part: typeof loaded) => runLoaded(part);
  const { result } = await run(loaded);
  expect(result.passed).toBe(false);
  const found = await smallScenario(loaded, {
    whole: wholeScenario(loaded),
    failures: failuresIn(result),
    run,
    runsMax,
  });
  return found && 'left' in found
    ? { steps: found.part.steps, faults: found.part.faults, stays: found.left.stays, runs: found.runs }
    : found;
}

test('whoever tried what did not happen stays, and what kept it from happening', async () => {
  const script = [LOW, trade('8s', 'beta'), '  - { at: 15s, crash: true }\n', trade('20s', 'alpha')].join('');
  const left = await small(script, '{ event: order.filled, where: { traderId: "${alpha.id}" } }');
  expect(left).toMatchObject({ steps: [2, 5], faults: [] });
  expect(left).toMatchObject({ stays: ['order.submitted', 'order.ended'] });
});

test('what happened less often than it was wanted keeps all that tried', async () => {
  const script = [LOW, trade('8s', 'beta'), trade('20s', 'alpha'), trade('30s', 'beta')].join('');
  const left = await small(script, '{ event: order.filled, where: { symbol: AAPL }, count: 3 }');
  expect(left).toMatchObject({ steps: [2, 3, 4, 5] });
});

test('a figure that nothing has moved keeps what should have moved it', async () => {
  const left = await small(
    [LOW, trade('20s', 'alpha')].join(''),
    '{ figure: position, trader: alpha, instrument: AAPL, equals: 10 }',
  );
  expect(left).toMatchObject({ steps: [2, 3] });
});

test('a step whose event never came keeps what should have brought it', async () => {
  const waits = '  - { on: { event: order.filled }, by: ann, call: GET /health }\n';
  const left = await small([LOW, trade('20s', 'alpha'), waits].join(''), '{ never: order.unresolved }');
  expect(left).toMatchObject({ steps: [2, 3, 4] });
});

test('moves of the market are not left out, because no record tells of them', async () => {
  const shock = '  - { at: 30s, shock: { instrument: AAPL, jump: -1% } }\n';
  const left = await small([trade('20s', 'alpha'), shock].join(''), '{ event: trading.halted }');
  expect(left).toMatchObject({ steps: [2, 3] });
});

test('what fails without any step, and of which nothing is on record, is not made small', async () => {
  expect(await small('', '{ event: order.filled }')).toEqual({
    whyNot: 'not made small: it fails alike without any step, and nothing that its steps did is on record',
  });
});

test('beside something that did happen, what did not is passed over', async () => {
  const wrong = '  - { at: 40s, by: ann, call: GET /api/v1/agents/nobody }\n';
  const left = await small([LOW, trade('20s', 'alpha'), wrong].join(''), '{ event: order.filled }');
  expect(left).toMatchObject({ steps: [4] });
  expect(left).not.toHaveProperty('stays', expect.anything());
});
