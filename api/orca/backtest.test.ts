/** Orca's backtest: where its ticks come from, what it answers, and what refuses it. The run itself is the house's. */
import { describe, expect, it } from 'vitest';
import type { RunTrade } from '../../domain/run.ts';
import type { RunStart, RunWait, TaskCreate } from '../../messages/run.ts';
import type { RunLine } from '../../projections/run-outputs.ts';
import { HouseError } from '../kit/house.ts';
import { keepKeys } from '../testing/keys.ts';
import { DEMO, World } from '../testing/samples.ts';
import { type DeskHouse, houseWithDesk, tickLines } from './testing/desk.ts';
import { EXAMPLE_PARAMETERS, withRuns } from './testing/runs.ts';

const FIELDS = {
  ...{ accountName: 'APEX_136189', mode: 'backtesting', contract: 'NQ', maxMode: 'both' },
  ...{ point_key: '15_7_5_2', exit_strategy_key: '15_15', notes: 'Test backtest' },
};
const PERIOD = { dateFrom: '2025-01-01', dateTo: '2025-01-02' };
const AT = Date.UTC(2025, 0, 2, 14, 30);

const trade = (over: Partial<RunTrade>): RunTrade => ({
  ...{ sequence: 1, direction: 'long', layer: 1, retracementCount: 0, units: 1, entryAt: AT, entryPrice: 21_000 },
  ...{ exitAt: AT + 60_000, exitPrice: 21_015.1, points: 15.099999999, pnl: 302, commission: 0 },
  ...{ adversePoints: 1, favourablePoints: 16, reason: 'target' },
  ...over,
});
const line = (payload: RunTrade, index: number): RunLine => ({
  ...{ stream: 'trade', sequence: index + 1, at: payload.exitAt, kind: payload.direction, createdAt: AT },
  payload: JSON.stringify(payload),
});

class Backtests {
  readonly desk: DeskHouse = houseWithDesk();
  readonly created: TaskCreate[] = withRuns(this.desk.house);
  readonly world = new World(this.desk.house);

  async run(fields: Readonly<Record<string, string | Blob>>, headers: Readonly<Record<string, string>> = {}) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'string') body.set(name, value);
      else body.set(name, value, value instanceof File ? value.name : 'ticks.csv');
    }
    const init = { method: 'POST', body, headers: { authorization: `Bearer ${DEMO}`, ...headers } };
    const response = await this.world.api.app.request('/api/v1/run-bot/max-backtest', init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async upload(): Promise<void> {
    const desk = this.desk.house.tickDesk!;
    const spool = (await desk.spool())!;
    await spool.write(Buffer.from(tickLines(100)));
    await desk.read(spool, { series: 'NQ', skipDuplicates: true }, () => undefined);
    await spool.close();
  }
}

