/** Runs, their reports and stored series: through a running product and, when it has gone, as the writer of its place. The same both ways. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningProduct, startProduct } from '../../../bench/product.ts';
import { walkOf } from '../../../runs/testing/series.ts';
import { freePort } from '../../../scripts/lib/free-port.mjs';
import { type Ended, runCli } from './testing.ts';

const DEADLINE_MS = 60_000;
const home = mkdtempSync(join(tmpdir(), 'pitwall-cli-runs-'));
const env = { DATA_DIR: join(home, 'data') };
const path = join(home, 'NQ walk.csv');
let product: RunningProduct | undefined;
let closed = '';
let stored = 0;
let invented = 0;

const remote = (...args: string[]): Promise<Ended> => runCli(['--url', product!.url, ...args], { env });
/** Nobody listens there. */
const local = (...args: string[]): Promise<Ended> => runCli(['--url', closed, ...args], { env });

async function post<T>(path: string, body?: object, as = 'test-bearer-token'): Promise<T> {
  const response = await fetch(`${product!.url}/api/trading/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** The number of a run that has completed. */
async function completed(task: object, as?: string): Promise<number> {
  const { task_id: id } = await post<{ task_id: number }>('tasks', task, as);
  const { execution_id: run } = await post<{ execution_id: number }>(`tasks/${id}/start`, undefined, as);
  const due = Date.now() + DEADLINE_MS;
  for (;;) {
    const { output } = await remote('--json', 'runs', 'show', String(run));
    if (JSON.parse(output).run.status === 'completed') return run;
    if (Date.now() > due) throw new Error(`run ${run} did not complete: ${output}`);
    await sleep(100);
  }
}

const ofMax = { task_type: 'backtest', strategy_type: 'max', instrument: 'NQ', parameters: { target: 10 } };

beforeAll(async () => {
  closed = `http://127.0.0.1:${await freePort()}`;
  const { atMs, price } = walkOf('stored', 20_000, 60_000);
  writeFileSync(path, `timestamp,price\n${Array.from(atMs, (at, row) => `${at},${price[row]! / 1e8}\n`).join('')}`);
  product = await startProduct({}, { dataDirectory: env.DATA_DIR });
  expect(await remote('import', path)).toMatchObject({ code: 0 });
  stored = await completed({ ...ofMax, name: 'Stored', data_source: 'store', granularity: 'ticks' });
  const day = { start_time: '2026-01-05T00:00:00Z', end_time: '2026-01-06T00:00:00Z' };
  const asked = { ...ofMax, ...day, data_source: 'simulated', granularity: '1m', costs: { commission_per_unit: 1 } };
  invented = await completed({ ...asked, name: 'Invented' });
});
afterAll(async () => {
  await product?.stop();
  rmSync(home, { recursive: true, force: true });
});

const questions = (): readonly (readonly string[])[] => [
  ['runs'],
  ['runs', 'show', String(stored)],
  ['runs', 'trades', String(stored), '--limit', '5'],
  ['runs', 'events', String(stored), '--type', 'trade_executed', '--after', '3', '--limit', '4'],
  ['report', String(stored), '--all', '--trades', '3'],
  ['report', String(invented)],
  ['backtest', '--strategy', 'max', '--param', 'target=10', '--instrument', 'NQ', '--from', '2026-01-07'],
  ['backtest', '--strategy', 'sma_cross', '--instrument', 'NQ', '--bars', '15m'],
  ['runs', 'of', '1'],
];
const answers = async (ask: typeof remote): Promise<Ended[]> => {
  const all: Ended[] = [];
  for (const question of questions()) {
    all.push(await ask(...question));
    all.push(await ask('--json', ...question));
  }
  return all;
};
let throughProduct: Ended[] = [];

