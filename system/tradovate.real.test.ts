/** The built product with Tradovate as its venue, against a local server that speaks its protocol: one future, from door to position. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalTradovate, openLocalTradovate, PASSWORD } from '../adapters/tradovate/testing/server.ts';
import { futureQuote } from '../adapters/tradovate/testing/stage.ts';
import { type RunningProduct, startProduct } from '../bench/product.ts';

let local: LocalTradovate;
let product: RunningProduct | undefined;

const env = (): Record<string, string> => ({
  ...{ VENUE: 'tradovate', TRADOVATE_URL: local.url, TRADOVATE_SYMBOLS: 'NQ=NQZ6', TRADOVATE_NAME: 'desk' },
  ...{ TRADOVATE_PASSWORD: PASSWORD, TRADOVATE_CID: '1', TRADOVATE_SECRET: 'secret-of-the-key' },
  // One contract is worth more than what needs no supervisor.
  ...{ AUTONOMOUS_THRESHOLD: '10000000', QUOTA_DAILY_VOLUME: '100000000', RECONCILE_EVERY_S: '1' },
});

beforeAll(async () => {
  local = await openLocalTradovate({ accounts: ['PAAPEX2666680000001'] });
  await local.exchange.quote(futureQuote());
  product = await startProduct(env());
});
afterAll(async () => {
  await product?.stop();
  await local.close();
});

async function call<T>(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: T }> {
  const headers = { authorization: 'Bearer test-bearer-token', 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${product?.url}/api/v1${path}`, { method, headers, ...sent });
  return { status: response.status, body: (await response.json()) as T };
}

interface Trade {
  readonly id: string;
  readonly status: string;
}

interface Books {
  readonly venue: string;
  readonly compared: { readonly positions: number } | null;
  readonly external: unknown;
  readonly findings: unknown;
  readonly outcome: unknown;
  readonly cash: unknown;
}

test('a trader buys one NQ: it is filled at Tradovate, booked here, and both books agree', async () => {
  const { status, body: agent } = await call<{ id: string }>('POST', '/agents', {
    ...{ name: 'Futures', type: 'trading', userId: 'user-123', config: { budget: 1_000_000 } },
  });
  expect({ status, agent }).toMatchObject({ status: 201 });
  // A trader's account is named after it; at Tradovate it is opened under that name.
  local.exchange.addAccount(`acct-${agent.id}`, 1_000_000);
  const trade = { symbol: 'NQ', side: 'buy', type: 'market', price: 21_000, quantity: 1 };
  const answer = await call<Trade>('POST', `/agents/${agent.id}/trades`, trade);
  expect(answer).toMatchObject({ status: 201, body: { symbol: 'NQ' } });
  expect(local.placed.filter(({ accountSpec }) => accountSpec === `acct-${agent.id}`)).toEqual([
    expect.objectContaining({
      ...{ clOrdId: answer.body.id, symbol: 'NQZ6', orderQty: 1, action: 'Buy', isAutomated: true },
    }),
  ]);
  const fill = local.exchange.all('fill')[0];
  expect(fill).toMatchObject({ qty: 1, price: 21_000.25 });
  const { body: listed } = await call<{ trades: Trade[] }>('GET', `/agents/${agent.id}/trades`);
  expect(listed.trades).toMatchObject([{ id: answer.body.id, status: answer.body.status }]);
  const books = async () => {
    const { body } = await call<Books>('GET', '/house/reconciliation');
    return {
      venue: body.venue,
      positions: body.compared?.positions ?? 0,
      external: body.external,
      found: body.findings,
    };
  };
  const agreed = { venue: 'tradovate', positions: 1, external: [], found: 0 };
  await expect.poll(books, { timeout: 30_000, interval: 250 }).toEqual(agreed);
});

test('cash that has gone at Tradovate alone is told, halts nothing, and agrees again when it is back', async () => {
  const account = local.exchange.all('account').find(({ name }) => name === 'PAAPEX2666680000001');
  const books = async () => {
    const { body } = await call<Books>('GET', '/house/reconciliation');
    return { outcome: body.outcome, cash: body.cash };
  };
  const patience = { timeout: 40_000, interval: 250 };
  await expect.poll(books, patience).toEqual({ outcome: 'agrees', cash: [] });
  local.exchange.pay(account?.id ?? 0, -25);
  const apart = { accountId: 'PAAPEX2666680000001', ownAmount: '50000', venueAmount: '49975' };
  await expect.poll(books, patience).toEqual({ outcome: 'differs', cash: [apart] });
  const { body: halts } = await call<{ stops: unknown[] }>('GET', '/emergency-stops');
  expect(JSON.stringify(halts)).not.toContain('reconciliation');
  local.exchange.pay(account?.id ?? 0, 25);
  await expect.poll(books, patience).toEqual({ outcome: 'agrees', cash: [] });
});

test('a start without its password is refused by the names of the settings', async () => {
  const { TRADOVATE_PASSWORD: _left, ...rest } = env();
  await expect(startProduct({ ...rest, TRADOVATE_PASSWORD: '' })).rejects.toThrow('ended before it listened');
});
