/**
 * A data directory with a long history: made once through the whole product, kept under `.cache/` by the migrations it was made with.
 * Invariant: what lies at its final name is complete, with every order filled.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OrderAnswered, OrderSubmit } from '../../messages/order.ts';
import type { TraderCreate } from '../../messages/trader.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { openLivePorts } from '../../system/live-ports.ts';
import { openProduct } from '../../system/product.ts';
import { readSettings } from '../../system/settings.ts';
import type { Stage } from '../figures.ts';
import { HISTORY_ORDERS } from '../workloads.ts';
import { quietLog, unlimitedSettings } from './settings.ts';

const TRADERS = 200;
const IN_FLIGHT = 500;
const DRAIN_MS = 20_000;
const USER = 'user-123';

export async function openHistory(): Promise<Stage> {
  const directory = join(process.cwd(), '.cache', 'bench', `history-${schemaHash()}`);
  if (!existsSync(directory)) {
    const draft = `${directory}.draft`;
    rmSync(draft, { recursive: true, force: true });
    await makeHistory(draft);
    renameSync(draft, directory);
  }
  return { env: { BENCH_HISTORY: directory } };
}

function schemaHash(): string {
  const migrations = join(process.cwd(), 'db', 'migrations');
  const files = readdirSync(migrations).filter((file) => file.endsWith('.sql'));
  const hash = createHash('sha256').update(String(HISTORY_ORDERS));
  for (const file of files.sort()) hash.update(readFileSync(join(migrations, file)));
  return hash.digest('hex').slice(0, 16);
}

async function makeHistory(dataDirectory: string): Promise<void> {
  const ports = await openLivePorts(readSettings({ DATA_DIR: dataDirectory }), quietLog);
  const failed = (reason: string): never => {
    throw new Error(reason);
  };
  const product = openProduct(ports, unlimitedSettings(), { failed, marketEnded: () => undefined });
  await product.start();
  try {
    await fill(product.runtime);
  } finally {
    await product.close(DRAIN_MS);
    await ports.close();
  }
}

async function fill(runtime: Runtime): Promise<void> {
  await Promise.all(Array.from({ length: TRADERS }, (_, index) => runtime.ask(traderOf(index))));
  let next = 0;
  const order = async () => {
    while (next < HISTORY_ORDERS) {
      const { order: view } = await runtime.ask<OrderAnswered>(submitOf(next++));
      if (view?.end !== 'filled') throw new Error(`an order of the history did not fill: ${JSON.stringify(view)}`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, order));
}

const traderOf = (index: number): TraderCreate => ({
  type: 'trader.create',
  traderId: `agent-history-${index}`,
  accountId: `acct-agent-history-${index}`,
  userId: USER,
  name: `History ${index}`,
  by: USER,
  config: { budget: 1_000_000_000, strategy: 'balanced', riskTolerance: 'medium' },
});

/** Every trader buys and sells in turn, so that no position grows. */
const submitOf = (index: number): OrderSubmit => {
  const trader = traderOf(index % TRADERS);
  return {
    type: 'order.submit',
    ticket: {
      orderId: `trade-history-${index}`,
      traderId: trader.traderId,
      accountId: trader.accountId,
      symbol: 'AAPL',
      side: Math.floor(index / TRADERS) % 2 === 0 ? 'buy' : 'sell',
      quantity: '1',
      price: '150',
      orderType: 'market',
      timeInForce: 'GTC',
      exit: false,
      surface: 'scenario',
      userId: USER,
    },
  };
};
