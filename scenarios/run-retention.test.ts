/** Retention of run tables in the running product: with a setting the lines of ended runs leave by themselves, and their figures stay. */
import { expect, test } from 'vitest';
import { openMemory } from '../db/memory/open.ts';
import { withoutAmbient } from './ambient.ts';
import { Person, parsed } from './people/person.ts';
import { simulatedSettings } from './settings.ts';
import { World } from './world.ts';

const MINUTE_MS = 60_000;
const TASK = {
  ...{ task_type: 'backtest', name: 'Kept', strategy_type: 'sma_cross', instrument: 'AAPL', data_source: 'simulated' },
  ...{ granularity: '1m', start_time: '2026-01-05T15:00:00Z', end_time: '2026-01-05T21:00:00Z' },
};

async function eventsAfter(minutes: number, runsKeepDays?: number): Promise<readonly [number | undefined, unknown]> {
  const settings = simulatedSettings(runsKeepDays === undefined ? {} : { runsKeepDays });
  const world = new World({ seed: 'run-retention', place: openMemory(), settings, symbols: ['AAPL'] });
  await world.open();
  const person = new Person(world, 'somebody', 'test-bearer-token', world.random.fork('somebody'));
  const act = async () => {
    const task = parsed<{ task_id: number }>(await person.insist('POST', '/api/trading/tasks/', TASK));
    await person.insist('POST', `/api/trading/tasks/${task?.task_id}/start/`, {});
  };
  void act();
  await world.runUntil(world.now + minutes * MINUTE_MS);
  let told: readonly [number | undefined, unknown] = [undefined, undefined];
  const look = async () => {
    const events = await person.get('/api/trading/executions/1/events/');
    const status = await person.get('/api/trading/executions/1/status/');
    told = [events?.status, parsed<{ has_checkpoint: boolean }>(status)?.has_checkpoint];
  };
  void look();
  await world.runUntil(world.now + MINUTE_MS / 2);
  return told;
}

test('without a setting lines stay; with one they leave ten minutes after the start, and the figures stay', () =>
  withoutAmbient(async () => {
    expect(await eventsAfter(11)).toEqual([200, true]);
    expect(await eventsAfter(9, 0)).toEqual([200, true]);
    expect(await eventsAfter(11, 0)).toEqual([404, true]);
  }));
