/**
 * Our side of the figures. A figure without an entry here is reported as not measured. Figures through the product's door start
 * the built product and count what its contract answers; `BENCH_DATABASE_URL` names the server that the reference uses too.
 */
import type { Side } from './measure.ts';
import { isBuilt, runLoad, startProduct } from './product.ts';
import { DURABLE_SECONDS, READ_CONNECTIONS, READ_SECONDS } from './workloads.ts';

const CALLER = { token: 'test-bearer-token', userId: 'user-123' };
const TRADERS = 1_000;
const GENEROUS = { QUOTA_DAILY_TRADES: '1000000', QUOTA_DAILY_VOLUME: '1000000000' };

async function durableOrders(connections: number): Promise<number> {
  const databaseUrl = process.env.BENCH_DATABASE_URL;
  if (!databaseUrl) throw new Error('BENCH_DATABASE_URL names no server');
  const product = await startProduct({ ...GENEROUS, DATABASE_URL: databaseUrl });
  try {
    const load = {
      ...CALLER,
      url: product.url,
      kind: 'trades',
      connections,
      traders: TRADERS,
      seconds: DURABLE_SECONDS,
    } as const;
    const result = await runLoad(load);
    if (result.counted === 0) throw new Error(`no order was executed: ${JSON.stringify(result.others)}`);
    return result.perSecond;
  } finally {
    await product.stop();
  }
}

async function reads(): Promise<number> {
  const product = await startProduct();
  try {
    const load = {
      ...CALLER,
      url: product.url,
      kind: 'reads',
      connections: READ_CONNECTIONS,
      traders: TRADERS,
      seconds: READ_SECONDS,
    } as const;
    return (await runLoad(load)).perSecond;
  } finally {
    await product.stop();
  }
}

async function startUp(): Promise<number> {
  const product = await startProduct();
  await product.stop();
  return product.startMs;
}

const throughTheDoor: Side = {
  'durable-orders-32': () => durableOrders(32),
  'durable-orders-128': () => durableOrders(128),
  reads,
  'start-up': startUp,
};

export const ours: Side = isBuilt() ? throughTheDoor : {};
