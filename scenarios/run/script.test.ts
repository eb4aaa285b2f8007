/** Steps of a scenario: at their moment or on their event, through the real doors, in the name of people; what goes wrong is told. */
import { describe, expect, test, vi } from 'vitest';
import type { Recording } from '../recording.ts';
import { runText } from '../testing/scenario-test.ts';

vi.setConfig({ testTimeout: 60_000 });

const HEAD = `
name: Steps
until: 5m
world:
  instruments: [AAPL]
  people: { ann: {}, sue: { roles: [supervisor] }, tom: { roles: [trader] }, root: { roles: [admin] } }
  traders: { alpha: { owner: ann, budget: 200000 } }
`;
const BUY = `by: ann, call: 'POST /api/v1/agents/\${alpha.id}/trades', body: { symbol: AAPL, side: buy, quantity: 10, price: 150, type: market }`;
const LARGE = BUY.replace('quantity: 10', 'quantity: 500');

const run = (script: readonly string[], more = ''): Promise<Recording> =>
  runText(`${HEAD}script:\n${script.map((step) => `  - ${step}\n`).join('')}${more}`);
const typesOf = ({ records }: Recording, type: string) => records.filter((record) => record.type === type);
const failuresOf = ({ result }: Recording): readonly string[] => result.failures;

test('a step at a moment happens then, those of one moment in the order of the file', async () => {
  const recording = await run([
    '{ at: 10s, by: ann, call: GET /health }',
    '{ at: 10s, by: sue, call: GET /health }',
    '{ at: 5s, by: tom, call: GET /health }',
  ]);
  const asked = recording.answers
    .filter(({ path }) => path === '/health')
    .map(({ by, askedAtMs }) => `${by} ${askedAtMs}`);
  expect(asked).toEqual(['tom 5000', 'ann 10000', 'sue 10000']);
  expect(failuresOf(recording)).toEqual([]);
});

test('what an answer held is known to later steps by its name', async () => {
  const recording = await run([
    `{ at: 10s, as: order1, ${BUY} }`,
    `{ at: 20s, by: ann, call: 'DELETE /api/v1/agents/\${alpha.id}/trades/\${order1.id}', status: any }`,
  ]);
  const [order] = typesOf(recording, 'order.submitted').map(
    ({ payload }) => JSON.parse(payload).ticket.orderId as string,
  );
  expect(recording.answers.some(({ path }) => path.endsWith(`/trades/${order}`))).toBe(true);
});

test('a name that no answer has given yet is told, and the others go on', async () => {
  const recording = await run([
    `{ at: 10s, by: ann, call: 'DELETE /api/v1/agents/\${alpha.id}/trades/\${order1.id}' }`,
    `{ at: 20s, as: order1, ${BUY} }`,
  ]);
  expect(failuresOf(recording)).toEqual([
    'step 1: call DELETE /api/v1/agents/${alpha.id}/trades/${order1.id}: ${order1.id} is not known (yet)',
  ]);
  expect(typesOf(recording, 'order.filled')).toHaveLength(1);
});

test('a step on an event that is told by an answer waits for the answer, which comes behind the record', async () => {
  const recording = await run([
    `{ at: 10s, as: small, ${BUY} }`,
    `{ at: 20s, as: large, ${BUY} }`,
    `{ on: { event: order.filled, where: { orderId: '\${large.id}' }, after: 5s }, by: tom, call: GET /health }`,
    `{ on: { event: order.filled, where: { orderId: '\${small.id}' }, every: true }, by: sue, call: GET /health }`,
  ]);
  const [small, large] = typesOf(recording, 'order.filled').map(({ atMs }) => atMs);
  const asked = (name: string) =>
    recording.answers.filter(({ by, path }) => by === name && path === '/health').map(({ askedAtMs }) => askedAtMs);
  expect(failuresOf(recording)).toEqual([]);
  expect(asked('tom')).toEqual([large! + 5_000]);
  expect(asked('sue')).toHaveLength(1);
  expect(asked('sue')[0]! - small!).toBeLessThan(100);
});

