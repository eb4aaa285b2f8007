/** Reads of a product that a stage has opened: as many as it answers, and how long one takes at a fixed rate. */
import { type LoadRequest, type LoadResult, p99Of } from '../load.ts';
import type { Measure } from '../measure.ts';
import { runLoad } from '../product.ts';
import { ORCA_DEFAULTS, ORCA_FRESH, type Reading, readingOf } from '../reading.ts';
import { CALLER } from '../traders.ts';
import { READ_CONNECTIONS, READ_PACE_PER_SECOND, READ_SECONDS, READ_WARM_SECONDS } from '../workloads.ts';

async function read(
  requests: readonly LoadRequest[],
  { seconds = READ_SECONDS, ratePerSecond }: { readonly seconds?: number; readonly ratePerSecond?: number } = {},
): Promise<LoadResult> {
  const url = process.env.BENCH_PRODUCT_URL;
  if (!url) throw new Error('BENCH_PRODUCT_URL names no product');
  const result = await runLoad({
    ...{ url, token: CALLER.token, requests, wanted: { status: 200 } },
    ...{ connections: READ_CONNECTIONS, seconds },
    ...(ratePerSecond !== undefined && { ratePerSecond }),
  });
  const { unsent, ...refused } = result.others;
  if (Object.keys(refused).length > 0) throw new Error(`reads were refused: ${JSON.stringify(refused)}`);
  return result;
}

const traderIds = (): readonly string[] => (process.env.BENCH_TRADERS ?? '').split(',');

export const reads =
  (reading: Reading): Measure =>
  async () =>
    (await read(traderIds().map((id) => readingOf(id, reading)))).perSecond;

/** At the pace, by a process whose code is compiled. */
async function pacedP99Of(requests: readonly LoadRequest[]): Promise<number> {
  await read(requests, { seconds: READ_WARM_SECONDS });
  return p99Of(await read(requests, { ratePerSecond: READ_PACE_PER_SECOND }));
}

/** Both kinds in turn. */
export const readsP99: Measure = async () => {
  const requests = traderIds().flatMap((id) => [readingOf(id, 'agent'), readingOf(id, 'trades')]);
  return pacedP99Of(requests);
};

/** All of orca's reads in turn, as a client that says nothing of caches gets them. */
export const orcaReads: Measure = async () => (await read(ORCA_DEFAULTS)).perSecond;

/** The same, none of them answered from what is known already. */
export const orcaReadsP99: Measure = () => pacedP99Of(ORCA_FRESH);
