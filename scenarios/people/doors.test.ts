/** People at other doors than the one for orders, each in a world of a script written by hand; what must not be, is told. */
import { describe, expect, test, vi } from 'vitest';
import { openMemory } from '../../db/memory/open.ts';
import { withoutAmbient } from '../ambient.ts';
import { type DrawnResult, runDrawn } from '../drawn.ts';
import { NO_WORLD_FAULTS } from '../faults.ts';
import { simulatedSettings } from '../settings.ts';
import { WORLD_STARTS_AT } from '../world.ts';
import { Lines } from './listener.ts';
import type { Deed, Script } from './script.ts';

vi.setConfig({ testTimeout: 60_000 });

const MINUTE_MS = 60_000;
type Told = readonly (readonly [atS: number, who: string, deed: Deed])[];

function run(told: Told, more: Partial<Script> = {}): Promise<DrawnResult> {
  const steps = told.map(([atS, who, deed]) => ({ atMs: atS * 1_000, who, deed }));
  const virtualMs = 2 * MINUTE_MS;
  const script = { startsAt: WORLD_STARTS_AT, virtualMs, faults: NO_WORLD_FAULTS, limits: {}, steps, ...more };
  const options = { seed: '1', place: openMemory(), settings: simulatedSettings(), virtualMs, faults: true };
  return withoutAmbient(() => runDrawn({ ...options, script }));
}

const buy = (value = 2_000): Deed => ({
  ...{ do: 'trade', symbol: 'AAPL', side: 'buy', type: 'market', priceRatio: 1, value },
});

describe('a listener', () => {
  test('comes back when the process has died, and goes on where he was in a run', async () => {
    const { failures, sometimes } = await run([
      [5, 'pilot', { do: 'backtest', symbol: 'EURUSD', hours: 8 }],
      [7, 'follower', { do: 'listen', to: 'run', whom: 'pilot', forMs: 4_000, times: 6 }],
      [9, 'world', { do: 'crash' }],
      [10, 'ann', buy()],
      [12, 'ann', { do: 'listen', to: 'trader', forMs: 30_000, times: 2 }],
      [20, 'ann', buy()],
    ]);
    expect(failures).toEqual([]);
    expect(sometimes['line lost and taken up again']).toBeGreaterThan(2);
    expect(sometimes['run followed over a lost line']).toBeGreaterThan(0);
  });

  test('notices a line that is missing, told twice or out of order', () => {
    const line = (sequence: number, event_type = 'signal') => ({ event_type, data: { sequence, execution_id: 3 } });
    const lines = new Lines(3);
    expect([1, 2].map((sequence) => lines.hear(line(sequence)))).toEqual([undefined, undefined]);
    expect(lines.hear(line(1, 'trade_closed'))).toBeUndefined();
    expect(lines.hear({ event_type: 'execution_progress', data: { execution_id: 3 } })).toBeUndefined();
    expect(lines.wish).toMatchObject({ execution_id: 3, since_sequence: 2, since_trade_sequence: 1 });
    expect(lines.hear(line(4))).toBe('event 4 of run 3 was told where 3 was due');
    expect(lines.hear(line(4))).toBe('event 4 of run 3 was told where 5 was due');
  });
});

describe('roles and tokens', () => {
  const meddling: Told = [
    [2, 'trader-0', buy()],
    ...(['look', 'trade', 'stop', 'terminate'] as const).map(
      (how, index) => [10 + index, 'meddler', { do: 'meddle', whom: 'trader-0', how }] as const,
    ),
  ];

  test('keep out who has no business there, and let in whose it is', async () => {
    const people = { meddler: ['trader'], 'trader-0': ['trader'], warden: ['supervisor'] } as const;
    const { failures, sometimes } = await run(
      [...meddling, [30, 'warden', { do: 'stop', whom: 'trader-0' }], [40, 'warden', { do: 'release' }]],
      { people },
    );
    expect(failures).toEqual([]);
    expect(sometimes["kept out of what is somebody else's"]).toBe(4);
    expect(sometimes['a token of his own']).toBeGreaterThan(2);
  });

  test('that are missed are told: who may do everything is let in', async () => {
    const { failures } = await run(meddling);
    expect(failures).toHaveLength(4);
    expect(failures[0]).toBe('meddler was let in to the trader of trader-0: look was answered 200');
  });
});