test('a step on an event that is told by an answer which never comes says whose', async () => {
  const recording = await run([
    `{ at: 10s, ${BUY} }`,
    `{ on: { event: order.filled, where: { orderId: '\${late.id}' } }, by: tom, call: GET /health }`,
    `{ at: 4m, as: late, status: 404, by: ann, call: GET /api/v1/agents/nobody }`,
  ]);
  expect(failuresOf(recording)).toEqual([
    'step 2: call GET /health never began: ${late.id} is not known: "late" holds error, and no id, which its order.filled has to match',
  ]);
});

test('who insists goes on through an outage of any length, and behind the end', async () => {
  const away = (until: string) => `faults: [{ database: { commitError: 100% }, from: 5s, until: ${until} }]\n`;
  const made = { name: 'late', type: 'trading', config: { budget: 5000 }, userId: 'tom' };
  const insisting = (at: string) =>
    `{ at: ${at}, by: tom, insist: true, call: POST /api/v1/agents, body: ${JSON.stringify(made)} }`;
  const through = await run([insisting('10s')], away('3m'));
  expect(failuresOf(through)).toEqual([]);
  expect(typesOf(through, 'trader.created')).toHaveLength(2);
  const asked = through.answers.filter(
    ({ method, path, by }) => by === 'tom' && method === 'POST' && path === '/api/v1/agents',
  );
  expect(asked.length).toBeGreaterThan(20);
  expect(failuresOf(await run([insisting('4m55s')], away('5m')))).toEqual([]);
});

test('another status than the wanted one is a failure; without a word any success is wanted', async () => {
  const recording = await run([
    '{ at: 1s, by: ann, call: GET /api/v1/agents/nobody }',
    '{ at: 2s, by: ann, call: GET /api/v1/agents/nobody, status: 404 }',
    '{ at: 3s, by: ann, call: GET /health, status: [4xx, 503] }',
    '{ at: 4s, by: ann, call: GET /nowhere, nowhere: true }',
    '{ at: 4s, by: ann, call: DELETE /health, nowhere: true, status: 405 }',
  ]);
  expect(failuresOf(recording)).toHaveLength(2);
  expect(failuresOf(recording)[0]).toMatch(/^step 1: call GET \/api\/v1\/agents\/nobody: wanted 2xx, got 404 /);
  expect(failuresOf(recording)[1]).toMatch(/^step 3: call GET \/health: wanted 4xx or 503, got 200 /);
});

test('a step on an event begins the stated time after the nth, or after each', async () => {
  const recording = await run([
    `{ at: 10s, times: 3, ${BUY} }`,
    '{ on: { event: order.filled, nth: 2, after: 30s }, by: sue, call: GET /health }',
    '{ on: { event: order.filled, every: true, after: 1m }, by: tom, call: GET /health }',
    '{ on: { event: order.filled, where: { side: sell } }, by: root, call: GET /health, optional: true }',
  ]);
  const fills = typesOf(recording, 'order.filled').map(({ atMs }) => atMs);
  const asked = (name: string) =>
    recording.answers.filter(({ by, path }) => by === name && path === '/health').map(({ askedAtMs }) => askedAtMs);
  expect(fills).toHaveLength(3);
  expect(asked('sue')).toEqual([fills[1]! + 30_000]);
  expect(asked('tom')).toEqual(fills.map((at) => at + 60_000));
  expect(asked('root')).toEqual([]);
  expect(failuresOf(recording)).toEqual([]);
});

test('an event that never comes is told, unless the step is optional', async () => {
  const recording = await run(['{ on: { event: order.filled, nth: 2 }, crash: true }', `{ at: 10s, ${BUY} }`]);
  expect(failuresOf(recording)).toEqual(['step 1: crash never began: order.filled came 1 of 2 times as asked for']);
});

