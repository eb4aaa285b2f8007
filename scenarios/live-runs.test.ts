/** Strategies that trade live in the whole product under simulated time: driven by a person, killed, halted, and always one position. */
import { describe, expect, test, vi } from 'vitest';
import { withoutAmbient } from './ambient.ts';
import { parsed } from './people/person.ts';
import { simulatedSettings } from './settings.ts';
import { heldByAccount, heldByRun, LIVE_TASK, liveAccounts } from './testing/live-day.ts';
import { type Run, RunDesk } from './testing/run-desk.ts';

vi.setConfig({ testTimeout: 300_000 });

async function opened(seed: string): Promise<RunDesk> {
  return new RunDesk(seed, { settings: simulatedSettings({ accounts: liveAccounts }) }).open();
}

const told = async (desk: RunDesk, kind: string, executionId = 1) =>
  (await desk.lines('event', executionId))
    .filter((line) => line.kind === kind)
    .map(({ payload }) => JSON.parse(payload));
const executed = async (desk: RunDesk) =>
  (await told(desk, 'trade_executed')) as { action: string; direction: string; units: number }[];

async function holding(desk: RunDesk): Promise<void> {
  for (let waited = 0; waited < 5_000; waited += 1) {
    if (heldByAccount(desk) !== 0) return;
    await desk.pass(200);
  }
  throw new Error('the strategy never entered');
}

async function isGapFree(desk: RunDesk): Promise<void> {
  for (const stream of ['event', 'trade', 'equity'] as const) {
    const sequences = (await desk.lines(stream)).map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  }
}