describe('a backtest', () => {
  it('of a period is a task over stored ticks, both days included, and answers in points', async () => {
    const backtests = new Backtests();
    await backtests.upload();
    const trades = [trade({}), trade({ direction: 'short', points: -15, exitPrice: 21_015, sequence: 2 })];
    backtests.desk.house.runs.lines.set(10, trades.map(line));
    expect(await backtests.run({ ...FIELDS, ...PERIOD })).toEqual({
      status: 200,
      body: {
        result: {
          ...{ total_trades: 2, winning_trades: 1, losing_trades: 1, win_rate: 0.5 },
          ...{ total_profit: 0.1, max_drawdown: -15 },
        },
        trades: [
          {
            ...{ entry_time: '2025-01-02T14:30:00.000Z', entry_price: 21_000, exit_price: 21_015.1 },
            ...{ exit_time: '2025-01-02T14:31:00.000Z', profit: 15.1, side: 'long' },
          },
          expect.objectContaining({ side: 'short', profit: -15 }),
        ],
        meta: {
          ...{ source: 'date_range', ...PERIOD, accountName: 'APEX_136189', mode: 'backtesting' },
          ...{ notes: 'Test backtest', execution_id: 10 },
        },
      },
    });
    expect(backtests.created).toMatchObject([
      {
        ...{ taskType: 'backtest', strategyType: 'max', symbol: 'NQ', dataSource: 'store', surface: 'orca' },
        ...{ startAt: Date.UTC(2025, 0, 1), endAt: Date.UTC(2025, 0, 3) },
        parameters: EXAMPLE_PARAMETERS,
      },
    ]);
  });

  it('of a form whose optional fields are empty, or that has no file, is as if they were not there', async () => {
    const backtests = new Backtests();
    await backtests.upload();
    const empty = { notes: '', trading_mode: '', file: new File([], '') };
    const period = await backtests.run({ ...FIELDS, ...PERIOD, ...empty });
    expect(period).toMatchObject({ status: 200, body: { meta: { source: 'date_range' } } });
    expect(period.body.meta).not.toHaveProperty('notes');
    const file = new Blob([tickLines(100)]);
    const brought = await backtests.run({ ...FIELDS, notes: '', dateFrom: '', dateTo: '', file });
    expect(brought).toMatchObject({ status: 200, body: { meta: { source: 'file' } } });
    expect((await backtests.run({ ...FIELDS, ...PERIOD, point_key: '' })).status).toBe(422);
    expect(backtests.desk.files.openSpools).toBe(0);
  });

  it('of a file reads it into a series of its own, which is gone afterwards', async () => {
    const backtests = new Backtests();
    const { house, imports, stored, files } = backtests.desk;
    let during = 0;
    const { taskRows } = house.runs;
    house.on<RunWait>('run.wait', async ({ taskId }) => {
      during = await stored(`upload:${backtests.created[0]?.requestId}`);
      taskRows.set(taskId, { ...taskRows.get(taskId)!, status: 'completed', open: false });
      const run = { executionId: 10, executionNumber: 1, status: 'completed' as const };
      return { type: 'run.rested' as const, taskId, run };
    });
    const { status, body } = await backtests.run({ ...FIELDS, file: new Blob([tickLines(500)]) });
    expect([status, body.meta]).toEqual([200, expect.objectContaining({ source: 'file', execution_id: 10 })]);
    expect(backtests.created[0]).toMatchObject({ dataSource: 'upload', startAt: null, endAt: null });
    expect([during, await imports(), files.openSpools, await stored('NQ')]).toEqual([500, 0, 0, 0]);
  });

  it('of a file keeps it only until it is read, also the file of who asks for the same: others can bring theirs', async () => {
    const backtests = new Backtests();
    const { house, files } = backtests.desk;
    const during: number[] = [];
    house.on<RunWait>('run.wait', async ({ taskId }) => {
      for (let turn = 0; turn < 500 && during.length < 2; turn += 1) {
        if (files.openSpools === 0) during.push(files.openSpools);
        await new Promise((resolve) => setImmediate(resolve));
      }
      house.runs.taskRows.set(taskId, { ...house.runs.taskRows.get(taskId)!, status: 'completed', open: false });
      const run = { executionId: 10, executionNumber: 1, status: 'completed' as const };
      return { type: 'run.rested' as const, taskId, run };
    });
    const file = new Blob([tickLines(50)]);
    await Promise.all([backtests.run({ ...FIELDS, file }), backtests.run({ ...FIELDS, file })]);
    expect([backtests.created.length, during.length]).toEqual([1, 2]);
  });

  it('whose start was not answered keeps its rows, whether it is seen to have begun or not', async () => {
    for (const begun of [{ open: true, executionId: 10 }, {}]) {
      const backtests = new Backtests();
      const { house, stored } = backtests.desk;
      house.on<RunStart>('run.start', ({ taskId }) => {
        house.runs.taskRows.set(taskId, { ...house.runs.taskRows.get(taskId)!, ...begun });
        throw new HouseError('timeout', 'no answer in time');
      });
      expect((await backtests.run({ ...FIELDS, file: new Blob([tickLines(500)]) })).status).toBe(503);
      expect(await stored(`upload:${backtests.created[0]?.requestId}`)).toBe(500);
    }
  });

  it('without a trade has a result all the same', async () => {
    const backtests = new Backtests();
    await backtests.upload();
    const { body } = await backtests.run({ ...FIELDS, ...PERIOD });
    expect(body.result).toMatchObject({ total_trades: 0, win_rate: 0, total_profit: 0, max_drawdown: 0 });
  });
});