test('a step whose moment lies behind the end never happened: that is told, unless it is optional or another of its events came in time', async () => {
  const late = await run([
    `{ at: 10s, ${BUY} }`,
    '{ on: { event: order.filled, after: 5m }, by: ann, call: GET /health }',
    '{ on: { event: order.filled, after: 5m }, by: ann, call: GET /health, optional: true }',
    `{ at: 4m, ${BUY} }`,
    '{ on: { event: order.filled, every: true, after: 2m }, by: ann, call: GET /health }',
  ]);
  expect(failuresOf(late)).toEqual(['step 2: call GET /health never began: its moment lies behind the end']);
  const healed = await run(
    [`{ at: 4m40s, ${BUY}, status: any }`, '{ on: { event: order.filled }, by: ann, call: GET /health }'],
    'faults: [{ venue: { outage: true }, from: 4m }]\n',
  );
  expect(typesOf(healed, 'order.filled')).toHaveLength(1);
  expect(failuresOf(healed)).toEqual(['step 2: call GET /health never began: its moment lies behind the end']);
});

test('a step at a moment never happened when its world opened behind the end; behind an earlier end nobody misses it', async () => {
  const text = `${HEAD}script: [{ at: 10ms, by: ann, call: GET /health }, { at: 4m, by: ann, call: GET /health }]\n`;
  const short = await runText(text, { untilMs: 20 });
  expect(failuresOf(short)).toEqual(['step 1: call GET /health never began: its moment lies behind the end']);
  expect(failuresOf(await runText(text, { untilMs: 120_000 }))).toEqual([]);
});

test('a person decides late, twice, or never', async () => {
  const decide = (step: string) => run([`{ at: 10s, status: 202, ${LARGE} }`, ...(step === '' ? [] : [step])]);
  const late = await decide('{ on: { event: approval.requested, after: 90s }, by: sue, decide: approve }');
  const [requested] = typesOf(late, 'approval.requested');
  const [decided] = typesOf(late, 'approval.decided');
  expect(decided!.atMs - requested!.atMs).toBeGreaterThanOrEqual(90_000);
  expect(typesOf(late, 'order.filled')).toHaveLength(1);
  const twice = await decide(
    '{ on: { event: approval.requested, after: 5s }, by: sue, decide: approve, times: 2, status: [200, 409] }',
  );
  expect(failuresOf(twice)).toEqual([]);
  expect(
    twice.answers
      .filter(({ path }) => path.endsWith('/approve'))
      .map(({ status }) => status)
      .sort(),
  ).toEqual([200, 409]);
  expect(typesOf(twice, 'order.filled')).toHaveLength(1);
  const both = await decide('{ on: { event: approval.requested, after: 5s }, by: sue, decide: both, status: any }');
  expect(typesOf(both, 'approval.decided')).toHaveLength(1);
  const never = await decide('');
  expect(typesOf(never, 'approval.decided')).toHaveLength(0);
  expect(typesOf(never, 'order.sent')).toHaveLength(0);
});

test('a stop halts a trader or everything until it is released', async () => {
  const recording = await run([
    '{ at: 10s, as: halt, by: sue, stop: { trader: alpha } }',
    `{ at: 20s, status: 423, ${BUY} }`,
    '{ at: 30s, by: sue, release: halt }',
    `{ at: 40s, status: 201, ${BUY} }`,
    '{ at: 50s, by: sue, stop: {} }',
    `{ at: 60s, status: 423, ${BUY} }`,
  ]);
  expect(failuresOf(recording)).toEqual([]);
});

test('who may not do something is refused: people have the roles of the file', async () => {
  const recording = await run([
    `{ at: 10s, status: [403, 404], ${BUY.replace('by: ann', 'by: tom')} }`,
    '{ at: 20s, by: ann, stop: {}, status: 403 }',
    '{ at: 30s, by: tom, limits: { quoteAgeMaxMs: 1000 }, status: 403 }',
  ]);
  expect(failuresOf(recording)).toEqual([]);
});

