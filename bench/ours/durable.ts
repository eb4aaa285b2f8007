/**
 * Durable orders through the creto door: an order counts when its answer says `executed`, which leaves only after the commit. With
 * `BENCH_DATABASE_URL` each measurement has a database of its own on that server; without it the embedded one.
 */
import type { LoadOptions, LoadRequest, LoadResult } from '../load.ts';
import type { Measure } from '../measure.ts';
import { withOwnDatabase } from '../own-database.ts';
import { type RunningProduct, runLoad, startProduct } from '../product.ts';
import { CALLER, makeTraders, marketOrders } from '../traders.ts';
import { DURABLE_SECONDS, DURABLE_TRADERS, WARM_CONNECTIONS, WARM_SECONDS } from '../workloads.ts';
import { GENEROUS } from './settings.ts';

async function withProduct<T>(
  work: (product: RunningProduct) => Promise<T>,
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  const product = await startProduct({ ...GENEROUS, ...env });
  try {
    return await work(product);
  } finally {
    await product.stop();
  }
}

export function withPostgres<T>(work: (product: RunningProduct) => Promise<T>): Promise<T> {
  const serverUrl = process.env.BENCH_DATABASE_URL;
  if (!serverUrl) throw new Error('BENCH_DATABASE_URL names no server');
  return withOwnDatabase(serverUrl, (url) => withProduct(work, { DATABASE_URL: url }));
}

/** Orders of many new traders, enough for any load, in a product whose code is compiled: a server is measured as it is after its first minute. */
export async function prepareOrders(product: RunningProduct): Promise<readonly LoadRequest[]> {
  const requests = marketOrders(await makeTraders(product.url, DURABLE_TRADERS));
  await loadOrders(product, { requests, connections: WARM_CONNECTIONS, seconds: WARM_SECONDS });
  return requests;
}

/** Without a rate each connection has one order in flight. */
export async function loadOrders(
  { url }: RunningProduct,
  load: Pick<LoadOptions, 'requests' | 'connections' | 'seconds' | 'ratePerSecond'>,
): Promise<LoadResult> {
  const result = await runLoad({ url, token: CALLER.token, wanted: { status: 201, state: 'executed' }, ...load });
  if (result.counted === 0) throw new Error(`no order was executed: ${JSON.stringify(result.others)}`);
  return result;
}

const loadWith = (connections: number, seconds: number) => async (product: RunningProduct) =>
  loadOrders(product, { requests: await prepareOrders(product), connections, seconds });

/** On PostgreSQL, in a database of its own. */
export const durableLoad = (connections: number, seconds: number): Promise<LoadResult> =>
  withPostgres(loadWith(connections, seconds));

export const durableOrders =
  (connections: number): Measure =>
  async () =>
    (await durableLoad(connections, DURABLE_SECONDS)).perSecond;
export const embeddedOrders =
  (connections: number): Measure =>
  async () =>
    (await withProduct(loadWith(connections, DURABLE_SECONDS))).perSecond;
