/** Each kind of expectation holds where it should and fails where it should, and says why in both cases. */
import { describe, expect, test, vi } from 'vitest';
import type { ExpectationResult } from '../recording.ts';
import { runText } from '../testing/scenario-test.ts';

vi.setConfig({ testTimeout: 60_000 });

const STORY = `
name: A story
until: 2m
world:
  instruments: [AAPL]
  people: { ann: {} }
  traders: { alpha: { owner: ann } }
script:
  - { at: 10s, by: ann, as: bought, call: 'POST /api/v1/agents/\${alpha.id}/trades',
      body: { symbol: AAPL, side: buy, quantity: 10, price: 150, type: market } }
  - { at: 30s, by: ann, as: resting, call: 'POST /api/v1/agents/\${alpha.id}/trades',
      body: { symbol: AAPL, side: buy, quantity: 4, price: 145, type: limit } }
  - { at: 60s, by: ann, call: 'DELETE /api/v1/agents/\${alpha.id}/trades/\${resting.id}' }
`;

/** One that no run of the story meets: what is for a defective product may be expected of it. */
const HARMLESS = 'defect: { agent: risk, types: [risk.reserve], until: 1s }\n';

/** All expectations are watched in one run: they do not touch each other. */
async function watched(expectations: readonly string[]): Promise<readonly ExpectationResult[]> {
  const { result } = await runText(`${STORY}expect:\n${expectations.map((one) => `  - ${one}\n`).join('')}`);
  expect(result.failures).toEqual([]);
  expect(result.findings).toEqual([]);
  expect(result.passed).toBe(result.expectations.every(({ held }) => held));
  return result.expectations;
}

const HOLD = [
  '{ figure: cash, trader: alpha, at: 0s, equals: 100000 }',
  '{ state: "GET /api/v1/agents/${alpha.id}", by: ann, at: 0s, has: { name: alpha } }',
  '{ eventually: order.intended, after: { event: order.submitted }, within: 0s, same: orderId }',
  '{ event: order.filled }',
  '{ event: order.submitted, count: 2 }',
  '{ event: order.submitted, count: { min: 1, max: 3 }, where: { ticket.symbol: AAPL, ticket.traderId: "${alpha.id}" } }',
  '{ event: order.working, count: 0, until: 20s }',
  '{ event: order.filled, where: { orderId: "${bought.id}" }, count: 1 }',
  '{ never: order.unresolved }',
  '{ never: order.submitted, from: 31s }',
  '{ eventually: order.ended, after: { event: order.cancel-requested }, within: 5s, same: orderId }',
  '{ sequence: [order.submitted, order.working, order.cancel-requested, order.ended], same: orderId }',
  '{ sequence: [{ event: order.filled, where: { end: true } }, order.working] }',
  '{ state: "GET /api/v1/agents/${alpha.id}/trades", by: ann, status: any }',
  '{ state: "GET /api/v1/agents/${alpha.id}/trads", by: ann, nowhere: true }',
  '{ state: "GET /api/v1/agents/${alpha.id}", by: ann, at: 5s, has: { "portfolio.positions[0]": { exists: false } } }',
  '{ state: "GET /api/v1/agents/${alpha.id}", by: ann, has: { "portfolio.positions[0].quantity": 10, portfolio.totalValue: { min: 99000, max: 101000 } } }',
  '{ figure: position, trader: alpha, instrument: AAPL, at: 5s, equals: 0 }',
  '{ figure: position, trader: alpha, instrument: AAPL, equals: 10 }',
  '{ figure: exposure, trader: alpha, at: 45s, min: 2000, max: 2150 }',
  '{ figure: exposure, trader: alpha, at: 90s, min: 1400, max: 1550 }',
  '{ figure: equity, trader: alpha, at: always, min: 99000, max: 101000 }',
  '{ figure: cash, trader: alpha, max: 98600 }',
];

test('what is so holds', async () => {
  const results = await watched(HOLD);
  expect(results.filter(({ held }) => !held)).toEqual([]);
  expect(results).toHaveLength(HOLD.length);
});

const FAIL: readonly (readonly [string, string])[] = [
  ['{ event: order.unresolved }', 'it never happened'],
  ['{ event: order.submitted, count: 3 }', 'it happened 2 times, last at 30.0'],
  ['{ event: order.submitted, where: { ticket.quantity: 11 } }', 'it never happened'],
  [
    '{ event: order.submitted, where: { ticket.traderId: "${gone.id}" } }',
    '${gone.id} is not known: "gone" holds error',
  ],
  [
    '{ never: order.submitted, where: { ticket.traderId: "${gone.id}" } }',
    '${gone.id} is not known: "gone" holds error',
  ],
  [
    '{ event: order.filled, where: { orderId: "${gone.id}" }, count: 0 }',
    '${gone.id} is not known: "gone" holds error',
  ],
  ['{ never: order.filled }', 'it happened once, at 10.0'],
  ['{ eventually: order.ended, after: { event: order.filled }, within: 5s, same: orderId }', 'nothing followed record'],
  [
    '{ eventually: order.ended, after: { event: order.working }, within: 10s, same: orderId }',
    'nothing followed record',
  ],
  ['{ eventually: order.ended, after: { event: order.unresolved }, within: 5s }', 'order.unresolved never happened'],
  [
    '{ sequence: [order.filled, order.submitted], same: orderId }',
    '1 of 2 came in order; order.submitted did not follow',
  ],
  [
    '{ state: "GET /api/v1/agents/${alpha.id}", by: ann, has: { "portfolio.positions[0].quantity": 11 } }',
    'is 10, not 11',
  ],
  ['{ state: GET /api/v1/agents/nobody, by: ann }', 'wanted 2xx, got 404'],
  ['{ state: "GET /api/v1/agents/${gone.nothing}", by: ann }', '${gone.nothing} is not known: "gone" holds error'],
  ['{ figure: position, trader: alpha, instrument: AAPL, at: 50s, equals: 4 }', 'it was 10 at 50s'],
  ['{ figure: equity, trader: alpha, at: always, min: 100001 }', 'it was 1'],
  ['{ broken: exposure-within-limits }', 'its checker found nothing'],
  ['{ fails: gave up }', 'no failure says so'],
];