test('limits are changed by somebody who may, and hold from then on', async () => {
  const recording = await run([
    `{ at: 10s, status: 201, ${BUY} }`,
    '{ at: 20s, by: root, limits: { accounts: { default: { exposureMax: "1600" } } } }',
    `{ at: 30s, status: 4xx, ${BUY} }`,
  ]);
  expect(failuresOf(recording)).toEqual([]);
  expect(typesOf(recording, 'limits.changed')).toHaveLength(1);
});

test('limits that several change at one moment keep each change', async () => {
  const recording = await run(
    [
      '{ at: 20s, by: root, limits: { accounts: { default: { exposureMax: "1600" } } } }',
      '{ at: 20s, limits: { quoteAgeMaxMs: 20000 } }',
      '{ at: 20s, limits: { instruments: { AAPL: { positionMax: "50" } } } }',
    ],
    'faults: [{ database: { slow: { chance: 100%, max: 5s } }, from: 15s, until: 1m }]\n',
  );
  expect(failuresOf(recording)).toEqual([]);
  const changes = typesOf(recording, 'limits.changed').map(({ payload }) => JSON.parse(payload));
  expect(changes).toHaveLength(3);
  expect(changes[2].limits).toMatchObject({
    ...{ quoteAgeMaxMs: 20_000, accounts: { default: { exposureMax: '1600' } } },
    instruments: { AAPL: { positionMax: '50' } },
  });
});

test("limits of one trader's account are named by the trader", async () => {
  const recording = await run([
    '{ at: 20s, by: root, limits: { accounts: { alpha: { exposureMax: "1600" } } } }',
    `{ at: 30s, status: 201, as: first, ${BUY} }`,
    `{ at: 40s, status: 4xx, ${BUY} }`,
  ]);
  expect(failuresOf(recording)).toEqual([]);
  const [changed] = typesOf(recording, 'limits.changed').map(({ payload }) => JSON.parse(payload));
  const [opened] = typesOf(recording, 'trader.created').map(({ payload }) => JSON.parse(payload));
  expect(changed.limits.accounts[opened.accountId]).toMatchObject({ exposureMax: '1600' });
  expect(changed.limits.accounts.default.exposureMax).not.toBe('1600');
});

describe('an account of the world', () => {
  const DESKS = HEAD.replace('  traders:', '  accounts: { desk: { owner: ann }, other: { owner: ann } }\n  traders:');
  const withDesks = (steps: readonly string[], more = '') =>
    runText(`${DESKS}script:\n${steps.map((step) => `  - ${step}\n`).join('')}${more}`);

  test('is stopped and released by itself; what is not stopped goes on', async () => {
    const recording = await withDesks([
      '{ at: 10s, as: stop, stop: { account: desk, reason: to look at it } }',
      `{ at: 20s, status: 201, ${BUY} }`,
      '{ at: 30s, release: stop }',
    ]);
    expect(failuresOf(recording)).toEqual([]);
    const [halted] = typesOf(recording, 'trading.halted').map(({ payload }) => JSON.parse(payload));
    expect(halted).toMatchObject({ scope: 'account', targetId: 'desk', reason: 'to look at it' });
    expect(typesOf(recording, 'trading.resumed')).toHaveLength(1);
  });

  test('can be traded on past the product, and its books follow', async () => {
    const outside = '{ account: desk, instrument: AAPL, side: buy, quantity: "7", price: "150" }';
    const recording = await withDesks(
      [`{ at: 20s, outside: ${outside} }`],
      `expect:
  - { event: order.filled, where: { accountId: desk, synthetic: true, quantity: 7 }, count: 1 }
  - { event: trading.halted, where: { scope: account, targetId: desk, by: reconciliation }, count: 1 }
  - { figure: position, account: desk, instrument: AAPL, equals: 7 }
  - { figure: position, account: other, instrument: AAPL, equals: 0 }
`,
    );
    expect(recording.result).toMatchObject({ failures: [], findings: [], passed: true });
    const worth = recording.equity.map(({ accountId, name, points }) => [name, accountId, points.length > 200]);
    expect(worth).toEqual([
      ['desk', 'desk', true],
      ['other', 'other', true],
      ['alpha', expect.stringMatching(/^acct-agent-/), true],
    ]);
  });
});

