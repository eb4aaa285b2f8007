/** Emergency stops of the whole product, asked for again: a repeat is answered as the first time, also in another life. */
import { expect, test, vi } from 'vitest';
import type { Recording } from './recording.ts';
import { runText } from './testing/scenario-test.ts';

vi.setConfig({ testTimeout: 60_000 });

const HEAD = `
name: Stops
until: 2m
world:
  instruments: [AAPL]
  people: { ann: {}, sue: { roles: [supervisor] } }
  traders: { alpha: { owner: ann, budget: 200000 } }
script:
  - { at: 5s, by: ann, as: resting, call: 'POST /api/v1/agents/\${alpha.id}/trades', body: { symbol: AAPL, side: buy, quantity: 10, price: 145, type: limit }, status: 201 }
`;
const run = (...script: readonly string[]): Promise<Recording> =>
  runText(HEAD + script.map((step) => `  - ${step}\n`).join(''));

const STOP = (reason = 'enough') =>
  `by: sue, call: POST /api/v1/emergency-stop, headers: { idempotency-key: one }, body: { reason: ${reason}, triggered_by: sue, scope: system }`;
const RELEASE = (key: string, reason = 'over') =>
  `by: sue, call: 'DELETE /api/v1/emergency-stop/\${stop.stop_id}', headers: { ${key} }, body: { authorized_by: sue, resolution_reason: ${reason} }`;
const KEY = 'idempotency-key: two';

const bodiesOf = ({ answers }: Recording, method: string): (string | undefined)[] =>
  answers.filter(({ method: own, path }) => own === method && path.includes('/emergency-stop')).map(({ body }) => body);

test('the receipt of a stop is the same whenever it is asked for again, and says when it has been released', async () => {
  const recording = await run(
    `{ at: 10s, as: stop, ${STOP()} }`,
    `{ at: 20s, ${STOP()} }`,
    '{ at: 30s, crash: true }',
    `{ at: 50s, ${STOP()} }`,
    `{ at: 60s, ${RELEASE('')} }`,
    `{ at: 70s, ${STOP()} }`,
    `{ at: 80s, ${STOP('another')}, status: 422 }`,
  );
  expect(recording.result).toMatchObject({ failures: [], findings: [] });
  const [first, ...others] = bodiesOf(recording, 'POST');
  const [order] = recording.answers
    .filter(({ path }) => path.endsWith('/trades'))
    .map(({ body }) => JSON.parse(body ?? ''));
  expect(JSON.parse(first!).affected_components).toContain(order.id);
  expect(others.slice(0, 2)).toEqual([first, first]);
  const released = { status: 'resolved', resolved_at: expect.any(String) };
  expect(JSON.parse(others[2]!)).toEqual({ ...JSON.parse(first!), ...released });
});

test('a release that is asked for again with its key is the same release', async () => {
  const recording = await run(
    `{ at: 10s, as: stop, ${STOP()} }`,
    `{ at: 20s, ${RELEASE(KEY)}, status: 200 }`,
    `{ at: 30s, ${RELEASE(KEY)}, status: 200 }`,
    '{ at: 40s, crash: true }',
    `{ at: 60s, ${RELEASE(KEY)}, status: 200 }`,
    `{ at: 70s, ${RELEASE(KEY, 'another')}, status: 422 }`,
    `{ at: 80s, ${RELEASE('')}, status: 409 }`,
  );
  expect(recording.result).toMatchObject({ failures: [], findings: [] });
  const [first, ...others] = bodiesOf(recording, 'DELETE');
  expect(others.slice(0, 2)).toEqual([first, first]);
});

test('a trade that a stop has cancelled names the stop, wherever it was', async () => {
  const recording = await run(
    // Above what needs nobody: it waits for a person.
    `{ at: 6s, by: ann, call: 'POST /api/v1/agents/\${alpha.id}/trades', body: { symbol: AAPL, side: buy, quantity: 400, price: 149, type: limit }, status: 202 }`,
    `{ at: 10s, as: stop, ${STOP()} }`,
    `{ at: 20s, by: ann, call: 'GET /api/v1/agents/\${alpha.id}/trades' }`,
  );
  expect(recording.result).toMatchObject({ failures: [], findings: [] });
  const [stop] = bodiesOf(recording, 'POST').map((body) => JSON.parse(body ?? ''));
  const list = recording.answers.find(({ method, path }) => method === 'GET' && path.endsWith('/trades'));
  const trade = { status: 'cancelled', reason: `halt ${stop.stop_id}: enough` };
  expect(JSON.parse(list?.body ?? '').trades).toMatchObject([trade, trade]);
});

test('a released loss halt comes back before anybody has traded on its release', async () => {
  const buy = (price: number) =>
    `by: ann, call: 'POST /api/v1/agents/\${alpha.id}/trades', body: { symbol: AAPL, side: buy, quantity: 300, price: ${price}, type: market }`;
  const { result, records } = await runText(`
name: Released while the breach lasts
until: 5m
world:
  instruments: [AAPL]
  people: { ann: {}, sue: { roles: [supervisor] } }
  traders: { alpha: { owner: ann, budget: 100000 } }
  limits:
    accounts: { default: { dailyLossRatioMax: "0.02", drawdownRatioMax: "0.5", leverageMax: "10" } }
market:
  regimes: [{ instrument: AAPL, drift: 0%, volatility: 0.2% }]
  shocks: [{ instrument: AAPL, at: 2m, jump: -8% }]
script:
  - { at: 1m, ${buy(150)}, status: 201 }
  - { on: { event: trading.halted, nth: 1 }, by: sue, call: 'DELETE /api/v1/emergency-stop/\${event.stopId}', body: { authorized_by: sue, resolution_reason: go on }, status: 200 }
  - { on: { event: trading.resumed, nth: 1 }, ${buy(138)}, status: any }
`);
  expect(result).toMatchObject({ failures: [], findings: [] });
  expect(records.filter(({ type }) => type === 'order.sent')).toHaveLength(1);
  expect(records.filter(({ type }) => type === 'trading.halted')).toHaveLength(2);
});
