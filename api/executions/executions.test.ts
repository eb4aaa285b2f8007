/** The executions contract through its door: whose runs, which pages, which errors, and figures as the contract writes them. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunStart, TaskCreate } from '../../messages/run.ts';
import { NEW_RUN } from '../../projections/run-outputs.ts';
import { FakeHouse, START } from '../testing/fake-house.ts';
import { accountRow, runLine as line, runRow, taskRow, World } from '../testing/samples.ts';

const RUN = { executionId: 8, executionNumber: 3, status: 'created' };
const TRADE = {
  ...{ direction: 'long', layer: 1, retracementCount: 0, units: 1_000, entryAt: START, entryPrice: 1.2345 },
  ...{ exitAt: START + 3_600_000, exitPrice: 1.2355, points: 0.001, pnl: 1, commission: 0, reason: 'strategy' },
};
const FIGURES = {
  ...{ processed: 45_500, totalReturnRatio: 0.125, totalPnl: 1_250, realizedPnl: 1_000, unrealizedPnl: 250 },
  ...{ trades: 25, wins: 15, losses: 10, winRatio: 0.6, drawdownRatioMax: 0.0525, sharpe: 1.85, profitFactor: null },
  ...{ averageWin: 100, averageLoss: 50 },
};

let house: FakeHouse;
let world: World;
let as: string;
beforeEach(async () => {
  house = new FakeHouse();
  world = new World(house);
  as = await world.token('user-456', 'trader');
  house.runs.taskRows.set(4, taskRow());
  house.runs.runRows.set(7, runRow());
  house.runs.heads.set(7, { ...NEW_RUN, part: 3, progressRatio: 0.4551, figures: FIGURES, figuresAt: START });
  house.runs.lines.set(7, [
    line('event', 1, 'status_changed', { from: 'created', to: 'running' }),
    line('event', 2, 'strategy_signal', { signal: 'buy', layer: 1, price: 1.2345 }),
    line('event', 3, 'trade_executed', { action: 'open', direction: 'long', layer: 1, units: 1_000, price: 1.2345 }),
    line('trade', 1, 'long', TRADE),
    line('trade', 2, 'short', { ...TRADE, direction: 'short', pnl: -0.001 }),
    ...Array.from({ length: 10 }, (_, index) => line('equity', index + 1, '', 10_000 + index)),
  ]);
});

const get = (path: string, token = as) => world.call('GET', `/api/trading/${path}`, { as: token });

describe('the executions of a task', () => {
  it('are listed, the newest first, page by page, for its owner', async () => {
    house.runs.runRows.set(8, runRow({ id: '8', executionNumber: 3, status: 'failed', open: false, error: 'no data' }));
    house.runs.runRows.set(9, runRow({ id: '9', taskId: 5, executionNumber: 1 }));
    const path = 'tasks/4/executions/?page_size=1';
    expect((await get(path)).body).toEqual({
      ...{ task_id: 4, count: 2, previous: null },
      next: `http://localhost/api/trading/${path}&page=2`,
      results: [
        {
          ...{ execution_id: 8, execution_number: 3, status: 'failed', created_at: '2026-11-02T12:00:00.000Z' },
          ...{ started_at: '2026-11-02T12:00:00.000Z', completed_at: null, error_message: 'no data' },
        },
      ],
    });
    expect((await get(`${path}&page=2`)).body).toMatchObject({ results: [{ execution_id: 7, status: 'running' }] });
    expect((await get('tasks/4/executions/?page_size=1001')).status).toBe(400);
    for (const id of ['9', 'abc', '04']) expect((await get(`tasks/${id}/executions/`)).status).toBe(404);
    expect((await get('tasks/99/executions/')).status).toBe(404);
    expect((await get('tasks/4/executions/', await world.token('user-9', 'trader'))).status).toBe(403);
  });
});

describe('a run whose lines were removed', () => {
  it('shows its figures, and says of the rest that it is gone instead of that there was none', async () => {
    house.runs.heads.set(7, { ...NEW_RUN, part: 3, figures: FIGURES, figuresAt: START, linesRemovedAt: START });
    for (const path of ['events', 'trades', 'equity']) {
      const { status, body } = await get(`executions/7/${path}/`);
      const error = 'The lines of execution 7 were removed on 2026-11-02T12:00:00.000Z; status and metrics stay';
      expect([status, body]).toEqual([404, { error }]);
    }
    for (const path of ['status', 'metrics/latest'])
      expect((await get(`executions/7/${path}/`)).body).toMatchObject({ has_checkpoint: true });
  });
});

describe('a run', () => {
  it('shows its state and figures: percent, two places, null for what is not known', async () => {
    expect((await get('executions/7/status/')).body).toEqual({
      ...{ execution_id: 7, task_type: 'backtest', task_id: 4, execution_number: 2, status: 'running', progress: 45.5 },
      ...{ started_at: '2026-11-02T12:00:00.000Z', completed_at: null, error_message: null, has_checkpoint: true },
      checkpoint: {
        ...{ id: 700_000_003, processed: 45_500, total_return: '12.50', total_pnl: '1250.00', realized_pnl: '1000.00' },
        ...{ unrealized_pnl: '250.00', total_trades: 25, winning_trades: 15, losing_trades: 10, win_rate: '60.00' },
        ...{ max_drawdown: '5.25', sharpe_ratio: '1.85', profit_factor: null, average_win: '100.00' },
        ...{ average_loss: '50.00', created_at: '2026-11-02T12:00:00.000Z' },
      },
    });
    house.runs.heads.clear();
    expect((await get('executions/7/metrics/latest/')).body).toEqual({
      ...{ execution_id: 7, task_type: 'backtest', task_id: 4, has_checkpoint: false, checkpoint: null },
    });
  });

  it('shows its events, since a sequence and by type', async () => {
    const { body } = await get('executions/7/events/?since_sequence=1');
    expect(body).toMatchObject({ count: 2, next: null, previous: null });
    expect((body as { events: unknown }).events).toEqual([
      {
        ...{ sequence: 2, event_type: 'strategy_signal', strategy_type: 'floor' },
        event: { signal: 'buy', layer_number: 1, price: '1.2345' },
        ...{ timestamp: '2026-11-02T12:00:02.000Z', created_at: '2026-11-02T12:00:00.005Z' },
      },
      {
        ...{ sequence: 3, event_type: 'trade_executed', strategy_type: 'floor' },
        event: { direction: 'long', units: 1_000, price: '1.2345', action: 'open', layer_number: 1 },
        ...{ timestamp: '2026-11-02T12:00:03.000Z', created_at: '2026-11-02T12:00:00.005Z' },
      },
    ]);
    expect((await get('executions/7/events/?event_type=status_changed')).body).toMatchObject({ count: 1 });
  });

  it('shows its trades in pips and cents, by direction and instrument in any spelling', async () => {
    const { body } = await get('executions/7/trades');
    expect(body).toMatchObject({
      count: 2,
      trades: [
        { trade: { instrument: 'EUR_USD', entry_price: '1.2345', exit_price: '1.2355', pnl: '1.00', pips: '10.0' } },
        { trade: { direction: 'short', pnl: '0.00', details: { layer_number: 1, retracement_count: 0 } } },
      ],
    });
    for (const [query, count] of [
      ['direction=short', 1],
      ['instrument=EURUSD', 2],
      ['instrument=GBP_USD', 0],
    ] as const)
      expect((await get(`executions/7/trades/?${query}`)).body).toMatchObject({ count });
  });

  it('shows halves as they were reckoned, to even, not as binary numbers fall', async () => {
    const shown = {
      '1.015': '1.02',
      '2.675': '2.68',
      '0.125': '0.12',
      '-1.005': '-1.00',
      '-0.005': '0.00',
      '1e-7': '0.00',
    };
    const trades = Object.keys(shown).map((pnl, index) =>
      line('trade', index + 1, 'long', { ...TRADE, pnl: Number(pnl), points: 0.000035, commission: 8.345 }),
    );
    house.runs.lines.set(7, trades);
    const { body } = await get('executions/7/trades/');
    expect(body).toMatchObject({
      trades: Object.values(shown).map((pnl) => ({ trade: { pnl, pips: '0.4', details: { commission: '8.34' } } })),
    });
    const figures = {
      ...FIGURES,
      totalReturnRatio: 0.28995,
      winRatio: 0.00145,
      totalPnl: 1.005,
      averageWin: 123_456_789_012.345,
      // 0.335 by a division of floats.
      averageLoss: 1.005 / 3,
    };
    house.runs.heads.set(7, { ...NEW_RUN, part: 3, figures, figuresAt: START });
    expect((await get('executions/7/metrics/latest/')).body).toMatchObject({
      checkpoint: {
        total_return: '29.00',
        win_rate: '0.14',
        total_pnl: '1.00',
        average_win: '123456789012.34',
        average_loss: '0.34',
      },
    });
  });

  it('shows its equity in a time, and thinned out with the distance of its points', async () => {
    const within = 'start_time=2026-11-02T12:00:02Z&end_time=2026-11-02T12:00:05Z';
    expect((await get(`executions/7/equity/?${within}`)).body).toMatchObject({
      count: 2,
      equity_curve: [{ sequence: 3, balance: 10_002, timestamp: '2026-11-02T12:00:03.000Z' }, { sequence: 4 }],
      granularity_seconds: null,
    });
    const thinned = (await get('executions/7/equity/?max_points=4')).body as { equity_curve: { sequence: number }[] };
    expect(thinned).toMatchObject({ count: 4, granularity_seconds: 3 });
    expect([thinned.equity_curve[0]?.sequence, thinned.equity_curve.at(-1)?.sequence]).toEqual([1, 10]);
    expect((await get('executions/7/equity/?max_points=10')).body).toMatchObject({ granularity_seconds: null });
  });

  it('is paged by absolute addresses that keep the query, also in a Link header', async () => {
    const base = 'http://localhost/api/trading/executions/7/equity/?since_sequence=1&page_size=4';
    const at = (page: number) => `${base}&page=${page}`;
    const first = await get('executions/7/equity/?since_sequence=1&page_size=4');
    expect(first.body).toMatchObject({ count: 9, next: at(2), previous: null });
    expect(first.headers.get('link')).toBe(`<${at(2)}>; rel="next"`);
    const last = await get('executions/7/equity/?since_sequence=1&page_size=4&page=3');
    expect(last.body).toMatchObject({ count: 9, next: null, previous: at(2), equity_curve: [{ sequence: 10 }] });
    const beyond = await get('executions/7/equity/?since_sequence=1&page_size=4&page=9');
    expect(beyond.body).toMatchObject({ next: null, previous: at(3), equity_curve: [] });
  });

  it.each([
    ['events', 'page_size=1001'],
    ['events', 'page_size=0'],
    ['events', 'page=0'],
    ['events', 'page=x'],
    ['events', 'since_sequence=-1'],
    ['events', 'event_type=nonsense'],
    ['trades', 'direction=up'],
    ['equity', 'max_points=2'],
    ['equity', 'start_time=yesterday'],
  ])('%s refuses %s by name', async (what, query) => {
    const { status, body } = await get(`executions/7/${what}/?${query}`);
    expect(status).toBe(400);
    expect((body as { error: string }).error).toContain(query.split('=')[0]);
  });

  it.each(['status', 'events', 'trades', 'equity', 'metrics/latest'])(
    'of another user is 403, an unknown one 404: %s',
    async (what) => {
      const stranger = await world.token('user-9', 'trader');
      expect(await get(`executions/7/${what}/`, stranger)).toMatchObject({
        status: 403,
        body: { error: 'You do not have access to this execution' },
      });
      expect((await get(`executions/7/${what}/`, await world.token('boss', 'supervisor'))).status).toBe(200);
      expect(await get(`executions/8/${what}/`)).toMatchObject({ status: 404, body: { error: expect.any(String) } });
      for (const id of ['abc', '0', '-7', '07', '7.0', '7e0', '9999999999', '%20'])
        expect(await get(`executions/${id}/${what}/`)).toMatchObject({
          status: 404,
          body: { error: expect.any(String) },
        });
      expect((await get(`executions/7/${what}/`, '')).status).toBe(401);
    },
  );

  it('is limited to 200 requests a minute, its trades to 100, a user for itself', async () => {
    for (const [path, max] of [
      ['executions/7/status/', 200],
      ['executions/7/trades/', 100],
    ] as const) {
      const first = await get(path);
      expect(first.headers.get('x-ratelimit-limit')).toBe(String(max));
      for (let n = 1; n < max; n += 1) await get(path);
      const refused = await get(path);
      expect(refused).toMatchObject({ status: 429, body: { error: expect.any(String) } });
      expect(refused.headers.get('retry-after')).not.toBeNull();
      expect((await get(path, await world.token('boss', 'supervisor'))).status).toBe(200);
    }
  });
});

const ASKED = {
  ...{ task_type: 'backtest', name: ' One ', strategy_type: 'floor', instrument: 'EUR_USD', data_source: 'simulated' },
  ...{ start_time: '2026-01-05', end_time: '2026-01-06T00:00:00Z', costs: { spread_ticks: 2 } },
};

describe('a task', () => {
  const post = (path: string, body: unknown = {}, headers = {}) =>
    world.call('POST', `/api/trading/tasks/${path}`, { as, body, headers });

  it('is made of what was asked for, once a key, also when the first answer was lost', async () => {
    house.on<TaskCreate>('task.create', ({ requestId }) => {
      house.runs.taskRows.set(5, taskRow({ id: '5', requestId, status: 'created', executionId: null, executions: 0 }));
      return { type: 'task.answered', taskId: 5, outcome: 'created', problems: [] } as never;
    });
    const { status, body } = await post('', ASKED);
    expect([status, body]).toMatchObject([201, { task_id: 5, status: 'created', latest_execution: null }]);
    expect(body).toMatchObject({ instrument: 'EUR_USD', costs: { spread_ticks: 1 }, parameters: { max_layers: 2 } });
    expect(house.asked[0]).toMatchObject({
      ...{
        name: 'One',
        symbol: 'EURUSD',
        startAt: Date.UTC(2026, 0, 5),
        endAt: Date.UTC(2026, 0, 6),
        userId: 'user-456',
      },
    });
    house.on('key.claim', () => ({ type: 'key.answered', outcome: 'fresh', entity: 'task-x' }) as never);
    house.on('key.settle', () => ({ type: 'key.answered', outcome: 'replay', entity: 'task-x' }) as never);
    const repeated = await post('', ASKED, { 'idempotency-key': 'k' });
    expect(repeated.body).toMatchObject({ task_id: 4 });
  });

  it('is refused in the words of the contract', async () => {
    house.on(
      'task.create',
      () =>
        ({
          ...{ type: 'task.answered', taskId: 0, outcome: 'refused' },
          problems: [{ field: 'strategyType', message: 'Unknown' }],
        }) as never,
    );
    expect(await post('', ASKED)).toMatchObject({
      status: 400,
      body: { error: 'Validation failed; strategy_type: Unknown' },
    });
  });

  it('of an account means the same one by our name and by its venue, whichever the token holds', async () => {
    const created: TaskCreate[] = [];
    house.on<TaskCreate>('task.create', (command) => {
      created.push(command);
      house.runs.taskRows.set(4, taskRow({ taskType: 'trading', symbol: 'NQ', accountId: command.accountId }));
      return { type: 'task.answered', outcome: 'created', taskId: 4, problems: [] };
    });
    house.on<RunStart>('run.start', () => ({ type: 'run.started', taskId: 4, outcome: 'started', ...RUN }) as never);
    house.quotes.set('NQ', { type: 'market.quote', symbol: 'NQ', bid: 1, ask: 2, last: 1, simulated: true });
    house.accounts.push(accountRow(), accountRow({ id: 'D1-alone', venueId: 'D2', sequence: 2 }));
    for (const held of ['PAAPEX1', 'D1']) {
      const client = { clientId: 'c', secret: '', sub: 'user-456', roles: ['trader'], accounts: [held] } as const;
      const { token } = await world.tokens.issue(client);
      const made = async (account_id: string) => {
        const body = { ...ASKED, task_type: 'trading', instrument: 'NQ', account_id };
        return world.call('POST', '/api/trading/tasks/', { as: token, body });
      };
      for (const name of ['PAAPEX1', 'D1'])
        expect(await made(name)).toMatchObject({ status: 201, body: { account_id: 'PAAPEX1' } });
      expect((await made('D2')).status).toBe(403);
      expect((await world.call('POST', '/api/trading/tasks/4/start/', { as: token, body: {} })).status).toBe(200);
    }
    expect(created.map(({ accountId }) => accountId)).toEqual(Array(4).fill('PAAPEX1'));
  });

  it.each([
    [{ ...ASKED, task_type: 'magic' }, 400],
    [{ ...ASKED, name: '' }, 400],
    [{ ...ASKED, granularity: '7m' }, 400],
    [{ ...ASKED, extra: 1 }, 400],
    [{ ...ASKED, task_type: 'trading' }, 400],
    [{ ...ASKED, task_type: 'trading', account_id: 'foreign' }, 403],
    [{ ...ASKED, task_type: 'trading', account_id: 'demo-fx' }, 400],
  ])('%o is answered with %i', async (body, status) => {
    expect((await post('', body)).status).toBe(status);
  });

  it.each([
    [
      { parameters: { balance: 10_000.12345678901 } },
      'parameters.balance: Balance must not have more than 10 decimals',
    ],
    [{ costs: { commission_per_unit: 0.00000000001 } }, 'costs.commission_per_unit: Commission must not have more'],
  ])('has amounts of 10 decimals at most: %o', async (over, says) => {
    const { status, body } = await post('', { ...ASKED, ...over });
    expect([status, (body as { error: string }).error]).toEqual([400, expect.stringContaining(says)]);
  });

  it('is listed with its newest run, by its owner only', async () => {
    house.runs.taskRows.set(5, taskRow({ id: '5', userId: 'user-9' }));
    expect((await get('tasks/')).body).toMatchObject({
      ...{ count: 1, next: null, previous: null },
      results: [{ task_id: 4, latest_execution: { execution_id: 7, execution_number: 2, status: 'running' } }],
    });
    expect((await get('tasks/5/')).status).toBe(403);
    expect((await get('tasks/6/')).status).toBe(404);
  });

  it('that trades live says at its start what will keep its entries waiting', async () => {
    house.runs.taskRows.set(4, taskRow({ taskType: 'trading', symbol: 'NQ', parameters: '{"base_units":1}' }));
    house.quotes.set('NQ', { type: 'market.quote', symbol: 'NQ', bid: 1, ask: 21_000, last: 1, simulated: true });
    const run = { executionId: 8, executionNumber: 3, status: 'created' };
    house.on<RunStart>('run.start', () => ({ type: 'run.started', taskId: 4, outcome: 'started', ...run }) as never);
    expect((await post('4/start/')).body).toMatchObject({
      notices: [expect.stringContaining('waits for a supervisor'), expect.stringContaining('has room for 1 of them')],
    });
  });

  it('that trades live is not started where nobody quotes its instrument, and a backtest is', async () => {
    const starts: RunStart[] = [];
    house.on<RunStart>('run.start', (message) => {
      starts.push(message);
      return { type: 'run.started', taskId: 4, outcome: 'started', ...RUN } as never;
    });
    house.runs.taskRows.set(4, taskRow({ taskType: 'trading', symbol: 'XAUUSD' }));
    const { status, body, headers } = await post('4/start/');
    expect({ status, body }).toMatchObject({
      status: 503,
      body: { error: expect.stringContaining('no quote of XAUUSD') },
    });
    expect(headers.get('retry-after')).toBe('1');
    expect(starts).toEqual([]);
    house.runs.taskRows.set(4, taskRow({ symbol: 'XAUUSD' }));
    expect((await post('4/start/')).status).toBe(200);
  });

  it('is started once a key: what the first request has begun is told again, whatever became of it', async () => {
    house.on('key.claim', () => ({ type: 'key.answered', outcome: 'replay', entity: 'start-x' }) as never);
    house.on('key.settle', () => ({ type: 'key.answered', outcome: 'replay', entity: 'start-x' }) as never);
    const starts: RunStart[] = [];
    house.on<RunStart>('run.start', (message) => {
      starts.push(message);
      return { type: 'run.started', taskId: 4, outcome: 'started', ...RUN } as never;
    });
    const key = { 'idempotency-key': 'k' };
    // Nothing of it is known: it may have been lost on its way, or still be on it.
    expect((await post('4/start/', {}, key)).body).toMatchObject({ execution_id: 8 });
    expect(starts).toMatchObject([{ requestId: 'start-x' }]);
    house.runs.runRows.set(8, runRow({ id: '8', executionNumber: 3, status: 'completed', requestId: 'start-x' }));
    house.runs.taskRows.set(4, taskRow({ executionId: 9, executions: 4 }));
    const again = await post('4/start/', {}, key);
    expect(again).toMatchObject({ status: 200, body: { execution_id: 8, execution_number: 3, status: 'completed' } });
    expect(starts).toHaveLength(1);
  });

  it('that trades on an account which its owner no longer has can be paused and stopped, not started or resumed', async () => {
    const asked = (type: string) => ({
      type: 'run.answered',
      taskId: 4,
      outcome: 'done',
      run: { ...RUN, status: type },
    });
    for (const verb of ['pause', 'resume', 'stop']) house.on(`run.${verb}`, () => asked('stopped') as never);
    house.on<RunStart>('run.start', () => ({ type: 'run.started', taskId: 4, outcome: 'started', ...RUN }) as never);
    for (const [accountId, may] of [
      ['demo-fx', 200],
      ['gone', 403],
    ] as const) {
      house.quotes.set('NQ', { type: 'market.quote', symbol: 'NQ', bid: 1, ask: 2, last: 1, simulated: true });
      house.runs.taskRows.set(4, taskRow({ taskType: 'trading', symbol: 'NQ', accountId }));
      const statuses = await Promise.all(['start', 'resume', 'pause', 'stop'].map((verb) => post(`4/${verb}/`)));
      expect(statuses.map(({ status }) => status)).toEqual([may, may, 200, 200]);
    }
  });

  it('is driven by its owner: start, pause, resume and stop tell the run', async () => {
    const run = RUN;
    house.on<RunStart>('run.start', () => ({ type: 'run.started', taskId: 4, outcome: 'started', ...run }) as never);
    expect(await post('4/start/')).toMatchObject({
      ...{ status: 200, body: { task_id: 4, execution_id: 8, execution_number: 3, status: 'created' } },
    });
    expect(house.asked[0]).toMatchObject({ task: { taskId: 4, executions: 2, parameters: { max_layers: 2 } } });
    house.on(
      'run.pause',
      () => ({ type: 'run.answered', taskId: 4, outcome: 'done', run: { ...run, status: 'paused' } }) as never,
    );
    expect((await post('4/pause/')).body).toMatchObject({ execution_id: 8, status: 'paused' });
    house.on('run.resume', () => ({ type: 'run.answered', taskId: 4, outcome: 'not-open', run: null }) as never);
    expect(await post('4/resume/')).toMatchObject({
      status: 409,
      body: { error: 'Execution 7 of this task is running' },
    });
    house.on('run.stop', () => ({ type: 'run.answered', taskId: 4, outcome: 'not-open', run: null }) as never);
    expect(await post('4/stop/')).toMatchObject({ status: 200, body: { execution_id: 7 } });
    const boss = await world.token('boss', 'supervisor');
    expect((await world.call('POST', '/api/trading/tasks/4/start', { as: boss })).status).toBe(403);
    const viewer = await world.token('user-456', 'viewer');
    expect((await world.call('POST', '/api/trading/tasks/4/start', { as: viewer })).status).toBe(403);
  });
});
