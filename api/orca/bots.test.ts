/** Bots: what they are asked for, for which accounts, whose they are, and how they end. */
import { describe, expect, it } from 'vitest';
import type { KeyAnswered, KeyClaim, KeySettle } from '../../messages/key.ts';
import type { RunAnswered, RunStart, RunStarted, RunStop, TaskAnswered, TaskCreate } from '../../messages/run.ts';
import { HouseError } from '../kit/house.ts';
import { FakeHouse } from '../testing/fake-house.ts';
import { accountRow, DEMO, runRow, World } from '../testing/samples.ts';
import { EXAMPLE_PARAMETERS, withRuns } from './testing/runs.ts';

const EXAMPLE = {
  ...{ accountName: 'APEX_136189', contract: 'NQ', trading_mode: 'both', trading_side: 'both', quantity: '1' },
  ...{ environment: 'DEMO', accounts_ids: '[{"tv_id":"D18156785","ta_id":"PAAPEX1361890000010"}]' },
};

const TWO = { ...EXAMPLE, accounts_ids: '["D1","D18156785"]' };

class Bots {
  readonly house = new FakeHouse();
  readonly created: TaskCreate[];
  readonly world: World;

  constructor(refused: TaskAnswered['problems'] = []) {
    this.created = withRuns(this.house, refused);
    this.house.accounts.push(
      accountRow(),
      accountRow({ id: 'APEX_136189', name: 'APEX_136189', venueId: 'D18156785', sequence: 2 }),
    );
    this.world = new World(this.house);
    this.quote(2_000);
  }

  async post(fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}, as = DEMO) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    const init = { method: 'POST', body, headers: { authorization: `Bearer ${as}`, ...headers } };
    return this.world.api.app.request('/api/v1/run-bot/max', init);
  }

  async start(...asked: Parameters<Bots['post']>) {
    const response = await this.post(...asked);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  quote(ask: number, symbol = 'NQ'): void {
    this.house.quotes.set(symbol, { type: 'market.quote', symbol, bid: ask, ask, last: ask, simulated: true });
  }

  /** The n-th start begins and is not answered; `isLost`: it does not even begin. */
  failStart(nth: number, error: Error, isLost = false): void {
    let starts = 0;
    const { taskRows, runRows } = this.house.runs;
    this.house.on<RunStart>('run.start', ({ taskId }): RunStarted => {
      starts += 1;
      const executionId = taskId * 10;
      if (starts !== nth || !isLost) {
        taskRows.set(taskId, { ...taskRows.get(taskId)!, open: true, status: 'running', executionId });
        runRows.set(executionId, runRow({ id: String(executionId), taskId }));
      }
      if (starts === nth) throw error;
      return { type: 'run.started', taskId, outcome: 'started', executionId, executionNumber: 1, status: 'running' };
    });
  }

  /** Keys name their bot, and no answer is kept. */
  keepKeys(): void {
    let kept: string | undefined;
    this.house.on<KeyClaim>('key.claim', ({ entity }): KeyAnswered => {
      const outcome = kept === undefined ? 'fresh' : 'replay';
      kept ??= entity;
      return { type: 'key.answered', outcome, entity: kept };
    });
    this.house.on<KeySettle>('key.settle', (): KeyAnswered => ({ type: 'key.answered', outcome: 'fresh', entity: '' }));
  }

  call = (method: string, path: string, as = DEMO) => this.world.call(method, `/api/v1/run-bot${path}`, { as });
}

