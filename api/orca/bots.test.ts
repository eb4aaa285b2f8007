/** Bots: what they are asked for, for which accounts, whose they are, and how they end. */
import { describe, expect, it } from 'vitest';
import type { TaskAnswered, TaskCreate } from '../../messages/run.ts';
import { FakeHouse } from '../testing/fake-house.ts';
import { accountRow, DEMO, World } from '../testing/samples.ts';
import { withRuns } from './testing/runs.ts';

const EXAMPLE = {
  ...{ accountName: 'APEX_136189', contract: 'NQ', trading_mode: 'both', trading_side: 'both', quantity: '1' },
  ...{ environment: 'DEMO', accounts_ids: '[{"tv_id":"D18156785","ta_id":"PAAPEX1361890000010"}]' },
};

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
  }

  async start(fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}, as = DEMO) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    const init = { method: 'POST', body, headers: { authorization: `Bearer ${as}`, ...headers } };
    const response = await this.world.api.app.request('/api/v1/run-bot/max', init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  call = (method: string, path: string, as = DEMO) => this.world.call(method, `/api/v1/run-bot${path}`, { as });
}

describe('a bot', () => {
  it('starts max for the account that the contract names, with its defaults', async () => {
    const bots = new Bots();
    expect(await bots.start(EXAMPLE)).toEqual({
      status: 200,
      body: {
        ...{ status: 'running', bot_id: 'max-001', message: 'Max bot started successfully' },
        config: {
          ...{ accountName: 'APEX_136189', contract: 'NQ', trading_mode: 'both', trading_side: 'both', quantity: 1 },
          ...{ point_strategy_key: '15_7_5_2', exit_strategy_key: '15_15', environment: 'DEMO' },
          accounts_ids: ['D18156785'],
        },
      },
    });
    expect(bots.created).toMatchObject([
      {
        ...{ taskType: 'trading', strategyType: 'max', symbol: 'NQ', accountId: 'APEX_136189', surface: 'orca' },
        parameters: {
          side: 'both',
          impulse: 15,
          pullback: 7,
          confirmation: 5,
          entriesPerImpulse: 2,
          target: 15,
          stop: 15,
        },
      },
    ]);
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
        { account_id: 'PAAPEX1', execution_id: 20, status: 'running' },
        { account_id: 'APEX_136189', execution_id: 30, status: 'running' },
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
    expect((await bots.call('GET', '', other)).body).toEqual({ bots: [], count: 0 });
  });

  it('that can not start for all of its accounts runs for none', async () => {
    const bots = new Bots();
    let starts = 0;
    const { taskRows } = bots.house.runs;
    bots.house.on('run.start', ({ taskId }: { type: string; taskId: number }) => {
      starts += 1;
      if (starts === 2) throw new Error('the second one fails');
      taskRows.set(taskId, { ...taskRows.get(taskId)!, open: true, status: 'running', executionId: 10 });
      return {
        type: 'run.started',
        taskId,
        outcome: 'started',
        executionId: 10,
        executionNumber: 1,
        status: 'running',
      };
    });
    expect((await bots.start({ ...EXAMPLE, accounts_ids: '["D1","D18156785"]' })).status).toBe(500);
    expect([...taskRows.values()].map(({ open }) => open)).toEqual([false, false]);
  });
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

  it('is 503 while the house does not run strategies live', async () => {
    const bots = new Bots([{ field: 'taskType', message: 'Live runs are not offered yet' }]);
    expect(await bots.start(EXAMPLE)).toEqual({
      status: 503,
      body: { detail: 'Live runs are not offered yet', status_code: 503 },
    });
  });
});