describe('a live run', () => {
  test('trades on every tick, shows figures at most a second old, and stops flat', () =>
    withoutAmbient(async () => {
      const desk = await opened('live');
      await desk.started(LIVE_TASK);
      const { checkpoint } = await desk.until((shown) => (shown.checkpoint?.total_trades ?? 0) >= 2);
      const before = checkpoint!.processed;
      await desk.pass(10_000);
      const shown = await desk.status();
      expect(shown.checkpoint!.processed).toBeGreaterThan(before);
      const age = desk.world.now - Date.parse((shown.checkpoint as unknown as { created_at: string }).created_at);
      expect(age).toBeLessThanOrEqual(1_000);
      await holding(desk);
      expect(parsed<Run>(await desk.post('1/stop/'))).toMatchObject({ execution_id: 1, status: 'stopped' });
      expect(heldByAccount(desk)).toBe(0);
      expect(await heldByRun(desk)).toBe(0);
      expect((await told(desk, 'status_changed')).map(({ to }) => to)).toEqual(['running', 'stopped']);
      const signals = await told(desk, 'strategy_signal');
      const entries = (await executed(desk)).filter(({ action }) => action === 'open');
      expect(signals.length).toBe(entries.length);
      expect((await desk.lines('trade')).length).toBe(entries.length);
      await isGapFree(desk);
      expect(await desk.get('tasks/1/')).toMatchObject({ status: 'stopped' });
    }));

  test('paused enters nothing and keeps its position until it is told to go on', () =>
    withoutAmbient(async () => {
      const desk = await opened('live-paused');
      await desk.started({ ...LIVE_TASK, parameters: { ...LIVE_TASK.parameters, target: 0.05, stop: 0.05 } });
      await holding(desk);
      const held = heldByAccount(desk);
      expect(parsed<Run>(await desk.post('1/pause/'))).toMatchObject({ status: 'paused' });
      const { checkpoint } = await desk.status();
      desk.world.kill();
      await desk.pass(30_000);
      expect(await desk.status()).toMatchObject({ status: 'paused', checkpoint: { total_trades: 0 } });
      expect(checkpoint).toMatchObject({ total_trades: 0 });
      expect(heldByAccount(desk)).toBe(held);
      expect(await heldByRun(desk)).toBe(held);
      expect(parsed<Run>(await desk.post('1/resume/'))).toMatchObject({ status: 'running' });
      expect(parsed<Run>(await desk.post('1/stop/'))).toMatchObject({ status: 'stopped' });
      expect([heldByAccount(desk), await heldByRun(desk)]).toEqual([0, 0]);
    }));

  test.each(['a', 'b', 'c'])('killed again and again holds what it says, once (%s)', (seed) =>
    withoutAmbient(async () => {
      const desk = await opened(`live-killed-${seed}`);
      const random = desk.world.random.fork('kills');
      await desk.started(LIVE_TASK);
      for (let kills = 0; kills < 6; kills += 1) {
        await holding(desk);
        await desk.pass(Math.floor(random.next() * 1_000));
        desk.world.kill();
        await desk.pass(8_000);
      }
      await desk.until((shown) => (shown.checkpoint?.total_trades ?? 0) >= 4);
      expect(parsed<Run>(await desk.post('1/stop/')), 'stopped').toMatchObject({ status: 'stopped' });
      expect([heldByAccount(desk), await heldByRun(desk)]).toEqual([0, 0]);
      await isGapFree(desk);
      const orders = desk.world.venue.calls
        .filter(({ call }) => call === 'submit')
        .map(({ clientOrderId }) => clientOrderId);
      expect(orders.length).toBeGreaterThan(4);
      const entries = (await executed(desk)).filter(({ action }) => action === 'open');
      expect(entries.every(({ units }) => units === 1_000)).toBe(true);
      expect(desk.world.failures).toEqual([]);
    }),
  );

  test('enters nothing in a halt, says so, and its stop still closes what it holds', () =>
    withoutAmbient(async () => {
      const desk = await opened('live-halted');
      await desk.started(LIVE_TASK);
      await holding(desk);
      const stop = { reason: 'drill', scope: 'system', triggered_by: 'user-123' };
      const halted = await desk.reply(desk.person.insist('POST', '/api/v1/emergency-stop', stop));
      expect(halted.status, halted.body).toBeLessThan(300);
      const entered = (await executed(desk)).filter(({ action }) => action === 'open').length;
      for (let waited = 0; (await told(desk, 'error_occurred')).length === 0; waited += 1) {
        expect(waited).toBeLessThan(2_000);
        await desk.pass(500);
      }
      expect((await told(desk, 'error_occurred'))[0].message).toMatch(/^Entry of 1000 was denied/);
      expect((await executed(desk)).filter(({ action }) => action === 'open').length).toBe(entered);
      expect(parsed<Run>(await desk.post('1/stop/'))).toMatchObject({ status: 'stopped' });
      expect([heldByAccount(desk), await heldByRun(desk)]).toEqual([0, 0]);
    }));

  test('whose layers hold against each other is stopped flat in a halt, with exits only', () =>
    withoutAmbient(async () => {
      const desk = await opened('live-layers');
      const pips = { take_profit_pips: 10_000, retracement_pips: 1 };
      const parameters = { ...pips, momentum_lookback: 5, max_retracements: 0, max_layers: 4 };
      await desk.started({ ...LIVE_TASK, strategy_type: 'floor', parameters });
      const directions = async () => new Set((await executed(desk)).map(({ direction }) => direction));
      for (let waited = 0; (await directions()).size < 2; waited += 1) {
        expect(waited).toBeLessThan(5_000);
        await desk.pass(500);
      }
      const net = heldByAccount(desk);
      const stop = { reason: 'drill', scope: 'system', triggered_by: 'user-123' };
      await desk.reply(desk.person.insist('POST', '/api/v1/emergency-stop', stop));
      expect(parsed<Run>(await desk.post('1/stop/'))).toMatchObject({ status: 'stopped' });
      expect([heldByAccount(desk), await heldByRun(desk)]).toEqual([0, 0]);
      const events = await executed(desk);
      const entered = events.filter(({ action }) => action === 'open').reduce((sum, { units }) => sum + units, 0);
      expect(entered).toBeGreaterThan(Math.abs(net));
      expect(await told(desk, 'error_occurred')).toEqual([]);
      await isGapFree(desk);
    }));

  test('of an instrument above the threshold says so at its start, and enters only when a person agrees in time', () =>
    withoutAmbient(async () => {
      const settings = simulatedSettings({ accounts: liveAccounts, autonomousThreshold: '1000' });
      const desk = await new RunDesk('live-held', { settings }).open();
      const task_id = parsed<{ task_id: number }>(await desk.post('', LIVE_TASK))?.task_id;
      const { notices } = parsed<{ notices: string[] }>(await desk.post(`${task_id}/start/`))!;
      expect(notices[0]).toContain('more than the 1,000 USD that need no person: each waits for a supervisor');
      for (let waited = 0; (await told(desk, 'error_occurred')).length === 0; waited += 1) {
        expect(waited).toBeLessThan(2_000);
        await desk.pass(500);
      }
      expect((await told(desk, 'error_occurred'))[0].message).toMatch(/canceled.*it has waited too long/);
      expect(heldByAccount(desk)).toBe(0);
      type Held = { requests: { id: string }[] };
      const requests = async () =>
        parsed<Held>(await desk.reply(desk.person.get('/api/v1/oversight/requests')))!.requests;
      for (let waited = 0; (await requests()).length === 0; waited += 1) {
        expect(waited).toBeLessThan(2_000);
        await desk.pass(500);
      }
      const [request] = await requests();
      await desk.reply(desk.person.insist('POST', `/api/v1/oversight/requests/${request?.id}/approve`, {}));
      await holding(desk);
      expect(parsed<Run>(await desk.post('1/stop/'))).toMatchObject({ status: 'stopped' });
      expect([heldByAccount(desk), await heldByRun(desk)]).toEqual([0, 0]);
    }));

  test('that trades against another one on its account ends all the same, and opens nothing at its end', () =>
    withoutAmbient(async () => {
      const desk = await opened('live-opposed');
      const held = { ...LIVE_TASK.parameters, target: 0.05, stop: 0.05 };
      for (const [index, side] of ['long', 'short'].entries()) {
        await desk.post('', { ...LIVE_TASK, parameters: { ...held, side } });
        await desk.post(`${index + 1}/start/`);
        for (let waited = 0; heldByAccount(desk) !== (side === 'long' ? 1_000 : 0); waited += 1) {
          expect(waited).toBeLessThan(5_000);
          await desk.pass(200);
        }
      }
      for (const task of [1, 2]) await desk.post(`${task}/stop/`);
      await desk.pass(60_000);
      for (const task of [1, 2]) expect(await desk.get(`tasks/${task}/`)).toMatchObject({ status: 'stopped' });
      expect((await told(desk, 'error_occurred')).at(-1)?.message).toMatch(/does not hold 1000 units of this run/);
      expect(heldByAccount(desk)).toBe(0);
      expect(desk.world.failures).toEqual([]);
    }));

  test('is told at its start who else trades there, and one that fails of it says why once', () =>
    withoutAmbient(async () => {
      const desk = await opened('live-shared');
      const { parameters } = LIVE_TASK;
      await desk.started({ ...LIVE_TASK, parameters: { ...parameters, target: 0.05, stop: 0.05, side: 'short' } });
      for (let waited = 0; heldByAccount(desk) !== -1_000; waited += 1) {
        expect(waited).toBeLessThan(5_000);
        await desk.pass(200);
      }
      await desk.post('', { ...LIVE_TASK, parameters: { ...parameters, side: 'long' } });
      const { notices } = parsed<{ notices: string[] }>(await desk.post('2/start/'))!;
      const sharing = expect.stringMatching(/^Execution 1 trades EURUSD on account demo-fx too/);
      expect(notices).toContainEqual(sharing);
      const shown = await desk.until(({ status }) => status === 'failed', 2);
      const reason = expect.stringMatching(/^the account does not hold 1000 units of this run/);
      expect(shown).toMatchObject({ error_message: reason });
      const changes = await told(desk, 'status_changed', 2);
      expect(changes).toMatchObject([{ to: 'running', notices: [sharing] }, { to: 'failed' }]);
      expect(await told(desk, 'status_changed')).toEqual([{ from: 'created', to: 'running' }]);
      const complaints = (await told(desk, 'error_occurred', 2)).map(({ message }) => message);
      expect(complaints.filter((message) => message.startsWith('the account does not hold'))).toEqual([reason]);
    }));

  test('completes at its end time, flat', () =>
    withoutAmbient(async () => {
      const desk = await opened('live-until');
      const end = new Date(desk.world.now + 120_000).toISOString();
      await desk.started({ ...LIVE_TASK, end_time: end });
      await desk.until(({ status }) => status === 'completed');
      expect(desk.world.now).toBeGreaterThanOrEqual(Date.parse(end));
      expect([heldByAccount(desk), await heldByRun(desk)]).toEqual([0, 0]);
    }));

  test.each(['floor', 'sma_cross'])('of %s trades too', (strategy) =>
    withoutAmbient(async () => {
      const desk = await opened(`live-${strategy}`);
      const isFloor = strategy === 'floor';
      const parameters = isFloor
        ? { momentum_lookback: 5, take_profit_pips: 1, retracement_pips: 2 }
        : { fast: 2, slow: 3, quantity: 1_000 };
      await desk.started({ ...LIVE_TASK, strategy_type: strategy, granularity: isFloor ? 'ticks' : '1m', parameters });
      await desk.until((shown) => (shown.checkpoint?.total_trades ?? 0) >= 2);
      expect(parsed<Run>(await desk.post('1/stop/'))).toMatchObject({ status: 'stopped' });
      expect([heldByAccount(desk), await heldByRun(desk)]).toEqual([0, 0]);
    }),
  );
});