describe('a bot', () => {
  it('starts max for the account that the contract names, with its defaults', async () => {
    const bots = new Bots();
    bots.quote(2_000);
    expect(await bots.start(EXAMPLE)).toEqual({
      status: 200,
      body: {
        ...{ status: 'running', bot_id: 'max-001', message: 'Max bot started successfully' },
        config: {
          ...{ accountName: 'APEX_136189', contract: 'NQ', trading_mode: 'both', trading_side: 'both', quantity: 1 },
          ...{ point_strategy_key: '15_7_5_2', exit_strategy_key: '15_15', environment: 'DEMO' },
          accounts_ids: ['D18156785'],
        },
        notices: [],
      },
    });
    expect(bots.created).toMatchObject([
      {
        ...{ taskType: 'trading', strategyType: 'max', symbol: 'NQ', accountId: 'APEX_136189', surface: 'orca' },
        parameters: EXAMPLE_PARAMETERS,
      },
    ]);
  });

  it('says at once that its entries will wait for a person', async () => {
    const bots = new Bots();
    bots.quote(21_000);
    const { status, body } = await bots.start({ ...EXAMPLE, quantity: '2' });
    expect([status, body.status, body.notices]).toEqual([
      200,
      'running',
      [expect.stringContaining('waits for a supervisor'), expect.stringContaining('will be refused')],
    ]);
  });

  it('says at once which other runs trade the same on its accounts, whoever has started them, as long as they do', async () => {
    const bots = new Bots();
    const notices = async (over: Readonly<Record<string, string>> = {}) =>
      (await bots.start({ ...EXAMPLE, ...over })).body.notices;
    expect(await notices()).toEqual([]);
    const others = [...bots.house.runs.taskRows.values()].map((row) => ({ ...row, userId: 'user-9' }));
    for (const row of others) bots.house.runs.taskRows.set(Number(row.id), row);
    expect(await notices(TWO)).toEqual([expect.stringMatching(/^Execution 10 trades NQ on account APEX_136189 too/)]);
    expect(await notices()).toEqual([expect.stringMatching(/^Executions 30, 10 trade NQ on account APEX_136189 too/)]);
    bots.quote(500, 'ES');
    expect(await notices({ contract: 'ES' })).toEqual([]);
    for (const bot of ['max-001', 'max-002', 'max-004']) await bots.call('POST', `/${bot}/stop`);
    expect(await notices({ accounts_ids: '["D1"]' })).toEqual([]);
  });

  it('of a body that is no form is refused as the document says', async () => {
    const { world } = new Bots();
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    expect(await world.call('POST', '/api/v1/run-bot/max', { body: 'no form', headers })).toMatchObject({
      status: 400,
      body: { detail: 'Body is not a valid form', status_code: 400 },
    });
    const { body } = await world.call('GET', '/openapi.json');
    expect(body).toHaveProperty(['paths', '/api/v1/run-bot/max', 'post', 'responses', '400']);
  });

  it('has one run an account, is listed, shown and stopped with all of them', async () => {
    const bots = new Bots();
    const { accounts_ids: _none, ...main } = EXAMPLE;
    await bots.start(main);
    await bots.start({ ...EXAMPLE, accounts_ids: '["D1","APEX_136189"]', maxMode: 'short', trading_mode: 'short' });
    const list = (await bots.call('GET', '')).body as { bots: { bot_id: string; status: string }[]; count: number };
    expect([list.count, list.bots.map(({ bot_id }) => bot_id)]).toEqual([2, ['max-002', 'max-001']]);
    expect((await bots.call('GET', '/max-002')).body).toMatchObject({
      status: 'running',
      executions: [
        { account_id: 'D1', execution_id: 20, status: 'running' },
        { account_id: 'D18156785', execution_id: 30, status: 'running' },
      ],
    });
    expect((await bots.call('POST', '/max-002/stop')).body).toMatchObject({ status: 'stopped', bot_id: 'max-002' });
    expect((await bots.call('POST', '/max-002/stop')).body).toMatchObject({ status: 'stopped' });
    expect((await bots.call('GET', '/max-001')).body).toMatchObject({ status: 'running' });
    for (const unknown of ['max-003', 'max-999', 'max-2', 'max', '2'])
      expect((await bots.call('GET', `/${unknown}`)).status).toBe(404);
  });

  it('of somebody else does not exist', async () => {
    const bots = new Bots();
    await bots.start(EXAMPLE);
    const other = await bots.world.token('user-9', 'trader');
    expect((await bots.call('GET', '/max-001', other)).status).toBe(404);
    expect((await bots.call('POST', '/max-001/stop', other)).status).toBe(404);
    const supervisor = await bots.world.token('user-8', 'supervisor');
    expect((await bots.call('GET', '/max-001', supervisor)).status).toBe(200);
    expect((await bots.call('POST', '/max-001/stop', supervisor)).status).toBe(403);
    expect((await bots.call('GET', '/max-001')).body).toMatchObject({ status: 'running' });
    const admin = await bots.world.token('user-7', 'admin');
    expect((await bots.call('POST', '/max-001/stop', admin)).body).toMatchObject({ status: 'stopped' });
    expect((await bots.call('GET', '', other)).body).toEqual({ bots: [], count: 0 });
  });

  it('that can not start for all of its accounts runs for none', async () => {
    const bots = new Bots();
    bots.failStart(2, new Error('the second one fails'), true);
    expect((await bots.start(TWO)).status).toBe(500);
    expect([...bots.house.runs.taskRows.values()].map(({ open }) => open)).toEqual([false, false]);
  });

  it('whose start was not answered in time runs for none, though it has begun', async () => {
    const bots = new Bots();
    const { taskRows } = bots.house.runs;
    bots.failStart(2, new HouseError('timeout', 'no answer in time'));
    expect((await bots.start(TWO)).status).toBe(503);
    expect([...taskRows.values()].map(({ open, executionId }) => [open, executionId])).toEqual([
      [false, 10],
      [false, 20],
    ]);
  });

  it('that failed for one account runs for all of them when it is asked for again', async () => {
    const bots = new Bots();
    bots.keepKeys();
    bots.failStart(2, new Error('the second one fails'), true);
    const key = { 'idempotency-key': 'bot-1' };
    expect((await bots.start(TWO, key)).status).toBe(500);
    expect((await bots.start(TWO, key)).body).toMatchObject({ status: 'running', bot_id: 'max-001' });
    const { executions } = (await bots.call('GET', '/max-001')).body as { executions: { status: string }[] };
    expect(executions.map(({ status }) => status)).toEqual(['running', 'running']);
  });

  it('that was begun for all of its accounts and rolled back runs when it is asked for again', async () => {
    const bots = new Bots();
    bots.keepKeys();
    bots.failStart(2, new HouseError('timeout', 'no answer in time'));
    const key = { 'idempotency-key': 'bot-1' };
    expect((await bots.start(TWO, key)).status).toBe(503);
    expect((await bots.start(TWO, key)).body).toMatchObject({ status: 'running', bot_id: 'max-001' });
    expect([...bots.house.runs.taskRows.values()].map(({ open }) => open)).toEqual([true, true]);
  });

  it('that is still being rolled back is not told to run: it can be asked for again', async () => {
    const bots = new Bots();
    bots.keepKeys();
    bots.failStart(2, new HouseError('timeout', 'no answer in time'));
    const { runRows, taskRows } = bots.house.runs;
    const stopping = ({ taskId, by }: RunStop): RunAnswered => {
      const executionId = taskRows.get(taskId)?.executionId ?? 0;
      runRows.set(executionId, { ...runRows.get(executionId)!, stoppedBy: by });
      return { type: 'run.answered', taskId, outcome: 'done', run: null };
    };
    bots.house.on('run.stop', stopping);
    const key = { 'idempotency-key': 'bot-1' };
    expect((await bots.start(TWO, key)).status).toBe(503);
    expect((await bots.start(TWO, key)).status).toBe(503);
    for (const [id, row] of taskRows) taskRows.set(id, { ...row, open: false, status: 'stopped' });
    for (const [id, row] of runRows) runRows.set(id, { ...row, open: false, status: 'stopped' });
    expect((await bots.start(TWO, key)).body).toMatchObject({ status: 'running' });
  });

  it('that was begun and stopped since is not begun anew by a repeat of its request', async () => {
    const bots = new Bots();
    bots.keepKeys();
    const key = { 'idempotency-key': 'bot-1' };
    await bots.start(TWO, key);
    await bots.call('POST', '/max-001/stop');
    expect((await bots.start(TWO, key)).body).toMatchObject({ status: 'stopped', bot_id: 'max-001' });
    expect([...bots.house.runs.taskRows.values()].map(({ open }) => open)).toEqual([false, false]);
  });

  it('is listed with all of its accounts, however many tasks came since, and read in few pages', async () => {
    const bots = new Bots();
    const names = Array.from({ length: 20 }, (_, index) => `VENUE-${index}`);
    bots.house.accounts.push(
      ...names.map((name, index) => accountRow({ id: name, name, venueId: name, sequence: 10 + index })),
    );
    const { runs } = bots.house;
    for (let n = 0; n < 60; n += 1) await bots.start({ ...EXAMPLE, accounts_ids: JSON.stringify(names) });
    const reads: string[] = [];
    const { tasks, taskOfRequest } = runs;
    runs.tasks = (...of) => {
      reads.push('tasks');
      return tasks.apply(runs, of);
    };
    runs.taskOfRequest = (id) => {
      reads.push('one');
      return taskOfRequest(id);
    };
    type Listed = { readonly bots: { readonly bot_id: string; readonly executions: unknown[] }[] };
    const { bots: listed } = (await bots.call('GET', '')).body as Listed;
    expect([listed.length, listed.at(-1)?.bot_id]).toEqual([60, 'max-001']);
    expect(new Set(listed.map(({ executions }) => executions.length))).toEqual(new Set([20]));
    expect(reads).toEqual(['tasks', 'tasks']);
  });
});

