/** One product with traders and trades for the reads figures, and the body of one of its answers for whoever is compared with it. */
import type { Stage } from './figures.ts';
import type { LoadRequest } from './load.ts';
import { GENEROUS } from './ours/settings.ts';
import { startProduct } from './product.ts';
import { makeTraders, marketOrders, sendAll } from './traders.ts';
import { READ_TRADERS, READ_TRADES_EACH } from './workloads.ts';

/** What a read asks for: of a trader, or (`orca`) what all futures accounts of the development profile are worth. */
export type Reading = 'agent' | 'trades' | 'orca';
const PATHS: Readonly<Record<Reading, (traderId: string) => string>> = {
  agent: (traderId) => `/api/v1/agents/${traderId}`,
  trades: (traderId) => `/api/v1/agents/${traderId}/trades`,
  orca: () => '/api/v1/trading/balances',
};
export const readingOf = (traderId: string, reading: Reading): LoadRequest => ({
  method: 'GET',
  path: PATHS[reading](traderId),
});

export async function openReading(reading: Reading): Promise<Stage> {
  const product = await startProduct(GENEROUS);
  try {
    const traderIds = await makeTraders(product.url, READ_TRADERS);
    const orders = marketOrders(traderIds);
    const trades = Array.from(
      { length: READ_TRADERS * READ_TRADES_EACH },
      (_, index) => orders[index % orders.length]!,
    );
    await sendAll(product.url, trades, 201);
    const [body] = await sendAll(product.url, [readingOf(traderIds[0]!, reading)], 200);
    return {
      env: {
        BENCH_PRODUCT_URL: product.url,
        BENCH_TRADERS: traderIds.join(','),
        BENCH_BODY: JSON.stringify(body),
      },
      close: () => product.stop(),
    };
  } catch (error) {
    await product.stop();
    throw error;
  }
}
