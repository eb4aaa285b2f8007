/** A bug that a scenario says it catches counts as caught only when it is seen in every way that is named. */
import { expect, test, vi } from 'vitest';
import { parseScenario } from '../file/load.ts';
import { runWithBug } from '../testing/scenario-test.ts';

vi.setConfig({ testTimeout: 60_000 });

const STORY = `
name: A purchase
until: 1m
world:
  instruments: [AAPL]
  people: { ann: {} }
  traders: { alpha: { owner: ann } }
script:
  - { at: 10s, by: ann, call: 'POST /api/v1/agents/\${alpha.id}/trades', body: { symbol: AAPL, side: buy, quantity: 10, price: 150, type: market }, status: 201 }
expect:
  - { what: it is filled, event: order.filled, count: 1 }
`;
const caught = async (bug: string) =>
  (await runWithBug(parseScenario(`${STORY}catches:\n  - { ${bug} }\n`, 'test.yaml'), 0)).result;

test('a bug that is seen as the file says is caught, and its run has passed', async () => {
  const result = await caught('agent: risk, types: [risk.reserve], unmet: it is filled, fails: "wanted 201, got 503"');
  expect(result).toMatchObject({ name: 'A purchase, with risk throws at risk.reserve', passed: true, failures: [] });
  expect(result.expectations.map(({ what, held }) => `${held} ${what}`)).toEqual([
    'true the bug is seen: "it is filled" does not hold',
    'true the bug is seen: a failure says "wanted 201, got 503"',
  ]);
});

test('a bug that breaks something else than what is named is not caught', async () => {
  const result = await caught('planted: risk-forgets-size, unmet: it is filled');
  expect(result.passed).toBe(false);
  expect(result.expectations).toMatchObject([{ held: false, why: 'it was not seen so' }]);
});

test('every way that is named has to see it', async () => {
  const result = await caught('planted: risk-forgets-size, broken: sent-as-approved, unmet: it is filled');
  expect(result.expectations.map(({ held }) => held)).toEqual([true, false]);
  expect(result.passed).toBe(false);
});