it('a bot is listed once, whatever is begun while the list is read', async () => {
  const bots = new Bots();
  const { runs } = bots.house;
  const { config } = (await bots.start(EXAMPLE)).body;
  const first = runs.taskRows.get(1)!;
  const put = (id: number, labels: object): void => {
    runs.taskRows.set(id, {
      ...first,
      id: String(id),
      sequence: id,
      requestId: `b${id}`,
      labels: JSON.stringify(labels),
    });
  };
  for (let id = 1; id <= 1_001; id += 1) put(id, id <= 101 ? { bot: `b${id}`, config: JSON.stringify(config) } : {});
  const { tasks } = runs;
  runs.tasks = async (...of) => {
    const page = await tasks.apply(runs, of);
    put(runs.taskRows.size + 1, {});
    return page;
  };
  const { bots: listed } = (await bots.call('GET', '')).body as { bots: { bot_id: string }[] };
  expect(listed.map(({ bot_id }) => bot_id)).toEqual(
    Array.from({ length: 101 }, (_, n) => `max-${String(101 - n).padStart(3, '0')}`),
  );
});

it('takes an optional field that was left empty as absent, and wants those that are required', async () => {
  const bots = new Bots();
  const empty = {
    accountName: '',
    maxMode: '',
    point_strategy_key: '',
    exit_strategy_key: '',
    quantity: '',
    notes: '',
  };
  const { status, body } = await bots.start({ ...EXAMPLE, ...empty, accounts_ids: '' });
  expect([status, bots.created]).toMatchObject([200, [{ accountId: 'APEX_136189', parameters: EXAMPLE_PARAMETERS }]]);
  expect(body.config).not.toHaveProperty('notes');
  const { trading_side: _side, ...rest } = EXAMPLE;
  for (const fields of [rest, { ...EXAMPLE, trading_side: '' }, { ...EXAMPLE, environment: '' }])
    expect((await bots.start(fields)).status).toBe(422);
});

