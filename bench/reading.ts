/** One product for the reads figures, with traders and trades or with bots that hold something, and its answers' bodies for whoever is compared with it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Stage } from './figures.ts';
import type { LoadRequest } from './load.ts';
import { GENEROUS } from './ours/settings.ts';
import { type RunningProduct, startProduct } from './product.ts';
import { CALLER, makeTraders, marketOrders, sendAll } from './traders.ts';
import { READ_TRADERS, READ_TRADES_EACH } from './workloads.ts';

/** What a read of a trader asks for. */
export type Reading = 'agent' | 'trades';
const PATHS: Readonly<Record<Reading, (traderId: string) => string>> = {
  agent: (traderId) => `/api/v1/agents/${traderId}`,
  trades: (traderId) => `/api/v1/agents/${traderId}/trades`,
};
export const readingOf = (traderId: string, reading: Reading): LoadRequest => ({
  method: 'GET',
  path: PATHS[reading](traderId),
});

/** Orca's six reads of the futures accounts of the development profile. */
const ORCA_READS = ['accounts', 'positions', 'positions/ids', 'orders/pending', 'orders/pending/ids', 'balances'];
/** As the contract has them when nothing is said: accounts and balances may be known already, all others are read anew. */
export const ORCA_DEFAULTS: readonly LoadRequest[] = ORCA_READS.map((name) => ({
  method: 'GET',
  path: `/api/v1/trading/${name}`,
}));
export const ORCA_FRESH: readonly LoadRequest[] = ORCA_DEFAULTS.map(({ method, path }) => ({
  method,
  path: `${path}?use_cache=false`,
}));

export const openReading = (reading: Reading): Promise<Stage> =>
  opened(async ({ url }) => {
    const traderIds = await makeTraders(url, READ_TRADERS);
    const orders = marketOrders(traderIds);
    const trades = Array.from(
      { length: READ_TRADERS * READ_TRADES_EACH },
      (_, index) => orders[index % orders.length]!,
    );
    await sendAll(url, trades, 201);
    const bodies = await sendAll(url, [readingOf(traderIds[0]!, reading)], 200);
    return { BENCH_TRADERS: traderIds.join(','), BENCH_BODIES: JSON.stringify(bodies) };
  });

/** Accounts that hold a position each, whose worth changes with every quote. */
export const openOrcaReading = (): Promise<Stage> =>
  opened(async ({ url }) => {
    await holdPositions(url);
    return { BENCH_BODIES: JSON.stringify(await sendAll(url, ORCA_DEFAULTS, 200)) };
  });

async function opened(prepare: (product: RunningProduct) => Promise<Record<string, string>>): Promise<Stage> {
  const product = await startProduct(GENEROUS);
  try {
    const env = await prepare(product);
    return { env: { BENCH_PRODUCT_URL: product.url, ...env }, close: () => product.stop() };
  } catch (error) {
    await product.stop();
    throw error;
  }
}

const HOLDING = ['D17158695', 'D17159229', 'D18156785'];
const HOLDING_MS_MAX = 120_000;
const LOOK_EVERY_MS = 500;

/** A bot that enters at the first ripple of the market and has its exits far away. */
async function holdPositions(url: string): Promise<void> {
  const fields = {
    ...{ contract: 'MNQ', maxMode: 'both', trading_mode: 'both', trading_side: 'both', environment: 'DEMO' },
    ...{ point_strategy_key: '1_0.5_0.5_1', exit_strategy_key: '5000_5000', accountName: 'APEX_136189' },
    accounts_ids: JSON.stringify(HOLDING.map((id) => ({ tv_id: id }))),
  };
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const headers = { authorization: `Bearer ${CALLER.token}` };
  const started = await fetch(`${url}/api/v1/run-bot/max`, { method: 'POST', headers, body });
  if (!started.ok) throw new Error(`no bot was started: ${started.status} ${await started.text()}`);
  for (let waitedMs = 0; waitedMs < HOLDING_MS_MAX; waitedMs += LOOK_EVERY_MS) {
    const [answer] = await sendAll(url, [ORCA_DEFAULTS[1]!], 200);
    if ((answer as { readonly count: number }).count === HOLDING.length) return;
    await delay(LOOK_EVERY_MS);
  }
  throw new Error(`the bots hold nothing after ${HOLDING_MS_MAX / 1_000} s`);
}