test('limits change under way, once for two who change them at one moment', async () => {
  const change = { accounts: { default: { exposureMax: '1000' } } };
  const { failures, sometimes } = await run([
    [10, 'ann', { ...buy(), type: 'limit', priceRatio: 0.985 } as Deed],
    [20, 'operator', { do: 'limits', change }],
    [20, 'colleague', { do: 'limits', change: { quoteAgeMaxMs: 2_500 } }],
    [40, 'ann', buy()],
  ]);
  expect(failures).toEqual([]);
  expect(sometimes).toMatchObject({ 'limits changed by two at once': 1, 'limits changed while orders are open': 1 });
  expect(sometimes['denied: EXPOSURE_LIMIT']).toBe(1);
});

test('a journal is proven, copied and archived between orders, and by day', async () => {
  const orders: Told = Array.from({ length: 60 }, (_, index) => [5 + index, 'ann', buy(100)] as const);
  const { failures, sometimes } = await run(
    [
      ...orders,
      [80, 'operator', { do: 'upkeep', what: 'archive', keep: 10 }],
      [81, 'world', { do: 'crash' }],
      ...(['verify', 'replay', 'export', 'backup'] as const).map(
        (what, index) => [95 + index, 'operator', { do: 'upkeep', what }] as const,
      ),
      [105, 'reader', { do: 'read', path: '/api/v1/trading/batch/snapshot' }],
      [106, 'operator', { do: 'reconcile' }],
    ],
    { keepRecords: 50, startsAt: Date.UTC(2026, 2, 2, 23, 59) },
  );
  expect(failures).toEqual([]);
  expect(sometimes['records archived']).toBe(1);
  expect(sometimes['journal proven']).toBe(2);
});

test('a market that is moved and held is met by orders as it is', async () => {
  const { failures, sometimes } = await run([
    [10, 'ann', { ...buy(), type: 'limit', priceRatio: 0.985 } as Deed],
    [20, 'market', { do: 'shock', symbol: 'AAPL', ratio: -0.03, overMs: 2_000 }],
    [22, 'market', { do: 'regime', symbol: 'AAPL', regime: 'volatile', forMs: 30_000 }],
    [50, 'market', { do: 'hold', symbol: 'AAPL', how: 'silence', forMs: 45_000 }],
    [61, 'market', { do: 'hold', symbol: 'NVDA', how: 'halt', forMs: 90_000 }],
    [88, 'ann', buy()],
    [110, 'ann', buy()],
  ]);
  expect(failures).toEqual([]);
  expect(sometimes['denied: STALE_DATA']).toBe(1);
});

test('background work on a queue is done, whatever becomes of its workers and of the queue', async () => {
  const { failures, sometimes } = await run(
    [
      [5, 'pilot', { do: 'backtest', symbol: 'EURUSD', hours: 6 }],
      [6, 'world', { do: 'kill-worker' }],
      [8, 'world', { do: 'lose-queue', forMs: 5_000 }],
      [20, 'world', { do: 'crash' }],
    ],
    { workers: 1, faults: { ...NO_WORLD_FAULTS, jobs: { deathRatio: 0, slowMs: 500 } } },
  );
  expect(failures).toEqual([]);
  expect(sometimes).toMatchObject({ 'fault: worker-killed': 1, 'fault: queue-away': 1 });
  expect(sometimes['run ended in another life than it began in']).toBe(1);
});

test('in a world without a queue nothing is lost with it', async () => {
  const { failures, faults } = await run([
    [5, 'world', { do: 'kill-worker' }],
    [6, 'world', { do: 'lose-queue', forMs: 1_000 }],
  ]);
  expect(failures).toEqual([]);
  expect(faults['worker-killed']).toBeUndefined();
});