describe('a bot that is not started', () => {
  it('says why', async () => {
    const bots = new Bots();
    const refused = async (over: Readonly<Record<string, string>>, status: number, detail: string) =>
      expect(await bots.start({ ...EXAMPLE, ...over })).toEqual({ status, body: { detail, status_code: status } });
    await refused({ environment: 'LIVE' }, 503, 'No broker is configured for LIVE; use DEMO');
    await refused({ contract: 'TULIPS' }, 422, 'contract: Unknown contract TULIPS');
    await refused({ quantity: '0' }, 422, 'quantity: Must be a whole number from 1 to 100');
    await refused({ trading_mode: 'sideways' }, 422, 'maxMode: Must be long, short or both');
    await refused({ maxMode: 'long', trading_mode: 'short' }, 422, 'trading_mode: Says something else than maxMode');
    await refused(
      { trading_mode: 'long', trading_side: 'short' },
      422,
      'trading_side: Leaves nothing of the mode long',
    );
    await refused(
      { accounts_ids: '[]' },
      422,
      'accounts_ids: Must be a JSON array of 1 to 20 accounts, each {"tv_id", "ta_id"}',
    );
    await refused({ accounts_ids: '["D1","PAAPEX1"]' }, 422, 'accounts_ids: Names an account twice');
    await refused({ accounts_ids: '["D5"]' }, 404, "Account with id 'D5' not found");
    await refused({ exit_strategy_key: '15' }, 422, 'exit_strategy_key: Must be target_stop in points, like 15_15');
    expect((await bots.start(EXAMPLE, {}, await bots.world.token('user-9', 'trader'))).status).toBe(403);
    expect((await bots.start(EXAMPLE, {}, await bots.world.token('user-9', 'viewer'))).status).toBe(403);
    expect(bots.created).toEqual([]);
  });

  it('is refused where its environment is not what the house trades in, and LIVE starts where there is a broker', async () => {
    const bots = new Bots();
    const broker = (simulated: boolean): void => {
      const venue = { name: 'tradovate', serves: 'orders', state: 'healthy', simulated } as const;
      bots.house.wellbeing = {
        ...bots.house.wellbeing,
        providers: [...bots.house.wellbeing.providers.slice(0, 1), venue],
      };
    };
    const LIVE = { ...EXAMPLE, environment: 'LIVE' };
    broker(true);
    const refused = await bots.post(LIVE);
    // Waiting makes no broker.
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, null]);
    broker(false);
    const detail = 'Orders of this house go to tradovate for real money; DEMO is not possible, use LIVE';
    expect(await bots.start(EXAMPLE)).toMatchObject({ status: 503, body: { detail } });
    expect(bots.created).toEqual([]);
    expect(await bots.start(LIVE)).toMatchObject({ status: 200, body: { config: { environment: 'LIVE' } } });
  });

  it('is refused on a contract that is over, unless the market still has it', async () => {
    const bots = new Bots();
    const detail = 'contract: NQZ5 was last traded on 2025-12-19; use NQ or a later contract';
    expect(await bots.start({ ...EXAMPLE, contract: 'NQZ5' })).toMatchObject({ status: 422, body: { detail } });
    expect(bots.created).toEqual([]);
    // The clock says 2026-11-02.
    const unquoted = await bots.start({ ...EXAMPLE, contract: 'NQZ6' });
    expect(unquoted).toMatchObject({ status: 503, body: { detail: expect.stringContaining('no quote of NQZ6') } });
    expect(bots.created).toEqual([]);
    bots.quote(21_000, 'NQZ6');
    expect(await bots.start({ ...EXAMPLE, contract: 'NQZ6' })).toMatchObject({ status: 200 });
    bots.quote(21_000, 'NQZ5');
    expect(await bots.start({ ...EXAMPLE, contract: 'NQZ5' })).toMatchObject({ status: 200 });
  });

  it('is 503 while the house does not run strategies live', async () => {
    const bots = new Bots([{ field: 'taskType', message: 'Live runs are not offered yet' }]);
    expect(await bots.start(EXAMPLE)).toEqual({
      status: 503,
      body: { detail: 'Live runs are not offered yet', status_code: 503 },
    });
  });
});
