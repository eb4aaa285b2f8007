/** Runs followed over a real WebSocket of a real product: cut off, gone on from where the listener was, over a killed process too. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { HouseProcess, killAll, until } from './testing/house-process.ts';

const home = mkdtempSync(join(tmpdir(), 'pitwall-events-'));
afterAll(() => {
  killAll();
  rmSync(home, { recursive: true, force: true });
});

interface Told {
  readonly event_type?: string;
  readonly data?: { readonly sequence?: number; readonly status?: string; readonly progress?: number };
}

/** A listener that remembers the sequences that it has, over all of its connections. */
class Follower {
  readonly events: number[] = [];
  readonly trades: number[] = [];
  readonly progress: number[] = [];
  status = '';
  private socket: WebSocket | undefined;

  connect({ base }: HouseProcess): void {
    const headers = { authorization: 'Bearer test-bearer-token' };
    const socket = new WebSocket(`${base.replace('http', 'ws')}/events`, { headers });
    this.socket = socket;
    const since = { since_sequence: this.events.length, since_trade_sequence: this.trades.length };
    socket.on('open', () => socket.send(JSON.stringify({ action: 'subscribe', execution_id: 1, ...since })));
    socket.on('error', () => undefined);
    socket.on('message', (text) => {
      if (this.socket === socket) this.take(JSON.parse(String(text)) as Told);
    });
  }

  cut(): void {
    this.socket?.terminate();
    this.socket = undefined;
  }

  private take({ event_type, data = {} }: Told): void {
    const { sequence = 0, status = '', progress = 0 } = data;
    if (event_type === 'execution_progress') {
      this.status = status;
      this.progress.push(progress);
    } else if (event_type === 'trade_closed') this.trades.push(sequence);
    else if (sequence > 0) this.events.push(sequence);
  }
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

test('a listener of a backtest hears every line once, whatever is cut or killed on the way', async () => {
  const directory = join(home, 'house');
  let house = await HouseProcess.open(directory);
  const { task_id } = await house.call<{ task_id: number }>('POST', 'tasks/', {
    ...{ task_type: 'backtest', name: 'Followed', strategy_type: 'floor', instrument: 'EUR_USD' },
    parameters: { momentum_lookback: 100, take_profit_pips: 4, retracement_pips: 5, max_retracements: 4 },
    ...{ data_source: 'simulated', granularity: 'ticks', start_time: '2026-01-05T00:00:00Z' },
    end_time: '2026-01-25T00:00:00Z',
  });
  const follower = new Follower();
  await house.call('POST', `tasks/${task_id}/start/`);
  follower.connect(house);
  await until(async () => follower.trades.length > 0);
  follower.cut();
  follower.connect(house);
  const heard = follower.events.length;
  // On a fast machine the first connection may have heard the end already.
  await until(async () => follower.events.length > heard || follower.status === 'completed');
  await house.kill();
  follower.cut();
  house = await HouseProcess.open(directory);
  follower.connect(house);
  await until(async () => follower.status === 'completed');
  const said = (await house.said(1)) as { event_type?: string; trade?: object }[];
  expect(follower.events).toEqual(upTo(said.filter(({ event_type }) => event_type !== undefined).length));
  expect(follower.trades).toEqual(upTo(said.filter(({ trade }) => trade !== undefined).length));
  expect(follower.progress.at(-1)).toBe(100);
  expect(follower.progress).toEqual(follower.progress.toSorted((one, other) => one - other));
  await house.kill();
});

test('nobody listens without a token', async () => {
  const house = await HouseProcess.open(join(home, 'closed'));
  const socket = new WebSocket(`${house.base.replace('http', 'ws')}/events?access_token=x`);
  expect(await new Promise((resolve) => socket.on('close', resolve))).toBe(4401);
  await house.kill();
});
