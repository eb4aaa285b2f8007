/** Traders and their orders through the creto door: what a load needs before it begins. */
import type { LoadRequest } from './load.ts';
import { requestBytes, Wire } from './wire.ts';

export const CALLER = { token: 'test-bearer-token', userId: 'user-123' } as const;

const PREPARING_CONNECTIONS = 16;
/** Quantities differ, so that no two orders of one trader in a row are the same. */
const QUANTITIES = [1, 2, 3, 4, 5, 6, 7];
/** Below the market by less than the price collar: it rests. */
const RESTING_PRICE = 145.5;

/** Sends each request once and resolves with the answers' bodies in their order; throws at any other status. */
export async function sendAll(url: string, requests: readonly LoadRequest[], status: number): Promise<unknown[]> {
  const { hostname, port, host } = new URL(url);
  const answers: unknown[] = [];
  let next = 0;
  const work = async () => {
    const wire = await Wire.open(hostname, Number(port));
    try {
      while (next < requests.length) {
        const index = next++;
        const { method, path, body } = requests[index]!;
        const answer = await wire.send(requestBytes(method, path, host, CALLER.token, body));
        if (answer.status !== status)
          throw new Error(`${method} ${path} was answered with ${answer.status}: ${answer.body}`);
        answers[index] = JSON.parse(answer.body);
      }
    } finally {
      wire.close();
    }
  };
  await Promise.all(Array.from({ length: PREPARING_CONNECTIONS }, work));
  return answers;
}

/** Ids of new traders. */
export async function makeTraders(url: string, count: number): Promise<string[]> {
  const config = { budget: 1_000_000, strategy: 'balanced', riskTolerance: 'medium' };
  const requests = Array.from({ length: count }, (_, index): LoadRequest => {
    const body = { name: `Load ${index}`, type: 'trading', config, userId: CALLER.userId };
    return { method: 'POST', path: '/api/v1/agents', body };
  });
  return (await sendAll(url, requests, 201)).map((trader) => (trader as { readonly id: string }).id);
}

/** Every trader in turn buys at the market, each time another quantity. */
export const marketOrders = (traderIds: readonly string[]): readonly LoadRequest[] =>
  QUANTITIES.flatMap((quantity) => traderIds.map((id) => orderOf(id, { quantity, price: 150, type: 'market' })));

/** The requests that cancel `count` orders, which are made to rest first. */
export async function restingOrders(url: string, traderIds: readonly string[], count: number): Promise<LoadRequest[]> {
  const orders = Array.from({ length: count }, (_, index) => {
    const quantity = QUANTITIES[index % QUANTITIES.length]!;
    return orderOf(traderIds[index % traderIds.length]!, { quantity, price: RESTING_PRICE, type: 'limit' });
  });
  const trades = (await sendAll(url, orders, 201)) as { readonly id: string; readonly status: string }[];
  return trades.map(({ id, status }, index) => {
    if (status !== 'pending') throw new Error(`a resting order was answered as ${status}`);
    return { method: 'DELETE', path: `${orders[index]!.path}/${id}` };
  });
}

const orderOf = (
  traderId: string,
  terms: { readonly quantity: number; readonly price: number; readonly type: 'market' | 'limit' },
): LoadRequest => ({
  method: 'POST',
  path: `/api/v1/agents/${traderId}/trades`,
  body: { symbol: 'AAPL', side: 'buy', ...terms },
});