test('what is not so fails, with what was seen instead', async () => {
  const known = STORY.replace('script:\n', 'script:\n  - { at: 1s, as: gone, call: GET /nowhere, nowhere: true }\n');
  const { result } = await runText(`${known}${HARMLESS}expect:\n${FAIL.map(([one]) => `  - ${one}\n`).join('')}`);
  expect(result.passed).toBe(false);
  result.expectations.forEach(({ held, why }, index) => {
    const [written, wanted] = FAIL[index]!;
    expect({ written, held }).toEqual({ written, held: false });
    expect(`${written}: ${why}`).toContain(wanted);
  });
});

test('a position is held to the last unit, what is money to half a cent', async () => {
  const bitcoin = STORY.replace('[AAPL]', '[AAPL, BTCUSD]').replace(
    'symbol: AAPL, side: buy, quantity: 10, price: 150',
    'symbol: BTCUSD, side: buy, quantity: 0.004, price: 60000',
  );
  const position = (bounds: string) => `  - { figure: position, trader: alpha, instrument: BTCUSD, ${bounds} }\n`;
  const { result } = await runText(
    `${bitcoin}expect:\n${['equals: 0.004', 'equals: 0', 'min: 0.005', 'max: 0.003', 'min: 0.004, max: 0.004'].map(position).join('')}`,
  );
  expect(result.expectations.map(({ held, why }) => [held, why])).toEqual(
    [true, false, false, false, true].map((held) => [held, held ? 'it was 0.004' : 'it was 0.004 at 2m']),
  );
});

describe('words of its own', () => {
  test('stand for the expectation; without them it says what it is', async () => {
    const results = await watched([
      '{ what: one buys, event: order.filled }',
      '{ event: order.submitted, count: 2, where: { ticket.side: buy } }',
      '{ never: order.unresolved }',
      '{ never: order.unresolved, from: 90s, until: 91s }',
      '{ event: order.submitted, count: 2, until: 1m }',
      '{ eventually: order.ended, after: { event: order.working }, within: 31s, same: orderId, from: 5s }',
      '{ sequence: [order.submitted, order.filled], from: 5s, until: 1m }',
      '{ figure: equity, trader: alpha, at: always, from: 90s, min: 99000 }',
    ]);
    expect(results.map(({ what }) => what)).toEqual([
      'one buys',
      'order.submitted (ticket.side buy) happens 2 times',
      'order.unresolved never happens',
      'order.unresolved never happens from 1m30s until 1m31s',
      'order.submitted happens 2 times until 1m',
      'order.ended follows order.working from 5s within 31s, same orderId',
      'in this order from 5s until 1m: order.submitted, order.filled',
      'equity of alpha is at least 99000 all the time from 1m30s',
    ]);
  });
});

describe('a defective product', () => {
  const ANY = STORY.replaceAll('by: ann,', 'by: ann, status: any,');
  test.each([
    ['risk-forgets-size', 'sent-as-approved', STORY],
    ['fills-not-deduplicated', 'fills-within-quantity', `${STORY}faults:\n  - venue: { duplicate: 100% }\n`],
  ])('with the bug %s breaks the promise %s, and the same story without it keeps it', async (bug, promise, story) => {
    const expectations = `expect:\n  - { broken: ${promise} }\n`;
    const broken = await runText(`${story}defect: { planted: ${bug} }\n${expectations}`);
    expect(broken.result.expectations).toMatchObject([{ held: true }]);
    expect(broken.result.findings.map(({ checker }) => checker).join()).not.toContain(promise.replaceAll('-', ' '));
    const sound = await runText(`${story}${HARMLESS}${expectations}`);
    expect(sound.result.expectations).toMatchObject([{ held: false, why: 'its checker found nothing' }]);
    expect(sound.result.findings).toEqual([]);
  });

  test('with an agent that throws refuses what it cannot check', async () => {
    const { result } = await runText(
      `${ANY}defect: { agent: risk, types: [risk.reserve], until: 1m }
expect:
  - { never: order.sent }
  - { event: agent.crashed, count: { min: 1 } }
`,
    );
    expect(result.expectations.filter(({ held }) => !held)).toEqual([]);
  });
});

test('cash moves by the whole value of a future, and equity, as the product tells it too, by what it gains', async () => {
  const { result } = await runText(`
name: A future
until: 1m
world:
  instruments: [NQ]
  settings: { autonomousThreshold: '10000000' }
  traders: { alpha: { budget: 1000000 } }
script:
  - { at: 10s, as: bought, call: 'POST /api/v1/agents/\${alpha.id}/trades', body: { symbol: NQ, side: buy, quantity: 1, price: 21000, type: market } }
expect:
  - { state: 'GET /api/v1/agents/\${alpha.id}', has: { portfolio.totalValue: { min: 999000, max: 1001000 } } }
  - { figure: cash, trader: alpha, min: 500000, max: 600000 }
  - { figure: exposure, trader: alpha, min: 400000, max: 500000 }
  - { figure: equity, trader: alpha, min: 999000, max: 1001000 }
`);
  expect(result.expectations.filter(({ held }) => !held)).toEqual([]);
});
