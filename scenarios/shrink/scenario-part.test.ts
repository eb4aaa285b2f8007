/** A failing scenario comes down to the steps and faults that it needs, and the failure stays the same one. */
import { expect, test } from 'vitest';
import { parseScenario } from '../file/load.ts';
import { runLoaded } from '../testing/scenario-test.ts';
import type { Part } from './part.ts';
import { failuresIn, scenarioLeft, scenarioPart, wholeScenario } from './scenario-part.ts';
import { shrink } from './shrink.ts';

const trade = (at: string, side: string, more = '') =>
  `  - { at: ${at}, by: ann, call: 'POST /api/v1/agents/\${alpha.id}/trades', body: { symbol: AAPL, side: ${side}, quantity: 10, price: ${side === 'buy' ? 150 : 148}, type: market }${more} }\n`;

const FILE = `
name: Too much
until: 1m
world:
  instruments: [AAPL]
  people: { ann: { roles: [trader] } }
  traders: { alpha: { owner: ann } }
faults:
  - { venue: { latency: 50ms } }
  - { feed: { crossed: 1% }, from: 10s, until: 30s }
script:
  - { at: 5s, call: GET /health }
${trade('10s', 'buy')}  - { at: 15s, crash: true }
${trade('20s', 'sell', ', status: 403')}  - { at: 30s, call: GET /health }
expect:
  - { event: order.filled, where: { side: sell }, count: 0 }
`;
const loaded = parseScenario(FILE, 'too-much.yaml');
const failuresOf = async (part: Part) => failuresIn((await runLoaded(scenarioPart(loaded, part))).result);

test('what has nothing to do with the failure is left out, and the rest fails alike', async () => {
  const whole = wholeScenario(loaded);
  const failures = await failuresOf(whole);
  expect(failures.map((failure) => failure.split(';')[0])).toContain(
    'expected: order.filled (side sell) never happens',
  );
  const same = new Set(failures.filter((failure) => failure.startsWith('expected')));
  const shrunk = await shrink(whole, { failuresOf, isSame: (failure) => same.has(failure), runsMax: 60 });
  expect(shrunk?.part).toEqual({ steps: [4], faults: [] });
  expect(scenarioLeft(loaded, shrunk!.part)).toEqual({
    steps: [expect.stringMatching(/^4: at 20s {2}by ann {2}POST .* \{"symbol":"AAPL","side":"sell"/)],
    faults: [],
  });
}, 120_000);

test('a step that goes wrong is called alike in every part, so that the steps before it can be left out', async () => {
  const whole = wholeScenario(loaded);
  const failure = (await failuresOf(whole)).find((told) => told.startsWith('went wrong'));
  expect(failure).toMatch(/^went wrong: step 4: call POST .*: wanted 403, got 201/);
  const shrunk = await shrink(whole, { failuresOf, isSame: (told) => told === failure, runsMax: 60 });
  expect(shrunk?.part).toEqual({ steps: [4], faults: [] });
}, 120_000);

test('what is left is told in words, windows of faults with their time', () => {
  const { steps, faults } = scenarioLeft(loaded, { steps: [3], faults: ['1', '2'] });
  expect(steps).toEqual(['3: at 15s  crash true']);
  expect(faults).toEqual([
    ...['1: from 0ms to the end  {"venue":{"latency":50}}', '2: from 10s until 30s  {"feed":{"crossed":0.01}}'],
  ]);
});

test('the same failure is told alike whenever it happens', () => {
  const told = (why: string) =>
    failuresIn({ expectations: [{ what: 'a', held: false, why }], findings: [], failures: [] } as never);
  expect(told('nothing followed record 36 at 5m in time')).toEqual(told('nothing followed record 4 at 1m in time'));
  expect(told('it happened twice, last at 1m2.5s (record 16)')).toEqual(
    told('it happened twice, last at 7s (record 9)'),
  );
  expect(told('it was 10 at 2m')).toEqual(told('it was 10 at 3s'));
  expect(told('got {"at":"2026-03-02T14:00:20.003Z"}')).toEqual(told('got {"at":"2026-03-02T14:00:20.051Z"}'));
  expect(told('it was 10 at 2m')).not.toEqual(told('it was 11 at 2m'));
});