describe('a backtest that is refused', () => {
  it('says why, makes no task and leaves nothing', async () => {
    const backtests = new Backtests();
    const refused = async (fields: Readonly<Record<string, string | Blob>>, status: number, detail: string) =>
      expect(await backtests.run(fields)).toEqual({
        status,
        body: { detail: expect.stringContaining(detail), status_code: status },
      });
    const period = { ...FIELDS, ...PERIOD };
    await refused(period, 404, 'There are no ticks of NQ from 2025-01-01 to 2025-01-02');
    await refused(FIELDS, 422, 'file: Give file, or dateFrom and dateTo');
    await refused({ ...FIELDS, dateFrom: '2025-01-01' }, 422, 'dateTo: Required');
    await refused({ ...FIELDS, dateFrom: '2025-02-01', dateTo: '2025-01-01' }, 422, 'dateTo: Must not be before');
    await refused({ ...FIELDS, dateFrom: '2025-02-30', dateTo: '2025-03-01' }, 422, 'dateFrom: Must be a day');
    await refused({ ...period, point_key: '15_7_5' }, 422, 'point_key: Must be');
    await refused({ ...period, exit_strategy_key: '15_0' }, 422, 'exit_strategy_key: Must be');
    await refused({ ...period, contract: 'TULIPS' }, 422, 'contract: Unknown');
    await refused({ ...period, mode: 'live' }, 422, 'mode: Must be backtesting');
    await refused({ ...period, maxMode: 'up' }, 422, 'maxMode: Must be');
    await refused({ ...FIELDS, file: new Blob(['nonsense\nmore\n']) }, 422, 'file: ');
    await refused({ ...period, file: new Blob([tickLines(5)]) }, 422, 'file: Give file, or');
    const bids = new File(['20250102 143000 0000000;21000.25;3\n'], 'NQ 03-25.Bid.txt');
    await refused({ ...FIELDS, file: bids }, 422, 'file: its name says that the file holds the bid alone');
    expect([backtests.created, await backtests.desk.imports(), backtests.desk.files.openSpools]).toEqual([[], 0, 0]);
  });

  it('by its run says what the run said', async () => {
    const backtests = new Backtests();
    await backtests.upload();
    const { house } = backtests.desk;
    house.on<RunWait>('run.wait', ({ taskId }) => ({
      ...{ type: 'run.rested' as const, taskId },
      run: { executionId: 10, executionNumber: 1, status: 'stopped' as const },
    }));
    expect(await backtests.run({ ...FIELDS, ...PERIOD })).toEqual({
      status: 409,
      body: { detail: 'Execution 10 was stopped before its end', status_code: 409 },
    });
  });
});

describe('a backtest that is asked for again', () => {
  /** The run ends when the test says so. */
  async function underWay() {
    const backtests = new Backtests();
    await backtests.upload();
    const { house, files } = backtests.desk;
    const { taskRows } = house.runs;
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    house.on<RunWait>('run.wait', async ({ taskId }) => {
      await ended;
      taskRows.set(taskId, { ...taskRows.get(taskId)!, status: 'completed', open: false });
      const run = { executionId: taskId * 10, executionNumber: 1, status: 'completed' as const };
      return { type: 'run.rested' as const, taskId, run };
    });
    const begun = async (count: number) => {
      for (let waited = 0; backtests.created.length < count && waited < 1_000; waited += 1)
        await new Promise((resolve) => setImmediate(resolve));
    };
    return { backtests, files, end, begun };
  }

  it('while it is under way has one run and one answer; another one has its own, and so has a later one', async () => {
    const { backtests, files, end, begun } = await underWay();
    const file = () => new Blob([tickLines(50)]);
    const asked = [
      backtests.run({ ...FIELDS, file: file() }),
      backtests.run({ ...FIELDS, file: file() }),
      backtests.run({ ...FIELDS, file: new Blob([tickLines(51)]) }),
      backtests.run({ ...FIELDS, ...PERIOD }),
      backtests.run({ ...FIELDS, ...PERIOD }),
    ];
    await begun(3);
    end();
    const ids = (await Promise.all(asked)).map(({ body }) => (body.meta as { execution_id: number }).execution_id);
    expect([ids[0] === ids[1], ids[3] === ids[4], new Set(ids).size]).toEqual([true, true, 3]);
    expect(backtests.created).toHaveLength(3);
    await backtests.run({ ...FIELDS, ...PERIOD });
    expect([backtests.created.length, files.openSpools]).toEqual([4, 0]);
  });

  it('with a key has the first answer for good; another file under it is 422, and the first one under way 409', async () => {
    const { backtests, files, end, begun } = await underWay();
    keepKeys(backtests.desk.house);
    const headers = { 'idempotency-key': 'once' };
    const file = (ticks: number) => new Blob([tickLines(ticks)]);
    const first = backtests.run({ ...FIELDS, file: file(50) }, headers);
    await begun(1);
    expect((await backtests.run({ ...FIELDS, file: file(50) }, headers)).status).toBe(409);
    expect((await backtests.run({ ...FIELDS, file: file(51) }, headers)).status).toBe(422);
    end();
    const answer = await first;
    expect(await backtests.run({ ...FIELDS, file: file(50) }, headers)).toEqual(answer);
    expect([backtests.created.length, files.openSpools, await backtests.desk.imports()]).toEqual([1, 0, 1]);
  });

  it('with a key whose answer was too long to be kept is answered from its run', async () => {
    const { backtests, end } = await underWay();
    keepKeys(backtests.desk.house);
    end();
    backtests.desk.house.runs.lines.set(
      10,
      Array.from({ length: 1_000 }, (_, n) => line(trade({ sequence: n + 1 }), n)),
    );
    const ask = () => backtests.run({ ...FIELDS, ...PERIOD }, { 'idempotency-key': 'long' });
    const first = await ask();
    expect((first.body.trades as object[]).length).toBe(1_000);
    expect(await ask()).toEqual(first);
    expect(backtests.created).toHaveLength(1);
  });
});
