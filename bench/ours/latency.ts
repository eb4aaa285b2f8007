/**
 * Latencies on PostgreSQL while orders arrive at a fixed part or multiple of the rate that 128 connections reach. Each is measured from
 * the time at which its request was due to its whole answer. Stops and cancels leave beside the orders, from a process of their own.
 */
import { type LoadRequest, type LoadResult, load, p99Of } from '../load.ts';
import type { Measure } from '../measure.ts';
import type { RunningProduct } from '../product.ts';
import { CALLER, makeTraders, restingOrders } from '../traders.ts';
import { CAPACITY_SECONDS, LATENCY_SECONDS, URGENT_PER_SECOND } from '../workloads.ts';
import { loadOrders, prepareOrders, withPostgres } from './durable.ts';

const CONNECTIONS = 128;
/** At an overload more requests are in flight than one mailbox holds. */
const OVERLOAD_CONNECTIONS = 1_200;
/** Enough that one which waits long doesn't hold up the next. */
const URGENT_CONNECTIONS = 64;
const URGENT_TRADERS = 100;
/** The load has begun before the first stop or cancel leaves, and goes on until the last one is answered. */
const LEAD_MS = 2_000;
const URGENT = URGENT_PER_SECOND * LATENCY_SECONDS;

interface Loaded {
  readonly orders: LoadResult;
  readonly urgent: LoadResult;
}

/** What is urgent is prepared before the load. */
const underLoad = (
  factor: number,
  connections: number,
  prepareUrgent: (product: RunningProduct) => Promise<readonly LoadRequest[]>,
): Promise<Loaded> =>
  withPostgres(async (product) => {
    const requests = await prepareOrders(product);
    const full = await loadOrders(product, { requests, connections: CONNECTIONS, seconds: CAPACITY_SECONDS });
    const urgent = await prepareUrgent(product);
    const seconds = LATENCY_SECONDS + (2 * LEAD_MS) / 1_000;
    const load = { requests, connections, seconds, ratePerSecond: full.perSecond * factor };
    const [orders, answered] = await Promise.all([loadOrders(product, load), urgently(product, urgent)]);
    return { orders, urgent: answered };
  });

async function urgently({ url }: RunningProduct, requests: readonly LoadRequest[]): Promise<LoadResult> {
  await new Promise((resolve) => setTimeout(resolve, LEAD_MS));
  return load({
    url,
    token: CALLER.token,
    requests,
    wanted: { status: 200 },
    connections: URGENT_CONNECTIONS,
    seconds: requests.length / URGENT_PER_SECOND,
    ratePerSecond: URGENT_PER_SECOND,
  });
}

/** Stops of traders that nobody else trades with. */
const stops = async ({ url }: RunningProduct, count = URGENT): Promise<LoadRequest[]> => {
  const traderIds = await makeTraders(url, URGENT_TRADERS);
  return Array.from({ length: count }, (_, index) => {
    const stopped = { scope: 'agent', target_id: traderIds[index % traderIds.length] };
    const body = { reason: 'measured', triggered_by: CALLER.userId, ...stopped };
    return { method: 'POST', path: '/api/v1/emergency-stop', body };
  });
};

const cancels = async ({ url }: RunningProduct, count = URGENT): Promise<LoadRequest[]> =>
  restingOrders(url, await makeTraders(url, URGENT_TRADERS), count);

/** In turn, so that both kinds meet the whole load. */
const both = async (product: RunningProduct): Promise<LoadRequest[]> => {
  const [some, others] = [await stops(product, URGENT / 2), await cancels(product, URGENT / 2)];
  return some.flatMap((stop, index) => [stop, others[index]!]);
};

function urgentP99Of(urgent: LoadResult): number {
  const { unsent: _counted, ...refused } = urgent.others;
  if (Object.keys(refused).length > 0) throw new Error(`some were not done: ${JSON.stringify(refused)}`);
  return p99Of(urgent);
}

export const ordersP99: Measure = async () => p99Of((await underLoad(0.5, CONNECTIONS, both)).orders);
export const stopsP99: Measure = async () => urgentP99Of((await underLoad(0.5, CONNECTIONS, stops)).urgent);
export const cancelsP99: Measure = async () => urgentP99Of((await underLoad(0.5, CONNECTIONS, cancels)).urgent);
/** The part of stops and cancels that was done at twice the rate that can be kept up. */
export const urgentAnswered: Measure = async () => {
  const { counted, others } = (await underLoad(2, OVERLOAD_CONNECTIONS, both)).urgent;
  return counted / Object.values(others).reduce((sum, count) => sum + count, counted);
};
