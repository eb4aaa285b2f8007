/** Orca's door on a running product: accounts that are opened once, an uploaded day, and the same backtest over the store and over the file. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tickLines } from '../api/orca/testing/desk.ts';
import { type RunningProduct, startProduct } from '../bench/product.ts';
import { DEMO_ACCOUNTS } from './demo-accounts.ts';

const home = mkdtempSync(join(tmpdir(), 'pitwall-orca-'));
const importDir = mkdtempSync(join(home, 'imports-'));
const data = join(home, 'data');
const env = { DATA_DIR: data, IMPORT_DIR: importDir };
/** A zigzag of 40 points, so that max finds something to do. */
const zigzag = (index: number): string => {
  const phase = index % 320;
  const price = 21_000 + (phase < 160 ? phase : 320 - phase) * 0.25 + (index % 7 === 0 ? 0.25 : 0);
  return `${new Date(Date.UTC(2025, 0, 2, 14, 30) + index * 1_000).toISOString()},${price.toFixed(2)},1`;
};
const ticks = tickLines(20_000, zigzag);
let product: RunningProduct;

beforeAll(async () => {
  writeFileSync(join(importDir, 'nq.csv'), ticks);
  product = await startProduct(env);
});
afterAll(async () => {
  await product.stop();
  rmSync(home, { recursive: true, force: true });
});

const headers = { authorization: 'Bearer test-bearer-token' };
async function post(path: string, fields: Readonly<Record<string, string | Blob>>): Promise<Response> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') body.set(name, value);
    else body.set(name, value, 'nq.csv');
  }
  return fetch(`${product.url}${path}`, { method: 'POST', headers, body });
}
const get = async <T>(path: string): Promise<T> =>
  (await fetch(`${product.url}${path}`, { headers })).json() as Promise<T>;

interface Backtest {
  readonly result: { readonly total_trades: number; readonly total_profit: number };
  readonly trades: readonly object[];
  readonly meta: { readonly execution_id: number };
}
const MAX = {
  ...{ accountName: 'APEX_136189', mode: 'backtesting', contract: 'NQ', maxMode: 'both' },
  ...{ point_key: '10_4_2_2', exit_strategy_key: '6_4' },
};

test('accounts of the development profile are opened once, with their money, and stay', async () => {
  interface Balances {
    readonly balances: readonly { readonly account_id: string; readonly balance: number }[];
    readonly total_balance: number;
  }
  const futures = DEMO_ACCOUNTS.filter(({ venue }) => venue === 'tradovate');
  const expected = futures.map(({ venueId }) => ({ account_id: venueId, balance: 50_000 }));
  expect(await get<Balances>('/api/v1/trading/balances')).toMatchObject({ balances: expected, total_balance: 150_000 });
  const opened = async () => {
    const exported = await fetch(`${product.url}/api/v1/house/journal/export`, { headers });
    return (await exported.text()).split('\n').filter((record) => record.includes('account.opened')).length;
  };
  expect(await opened()).toBe(DEMO_ACCOUNTS.length);
  await product.stop();
  product = await startProduct(env);
  expect(await get<Balances>('/api/v1/trading/balances')).toMatchObject({ balances: expected });
  expect(await opened()).toBe(DEMO_ACCOUNTS.length);
  expect(await get('/api/v1/house/journal/replay')).toMatchObject({ matches: true });
}, 120_000);

test('an uploaded file, the same file by its path, and a backtest over either', async () => {
  const uploaded = await (await post('/api/upload-tick-data', { file: new Blob([ticks]), instrument: 'NQ' })).text();
  expect(uploaded).toContain('"status":"completed","success":true,"total_rows":20000,"uploaded_rows":20000');
  const named = await (await post('/api/upload-tick-data', { file_path: 'nq.csv', instrument: 'NQ' })).text();
  expect(named).toContain('"uploaded_rows":0,"skipped_rows":20000');
  const days = { dateFrom: '2025-01-02', dateTo: '2025-01-02' };
  const path = '/api/v1/run-bot/max-backtest';
  const ofDays = (await (await post(path, { ...MAX, ...days })).json()) as Backtest;
  const ofFile = (await (await post(path, { ...MAX, file: new Blob([ticks]) })).json()) as Backtest;
  expect(ofDays.result.total_trades).toBeGreaterThan(10);
  expect([ofFile.result, ofFile.trades]).toEqual([ofDays.result, ofDays.trades]);
  interface Status {
    readonly status: string;
  }
  for (const { meta } of [ofDays, ofFile]) {
    const status = await get<Status>(`/api/trading/executions/${meta.execution_id}/status/`);
    expect(status.status).toBe('completed');
  }
  const spools = readdirSync(data, { recursive: true }).filter((name) => String(name).includes('incoming/'));
  expect(spools).toEqual([]);
}, 120_000);
