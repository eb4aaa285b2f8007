/**
 * A day as a file, replayed to the real product with a strategy that trades live, and the same ticks through the loop over columns: the
 * trades are the same to the millisecond, because the next tick of a replay enters when everything about the last one has settled.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { priceOf, type TickColumns } from '../market/columns.ts';
import { planOf, whole } from '../runs/testing/plans.ts';
import { quoteWalkOf, T0 } from '../runs/testing/series.ts';
import { HouseProcess, killAll, until } from './testing/house-process.ts';

const home = mkdtempSync(join(tmpdir(), 'pitwall-fidelity-'));
afterAll(() => {
  killAll();
  rmSync(home, { recursive: true, force: true });
});

const TICKS = 1_200;
const SPEED = 300;
/** Before the day comes one tick, and so much real time to start the run in. */
const HEADSTART_MS = 20_000;
const PARAMETERS = { momentum_lookback: 20, take_profit_pips: 12, retracement_pips: 15, max_retracements: 2 };

/** Two quotes share each millisecond that has any. */
function day(): TickColumns {
  const quotes = quoteWalkOf('replayed', TICKS);
  return { ...quotes, atMs: quotes.atMs.map((_, row) => T0 + Math.floor(row / 2) * 2_000) };
}

const lineOf = (at: number, bid: number, ask: number): string => `${new Date(at).toISOString()},${bid},${ask}\n`;
function fileOf({ length, atMs, bid, ask }: TickColumns): string {
  const rows = Array.from({ length }, (_, row) => lineOf(atMs[row]!, priceOf(bid[row]!), priceOf(ask[row]!)));
  return `timestamp,bid,ask\n${lineOf(T0 - HEADSTART_MS * SPEED, 1.08, 1.0801)}${rows.join('')}`;
}

interface Shown {
  readonly checkpoint: { readonly processed: number } | null;
}

test('a replayed day makes the trades of its backtest, to the millisecond', async () => {
  const ticks = day();
  const file = join(home, 'EURUSD_day.csv');
  writeFileSync(file, fileOf(ticks));
  const house = await HouseProcess.open(join(home, 'house'), {
    MARKET_DATA: `replay:${file}`,
    SIM_SPEED: String(SPEED),
  });
  const task = {
    task_type: 'trading',
    name: 'Day',
    strategy_type: 'floor',
    instrument: 'EUR_USD',
    parameters: PARAMETERS,
  };
  const made = await house.call<{ task_id: number }>('POST', 'tasks/', { ...task, account_id: 'demo-fx' });
  await house.call('POST', `tasks/${made.task_id}/start/`);
  await until(async () => ((await house.status(1)) as Shown).checkpoint?.processed === TICKS);
  await house.call('POST', `tasks/${made.task_id}/stop/`);
  await until(async () => (await house.status(1)).status === 'stopped');
  const said = (await house.said(1)) as { trade?: Record<string, unknown> }[];
  const live = said.flatMap(({ trade }) => (trade ? [trade] : []));
  const past = whole(planOf('floor', 'EURUSD', PARAMETERS), ticks).trades;
  expect(past.length).toBeGreaterThan(20);
  expect(live).toEqual(
    past.map((trade) => ({
      ...{ instrument: 'EUR_USD', direction: trade.direction, units: trade.units },
      ...{ entry_time: new Date(trade.entryAt).toISOString(), entry_price: String(trade.entryPrice) },
      ...{ exit_time: new Date(trade.exitAt).toISOString(), exit_price: String(trade.exitPrice) },
      ...{
        pnl: trade.pnl.toFixed(2),
        pips: expect.any(String),
        details: expect.objectContaining({ reason: trade.reason }),
      },
    })),
  );
  await house.kill();
});
