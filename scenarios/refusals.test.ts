/** What the whole product refuses changes nothing, and says why. */
import { expect, test, vi } from 'vitest';
import type { Recording } from './recording.ts';
import { runText } from './testing/scenario-test.ts';

vi.setConfig({ testTimeout: 60_000 });

const HEAD = `
name: Refusals
until: 1m
world:
  instruments: [AAPL, NQ, EURUSD]
  people: { ann: {} }
  traders: { alpha: { owner: ann, budget: 200000 } }
`;
const run = (...script: readonly string[]): Promise<Recording> =>
  runText(
    `${HEAD}script:\n${script.map((step) => `  - { ${step.includes('crash') ? '' : 'by: ann, '}${step} }\n`).join('')}`,
  );

test('a termination that is refused has not updated its agent, and one that is not has', async () => {
  const look = "call: 'GET /api/v1/agents/${alpha.id}'";
  const recording = await run(
    `at: 10s, as: resting, call: 'POST /api/v1/agents/\${alpha.id}/trades', body: { symbol: AAPL, side: buy, quantity: 10, price: 145, type: limit }`,
    `at: 11s, ${look}`,
    `at: 20s, call: 'DELETE /api/v1/agents/\${alpha.id}', status: 409`,
    `at: 25s, ${look}`,
    `at: 30s, call: 'DELETE /api/v1/agents/\${alpha.id}/trades/\${resting.id}'`,
    `at: 40s, call: 'DELETE /api/v1/agents/\${alpha.id}', status: 204`,
    `at: 45s, ${look}`,
  );
  expect(recording.result).toMatchObject({ failures: [], findings: [] });
  const looks = recording.answers.filter(({ method }) => method === 'GET').map(({ body }) => JSON.parse(body ?? ''));
  expect(looks[1]).toEqual(looks[0]);
  expect(Date.parse(looks[2].updatedAt) - Date.parse(looks[2].createdAt)).toBeGreaterThan(30_000);
});

test('an order that no venue takes is refused with the nearest that one would take, and is no trade', async () => {
  const order = (symbol: string, quantity: number, price: number, type = 'limit') =>
    `call: 'POST /api/v1/agents/\${alpha.id}/trades', body: { symbol: ${symbol}, side: buy, quantity: ${quantity}, price: ${price}, type: ${type} }`;
  const recording = await run(
    `at: 10s, status: 400, headers: { idempotency-key: one }, ${order('NQ', 0.123, 21_000)}`,
    `at: 11s, status: 400, ${order('EURUSD', 1e-10, 1.08)}`,
    `at: 12s, status: 400, ${order('AAPL', 10, 149.995)}`,
    `at: 13s, status: 400, ${order('NQ', 1.5, 21_000, 'market')}`,
    'at: 14s, crash: true',
    `at: 30s, status: 400, headers: { idempotency-key: one }, ${order('NQ', 0.123, 21_000)}`,
    `at: 31s, status: 201, ${order('AAPL', 0.5, 150.12)}`,
    `at: 32s, status: 201, ${order('AAPL', 10, 149.995, 'market')}`,
    "at: 40s, call: 'GET /api/v1/agents/${alpha.id}/trades', has: { total: 2 }",
  );
  expect(recording.result).toMatchObject({ failures: [], findings: [] });
  const details = recording.answers.flatMap(({ status, body }) =>
    status === 400 ? JSON.parse(body ?? '').error.details : [],
  );
  const contracts = 'The quantity 0.123 is no multiple of 1, the step of quantities in NQ; the nearest is 1.';
  expect(details).toEqual([
    { field: 'quantity', message: contracts },
    { field: 'quantity', message: expect.stringContaining('The quantity 0.0000000001 is no multiple of 1,') },
    {
      field: 'price',
      message: expect.stringMatching(/^The limit price 149.995 .*; the nearest are 149.99 and 150\.$/),
    },
    { field: 'quantity', message: expect.stringContaining('the nearest are 1 and 2.') },
    { field: 'quantity', message: contracts },
  ]);
});
