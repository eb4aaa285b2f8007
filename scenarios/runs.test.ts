/** Backtests in the whole product under simulated time: killed, paused, robbed of their worker, and still the same event for event. */
import { describe, expect, test, vi } from 'vitest';
import type { RunLine } from '../projections/run-outputs.ts';
import { RUN_STREAMS } from '../projections/run-outputs.ts';
import { withoutAmbient } from './ambient.ts';
import { NO_WORLD_FAULTS } from './faults.ts';
import { parsed } from './people/person.ts';
import { type Run, RunDesk, type Said, type Shown } from './testing/run-desk.ts';

vi.setConfig({ testTimeout: 300_000 });

const TASK = {
  ...{ task_type: 'backtest', name: 'Half a day', strategy_type: 'floor', instrument: 'EUR_USD' },
  parameters: { momentum_lookback: 20, take_profit_pips: 2, retracement_pips: 2, max_retracements: 3 },
  ...{ data_source: 'simulated', granularity: 'ticks' },
  ...{ start_time: '2026-01-05T00:00:00Z', end_time: '2026-01-05T12:00:00Z' },
};

const completed = ({ status }: Shown): boolean => status === 'completed';

let undisturbed: Promise<Said> | undefined;
const undisturbedRun = () => {
  undisturbed ??= withoutAmbient(async () => {
    const desk = await new RunDesk('undisturbed').open();
    await desk.started(TASK);
    await desk.until(completed);
    return desk.said();
  });
  return undisturbed;
};

describe('a backtest', () => {
  test('runs to its end: numbered without a gap, with figures that agree with its trades', () =>
    withoutAmbient(async () => {
      const desk = await new RunDesk('first').open();
      await desk.started(TASK);
      const { progress, checkpoint } = await desk.until(completed);
      const trades = await desk.lines('trade');
      expect(trades.length).toBeGreaterThan(20);
      expect(progress).toBe(100);
      expect(checkpoint).toMatchObject({ processed: 43_200, total_trades: trades.length });
      for (const stream of RUN_STREAMS) {
        const sequences = (await desk.lines(stream)).map(({ sequence }) => sequence);
        expect(sequences).toEqual(sequences.map((_, index) => index + 1));
      }
      const changes = (await desk.lines('event')).filter(({ kind }) => kind === 'status_changed');
      expect(changes.map(({ payload }) => payload)).toEqual([
        '{"from":"created","to":"running"}',
        '{"from":"running","to":"completed"}',
      ]);
      expect(await desk.get('tasks/1/')).toMatchObject({
        status: 'completed',
        latest_execution: { execution_id: 1, execution_number: 1, status: 'completed' },
      });
    }));

  test.each(['a', 'b', 'c'])('over a database that refuses statements and loses answers says the same (%s)', (seed) =>
    withoutAmbient(async () => {
      const wanted = await undisturbedRun();
      const database = { ...NO_WORLD_FAULTS.database, commitErrorRatio: 0.05, commitUnknownRatio: 0.2 };
      const desk = await new RunDesk(`lossy-${seed}`, { faults: { ...NO_WORLD_FAULTS, database } }).open();
      await desk.started(TASK);
      await desk.until(completed);
      desk.world.database.setFaults(NO_WORLD_FAULTS.database);
      await desk.pass(60_000);
      expect(await desk.said()).toEqual(wanted);
      const { 'statement-error': refused, 'statement-answer-lost': lost } = desk.world.database.faultCounts;
      expect([refused > 0, lost > 0]).toEqual([true, true]);
      expect(await desk.world.jobs.find('run-1')).toBeUndefined();
    }),
  );

  test.each(['a', 'b', 'c', 'd'])('killed and resumed, with workers that die, says the same (%s)', (seed) =>
    withoutAmbient(async () => {
      const wanted = await undisturbedRun();
      const desk = await new RunDesk(`killed-${seed}`, { deathRatio: 0.02 }).open();
      const random = desk.world.random.fork('kills');
      await desk.started(TASK);
      let broken = 0;
      for (let kills = 0; kills < 4; kills += 1) {
        await desk.pass(Math.floor(random.next() * 2_000));
        if ((await desk.status()).status === 'running') broken += 1;
        desk.world.kill();
        await desk.pass(3_000);
      }
      await desk.until(completed);
      expect(broken).toBeGreaterThan(0);
      expect(await desk.said()).toEqual(wanted);
    }),
  );
});

describe('a paused backtest', () => {
  test('stays paused over a crash, goes on when it is told to, and says the same but for its pause', () =>
    withoutAmbient(async () => {
      const wanted = await undisturbedRun();
      const desk = await new RunDesk('paused').open();
      await desk.started(TASK);
      await desk.until(({ checkpoint }) => (checkpoint?.processed ?? 0) > 4_096);
      expect(parsed<Run>(await desk.post('1/pause/'))).toMatchObject({ execution_id: 1, status: 'paused' });
      const { checkpoint } = await desk.status();
      desk.world.kill();
      await desk.pass(20_000);
      expect(await desk.status()).toMatchObject({ status: 'paused', checkpoint: { processed: checkpoint!.processed } });
      expect(parsed<Run>(await desk.post('1/pause/'))).toMatchObject({ status: 'paused' });
      expect(parsed<Run>(await desk.post('1/resume/'))).toMatchObject({ execution_id: 1, status: 'running' });
      await desk.until(completed);
      const said = await desk.said();
      const changes = (said.event as RunLine[]).filter(({ kind }) => kind === 'status_changed');
      expect(changes.map(({ payload }) => JSON.parse(payload))).toEqual([
        { from: 'created', to: 'running' },
        { from: 'running', to: 'paused' },
        { from: 'paused', to: 'running' },
        { from: 'running', to: 'completed' },
      ]);
      expect(said.trade).toEqual(wanted.trade);
      expect(said.equity).toEqual(wanted.equity);
      const sequences = (said.event as RunLine[]).map(({ sequence }) => sequence);
      expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    }));

  test('stops for good, also while it is paused, and its task can be started again', () =>
    withoutAmbient(async () => {
      const desk = await new RunDesk('stopped').open();
      await desk.started(TASK);
      await desk.until(({ checkpoint }) => checkpoint !== null);
      expect((await desk.post('1/start/')).status).toBe(409);
      await desk.post('1/pause/');
      expect(parsed<Run>(await desk.post('1/stop/'))).toMatchObject({ execution_id: 1, status: 'stopped' });
      const told = await desk.said();
      expect((await desk.post('1/resume/')).status).toBe(409);
      expect(parsed<Run>(await desk.post('1/stop/'))).toMatchObject({ status: 'stopped' });
      const again = parsed<Run>(await desk.post('1/start/'))!;
      expect(again).toMatchObject({ execution_number: 2 });
      await desk.until(completed, again.execution_id);
      expect(await desk.said()).toEqual(told);
      expect(await desk.said(again.execution_id)).toEqual(await undisturbedRun());
    }));
});

test('a run without data fails by name, and says so', () =>
  withoutAmbient(async () => {
    const desk = await new RunDesk('empty').open();
    await desk.started({ ...TASK, data_source: 'store' });
    const shown = await desk.until(({ status }) => status === 'failed');
    expect(shown).toMatchObject({ error_message: 'there is no data of EURUSD in this period', checkpoint: null });
    expect((await desk.lines('event')).map(({ kind }) => kind)).toEqual(['error_occurred', 'status_changed']);
  }));