describe('through a running product', () => {
  test('every question is answered, and labelled as simulated', async () => {
    throughProduct = await answers(remote);
    for (const { code, notes } of throughProduct) expect({ code, notes }).toEqual({ code: 0, notes: '' });
    const [list, , show, , trades, , events, , report, , simulated] = throughProduct.map(({ output }) => output);
    expect(list).toMatch(/run +task +name/);
    expect(list).toContain('Invented');
    expect(show).toContain('completed, 100.00 % done');
    expect(show).toContain('SIMULATED');
    expect(trades?.split('\n')).toHaveLength(8);
    expect(events).toContain('trade_executed');
    expect(report).toContain('SIMULATED: a backtest on recorded market data.');
    expect(simulated).toContain('SIMULATED: a backtest on an invented market.');
    expect(simulated).toContain('costs: commissionPerUnit 1');
    expect(throughProduct.at(-2)?.output).toMatch(/number +status/);
    expect(JSON.parse(throughProduct.at(-1)?.output ?? '')).toMatchObject({ total: 1, rows: [{ id: String(stored) }] });
  });

  test('a report has the trades and figures of its run, as a backtest of the same file has them', async () => {
    const report = JSON.parse((await remote('--json', 'report', String(stored))).output);
    const { trades } = JSON.parse((await remote('--json', 'runs', 'trades', String(stored), '--limit', '1000')).output);
    expect(report.trades).toEqual(trades.map(({ at: _, kind: _kind, ...trade }: Record<string, unknown>) => trade));
    const again = await runCli(['--json', 'backtest', '--strategy', 'max', '--param', 'target=10', '--file', path]);
    expect(JSON.parse(again.output).families).toEqual(report.families);
  });

  test('a report can be a page', async () => {
    const html = join(home, 'run.html');
    expect(await remote('report', String(invented), '--html', html)).toMatchObject({ code: 0 });
    expect(readFileSync(html, 'utf8')).toContain('on an invented market');
  });

  test('an import that came later is not in the report of an earlier run', async () => {
    const before = await remote('--json', 'report', String(stored));
    const more = join(home, 'NQ more.csv');
    const late = walkOf('late', 500, 60_000);
    writeFileSync(
      more,
      `timestamp,price\n${Array.from(late.atMs, (at, row) => `${at + 30},${late.price[row]! / 1e8}\n`).join('')}`,
    );
    expect(await remote('import', more)).toMatchObject({ code: 0 });
    expect(await remote('--json', 'report', String(stored))).toEqual(before);
  });

  test('what is not there fails, what is no number is bad usage', async () => {
    for (const question of [['runs', 'show'], ['runs', 'trades'], ['runs', 'events'], ['report']])
      expect(await remote(...question, '999')).toMatchObject({ code: 1, notes: 'there is no run 999' });
    expect(await remote('report', 'x')).toMatchObject({ code: 2 });
    expect(await remote('runs', 'trades', '1', '--limit', '1001')).toMatchObject({ code: 2 });
    const unknown = await remote('runs', 'events', String(stored), '--type', 'nope');
    expect(unknown).toMatchObject({ code: 2, notes: expect.stringContaining('strategy_signal, trade_executed') });
    const none = await remote('backtest', '--strategy', 'max', '--instrument', 'ES');
    expect(none).toMatchObject({ code: 1, notes: 'there is no data of ES in this period' });
  });
});

describe('a run over a file that came with its request', () => {
  let run = '';
  beforeAll(async () => {
    const form = new FormData();
    const fields = { accountName: 'A', mode: 'backtesting', contract: 'NQ', maxMode: 'both' };
    for (const [name, value] of Object.entries({ ...fields, point_key: '15_7_5_2', exit_strategy_key: '15_15' }))
      form.set(name, value);
    form.set('file', new Blob([readFileSync(path)]), 'ticks.csv');
    const init = { method: 'POST', headers: { authorization: 'Bearer test-bearer-token' }, body: form };
    const response = await fetch(`${product!.url}/api/v1/run-bot/max-backtest`, init);
    const { meta } = (await response.json()) as { meta: { execution_id: number } };
    run = String(meta.execution_id);
  });

  test('has a report where the file is given once more, and says so where it is not', async () => {
    const without = await remote('report', run);
    expect(without).toMatchObject({ code: 1, notes: expect.stringContaining('give the file again with --file') });
    const report = JSON.parse((await remote('--json', 'report', run, '--file', path)).output);
    const again = ['--json', 'backtest', '--strategy', 'max', '--param', 'point_key=15_7_5_2', '--file', path];
    expect(report.tradeCount).toBeGreaterThan(10);
    expect(JSON.parse((await runCli(again)).output).families).toEqual(report.families);
  });

  test('has none over another file, and other runs take none', async () => {
    const other = join(home, 'NQ other.csv');
    const { atMs, price } = walkOf('other', 2_000, 60_000);
    writeFileSync(other, `timestamp,price\n${Array.from(atMs, (at, row) => `${at},${price[row]! / 1e8}\n`).join('')}`);
    const ended = await remote('report', run, '--file', other);
    expect(ended).toMatchObject({ code: 1, output: '', notes: expect.stringContaining('not what it was') });
    const stray = await remote('report', String(stored), '--file', path);
    expect(stray).toMatchObject({ code: 2, notes: expect.stringContaining('leave --file out') });
  });
});

test('the owner of a run has its report, and nobody else but who sees everything', async () => {
  const tokenOf = async (client: string): Promise<string> => {
    const { output } = await remote('--json', 'token', '--client', client, '--secret', `${client}-secret`);
    return JSON.parse(output).access_token;
  };
  const [own, foreign] = [await tokenOf('trader-client'), await tokenOf('viewer-client')];
  const mine = await completed({ ...ofMax, name: 'Mine', data_source: 'store', granularity: 'ticks' }, own);
  const report = await remote('--token', own, 'report', String(mine));
  expect(report).toMatchObject({ code: 0, output: expect.stringContaining('SIMULATED') });
  expect(await remote('--token', own, 'runs', 'show', String(mine))).toMatchObject({ code: 0 });
  for (const question of [['report'], ['runs', 'show'], ['runs', 'trades']])
    expect(await remote('--token', foreign, ...question, String(mine))).toMatchObject({ code: 1, output: '' });
  expect(await remote('--token', foreign, 'runs')).toMatchObject({ code: 0, output: 'there are no tasks\n' });
});

test('as the writer of the place the answers are the same', async () => {
  throughProduct = await answers(remote);
  await product?.stop();
  product = undefined;
  // Each opens the database anew, which takes seconds.
  for (const place of [0, 1, 3, 4, 7]) {
    const { output, notes } = await local('--json', ...questions()[place]!);
    expect(output).toBe(throughProduct[place * 2 + 1]?.output);
    expect(notes).toContain('working on');
  }
});