test('limits and settings of the file are in force from the start', async () => {
  const text = HEAD.replace(
    '  instruments: [AAPL]',
    '  instruments: [AAPL]\n  limits: { instruments: { AAPL: { orderVolumeMax: "5" } } }',
  );
  const { result } = await runText(
    `${text}script:\n  - { at: 10s, status: 4xx, ${BUY} }\n  - { at: 20s, status: 201, ${BUY.replace('quantity: 10', 'quantity: 5')} }\n`,
  );
  expect(result.failures).toEqual([]);
});

test('a crash cuts who waits; who insists gets an answer from the next life', async () => {
  const cut = (how: string) => run([`{ at: 10s, ${how}, ${BUY} }`, '{ on: { event: key.claimed }, crash: true }']);
  const gone = await cut('status: none');
  expect(gone.result.lives).toBe(2);
  expect(failuresOf(gone)).toEqual([]);
  const again = await cut('insist: true');
  expect(again.result.lives).toBe(2);
  expect(failuresOf(again)).toEqual([]);
  expect(typesOf(again, 'order.filled')).toHaveLength(1);
});

test('a trader that is refused is told', async () => {
  const { result } = await runText(
    `${HEAD.replace('alpha: { owner: ann', 'beta: { owner: sue, title: "  " }, alpha: { owner: ann')}`,
  );
  expect(result.failures.join()).toContain('trader beta could not be created: 4');
});

test('an owner whose token has expired gets a new one', async () => {
  const recording = await runText(`${HEAD.replace('until: 5m', 'until: 3h')}script:\n  - { at: 175m, ${BUY} }\n`);
  expect(failuresOf(recording)).toEqual([]);
  expect(recording.answers.filter(({ path, by }) => path === '/oauth/token' && by === 'ann')).toHaveLength(2);
});

test('who got no token while the product was away asks for one again', async () => {
  const recording = await runText(`${HEAD.replace('until: 5m', 'until: 20m')}
faults: [{ past: { slow: { chance: 100%, max: 5m } }, from: 30s, until: 10m }]
script:
  - { at: 1m, crash: true }
  - { at: 1m5s, by: sue, call: GET /health, status: any }
  - { at: 15m, by: sue, call: GET /health }
`);
  expect(failuresOf(recording)).toEqual([expect.stringContaining('step 2: call GET /health: sue got no token: ')]);
  expect(recording.answers.filter(({ by, path }) => by === 'sue' && path === '/health')).toHaveLength(1);
});

test('a defect of an agent that is none is told by name', () => {
  const text = `${HEAD}defect: { agent: rissk, types: [risk.reserve] }\n`;
  expect(() => runText(text)).toThrow('"rissk", which is no agent: did you mean "risk"?');
});

test('a worker that is killed does not take the work with it', async () => {
  const backtest = {
    ...{ task_type: 'backtest', name: 'Killed', strategy_type: 'floor', instrument: 'EUR_USD' },
    parameters: { momentum_lookback: 20, take_profit_pips: 2, retracement_pips: 2, max_retracements: 3 },
    ...{ data_source: 'simulated', granularity: 'ticks' },
    ...{ start_time: '2026-01-05T00:00:00Z', end_time: '2026-01-05T06:00:00Z' },
  };
  const recording = await runText(`
name: Killed
until: 3m
world: { instruments: [EURUSD], workers: 2 }
faults:
  - { jobs: { slow: 1s } }
script:
  - { at: 5s, as: task, call: POST /api/trading/tasks/, body: ${JSON.stringify(backtest)} }
  - { at: 10s, call: 'POST /api/trading/tasks/\${task.task_id}/start/' }
  - { at: 14s, kill: worker, times: 2 }
`);
  expect(failuresOf(recording)).toEqual([]);
  expect(recording.result.faults['worker-killed']).toBe(2);
  const states = typesOf(recording, 'run.changed').map(({ payload }) => JSON.parse(payload).status as string);
  expect(states).toEqual(['running', 'completed']);
});
