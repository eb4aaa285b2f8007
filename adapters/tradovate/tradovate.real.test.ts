/** Tradovate over real HTTP and a real WebSocket, against a local server that speaks its protocol: the port's suite and the plain ways. */
import { afterEach, describe, expect, test } from 'vitest';
import { describeVenue } from '../paper/conformance.ts';
import { NEVER } from '../paper/fixtures.ts';
import { connect, futureOrder, openStage, type Stage, type StageOptions } from './testing/stage.ts';

describeVenue(
  'Tradovate',
  async () => {
    const stage = await openStage();
    return { venue: stage.venue, quote: (quote) => stage.local.exchange.quote(quote), close: () => stage.end() };
  },
  { symbol: 'NQZ6', unit: 1, price: 21_000, step: 0.25, decimals: 2 },
);

let stage: Stage;
const start = async (options?: StageOptions): Promise<Stage> => {
  stage = await openStage(options);
  return stage;
};
afterEach(() => stage?.end());
const heard = (count: number) =>
  expect.poll(() => stage.news.length, { timeout: 5_000, interval: 5 }).toBeGreaterThanOrEqual(count);

describe('an order', () => {
  test('says whose it is and that it is automated, in numbers that print what we wrote', async () => {
    const { venue, quote, local } = await start();
    await quote();
    await venue.submit(futureOrder({ orderType: 'limit', price: '20990.75', side: 'buy', quantity: '3' }), NEVER);
    expect(local.placed).toEqual([
      {
        ...{ accountSpec: 'account-1', accountId: 1001, clOrdId: 'order-1', symbol: 'NQZ6', isAutomated: true },
        ...{ action: 'Buy', orderQty: 3, orderType: 'Limit', timeInForce: 'GTC', price: 20990.75 },
      },
    ]);
  });

  test('on another instrument than a dated future is rejected by name, and never leaves', async () => {
    const { venue, local } = await start();
    const reason = async (fields: Parameters<typeof futureOrder>[0]) => {
      const report = await venue.submit(futureOrder({ clientOrderId: JSON.stringify(fields), ...fields }), NEVER);
      expect(report.status).toBe('rejected');
      return report.reason;
    };
    expect(await reason({ symbol: 'EURUSD' })).toBe('EURUSD is no future: Tradovate trades futures only');
    expect(await reason({ symbol: 'NQ' })).toContain('NQ names no contract: TRADOVATE_SYMBOLS');
    expect(await reason({ symbol: 'NQZ26' })).toBe('NQZ26 is traded here as NQZ6');
    expect(await reason({ quantity: '0.5' })).toBe('0.5 is no whole number of contracts');
    expect(await reason({ accountId: 'nobody' })).toContain('Tradovate lists no account nobody');
    expect(local.placed).toEqual([]);
  });

  test('that is taken and rejected at its execution is rejected, with the reason', async () => {
    const { venue, quote, local } = await start();
    await quote();
    local.exchange.rejectNext = 'MaxPosLimitReached';
    expect(await venue.submit(futureOrder({ orderType: 'limit', price: '20000' }), NEVER)).toMatchObject({
      ...{ status: 'rejected', fills: [], reason: 'MaxPosLimitReached: by the test' },
    });
  });

  test('with an id that is too long for Tradovate is found again by the same id, in another life too', async () => {
    const { venue, quote, local } = await start();
    await quote();
    const clientOrderId = 'x'.repeat(100);
    const first = await venue.submit(futureOrder({ clientOrderId }), NEVER);
    expect(first).toMatchObject({ orderId: clientOrderId, status: 'filled' });
    expect(String(local.placed[0]?.clOrdId)).toMatch(/^pw-[0-9a-f]{40}$/);
    const second = await connect(local);
    expect(await second.venue.lookup(clientOrderId, NEVER)).toEqual(first);
    await second.close();
  });
});

describe('accounts and symbols', () => {
  test('of ours are paired with those of Tradovate, both ways', async () => {
    const env = { TRADOVATE_ACCOUNTS: 'acct-desk=account-2', TRADOVATE_SYMBOLS: 'NQ=NQZ6' };
    const { venue, quote, local } = await start({ env });
    await quote();
    const order = futureOrder({ accountId: 'acct-desk', symbol: 'NQ' });
    expect((await venue.submit(order, NEVER)).status).toBe('filled');
    expect(local.placed[0]).toMatchObject({ accountSpec: 'account-2', symbol: 'NQZ6' });
    const { positions } = await venue.snapshot(NEVER);
    expect(positions).toEqual([{ accountId: 'acct-desk', symbol: 'NQ', quantity: '1', averagePrice: '21000.25' }]);
  });

  test('that were opened since the start are found', async () => {
    const { venue, quote, local } = await start();
    await quote();
    await venue.submit(futureOrder(), NEVER);
    local.exchange.addAccount('later');
    const order = futureOrder({ clientOrderId: 'order-2', accountId: 'later' });
    expect((await venue.submit(order, NEVER)).status).toBe('filled');
  });
});

describe('fills', () => {
  test('of parts add up by their ids, told once each state', async () => {
    const { venue, quote, local, news } = await start();
    await quote();
    await venue.submit(futureOrder({ orderType: 'limit', price: '20900', quantity: '3' }), NEVER);
    const order = local.exchange.all('order')[0]!;
    local.exchange.fill(order, 1, 20899.999999999996);
    await heard(1);
    local.exchange.fill(order, 2, 20899.75);
    await heard(2);
    expect(news.map(({ status, fills }) => [status, fills.map(({ quantity, price }) => [quantity, price])])).toEqual([
      ['accepted', [['1', '20900']]],
      [
        'filled',
        [
          ['1', '20900'],
          ['2', '20899.75'],
        ],
      ],
    ]);
    expect(news[1]?.fills[0]).toEqual(news[0]?.fills[0]);
  });
});

describe('the fees of a fill', () => {
  const FEES = { clearingFee: 0.1, exchangeFee: 1.38, nfaFee: 0.02, commission: 0.79, orderRoutingFee: 0 };

  test('are its commission, whatever told of the fill: the answer, the news, or another life', async () => {
    const { venue, quote, local, news } = await start();
    local.exchange.fees = FEES;
    await quote();
    const bought = await venue.submit(futureOrder({ quantity: '2' }), NEVER);
    expect(bought.fills.map(({ commission }) => commission)).toEqual(['4.58']);
    await venue.submit(futureOrder({ clientOrderId: 'order-2', orderType: 'limit', price: '20990' }), NEVER);
    await quote(20_980);
    await heard(1);
    expect(news[0]?.fills.map(({ commission }) => commission)).toEqual(['2.29']);
    const second = await connect(local);
    expect(await second.venue.lookup('order-1', NEVER)).toEqual(bought);
    await second.close();
  });

  test('that are settled late are waited for a moment, and then taken for none, for good', async () => {
    const { venue, quote, local } = await start();
    local.exchange.fees = null;
    await quote();
    const late = venue.submit(futureOrder(), NEVER);
    await expect.poll(() => local.requests.filter((path) => path.includes('fillFee')).length).toBeGreaterThan(0);
    const [fill] = local.exchange.all('fill');
    local.exchange.settleFees(fill?.id ?? 0, 1, FEES);
    expect((await late).fills.map(({ commission }) => commission)).toEqual(['2.29']);
    const never = await venue.submit(futureOrder({ clientOrderId: 'order-2' }), NEVER);
    expect(never).toMatchObject({ status: 'filled', fills: [{ commission: '0' }] });
    local.exchange.settleFees(local.exchange.all('fill')[1]?.id ?? 0, 1, FEES);
    expect(await venue.lookup('order-2', NEVER)).toEqual(never);
  });

  test('that can not be read are read again: a fill is told with them, or later, never without', async () => {
    const { venue, quote, local, news } = await start();
    local.exchange.fees = FEES;
    await quote();
    for (const kind of ['error-before', 'garbage'] as const) local.fault('fillFee/deps', kind);
    const late = await venue.submit(futureOrder(), NEVER);
    expect(late).toMatchObject({ status: 'filled', fills: [{ commission: '2.29' }] });
    for (let n = 0; n < 8; n += 1) local.fault('fillFee/deps', 'error-before');
    const second = await venue.submit(futureOrder({ clientOrderId: 'order-2' }), NEVER);
    expect(second).toMatchObject({ status: 'unresolved', fills: [], reason: expect.stringContaining('fillFee/deps') });
    await heard(1);
    expect(news).toMatchObject([{ orderId: 'order-2', status: 'filled', fills: [{ commission: '2.29' }] }]);
  });
});

describe('a snapshot', () => {
  test("tells foreign orders and accounts, and what they can cost, under Tradovate's own numbers", async () => {
    const { venue, quote, local } = await start();
    await quote();
    const foreign = { accountId: 1002, accountSpec: 'account-2', action: 'Sell', symbol: 'ESZ6', orderQty: 2 } as const;
    await local.exchange.place({ ...foreign, orderType: 'Limit', price: 6000.5, isAutomated: false });
    const { orders } = await venue.snapshot(NEVER);
    expect(orders).toEqual([
      {
        ...{ clientOrderId: expect.stringMatching(/^tradovate:\d+$/), accountId: 'account-2', symbol: 'ESZ6' },
        ...{ side: 'sell', filledQuantity: '0', leavesQuantity: '2', price: '6000.5' },
      },
    ]);
  });

  test('asks only for what is not known: accounts once, and what somebody else has ordered', async () => {
    const { venue, quote, local } = await start();
    await quote();
    const resting = { orderType: 'limit', price: '20900' } as const;
    for (const clientOrderId of ['order-1', 'order-2'])
      await venue.submit(futureOrder({ ...resting, clientOrderId }), NEVER);
    await venue.snapshot(NEVER);
    const asked = async (): Promise<string[]> => {
      const before = local.requests.length;
      await venue.snapshot(NEVER);
      return local.requests.slice(before).map((request) => request.split(' ')[1] ?? '');
    };
    expect((await asked()).filter((path) => /account|command/.test(path))).toEqual([]);
    const foreign = { accountId: 1002, accountSpec: 'account-2', action: 'Sell', symbol: 'ESZ6', orderQty: 2 } as const;
    await local.exchange.place({ ...foreign, orderType: 'Limit', price: 6000.5, isAutomated: false });
    expect((await asked()).filter((path) => path.startsWith('command'))).toEqual(['command/ldeps']);
  });

  test('tells the cash of our accounts: what was paid in, with realised profit, less fees', async () => {
    const { venue, quote, local } = await start({ env: { TRADOVATE_ACCOUNTS: 'acct-desk=account-2' } });
    local.exchange.fees = { exchangeFee: 1.38, commission: 0.79 };
    await quote();
    await venue.submit(futureOrder({ side: 'buy' }), NEVER);
    await quote(21_010);
    const sale = futureOrder({ clientOrderId: 'order-2', side: 'sell', orderType: 'limit', price: '21000' });
    expect((await venue.submit(sale, NEVER)).status).toBe('filled');
    local.exchange.pay(1_002, -100.1);
    // Nine points and three quarters at 20 dollars, less two fees.
    const cash = [
      { accountId: 'account-1', amount: '50190.66' },
      { accountId: 'acct-desk', amount: '49899.9' },
      { accountId: 'account-3', amount: '50000' },
    ];
    expect((await venue.snapshot(NEVER)).cash).toEqual(cash);
    // What euros are worth nobody has told.
    local.exchange.entities.get('cashBalance')?.set(7, { id: 7, accountId: 1_001, currencyId: 2, amount: 5 });
    expect((await venue.snapshot(NEVER)).cash).toEqual(cash.slice(1));
  });

  test('is told without cash to a login that may not see it', async () => {
    const { venue, local } = await start();
    local.fault('cashBalance/list', 'garbage');
    expect(await venue.snapshot(NEVER)).toEqual({ orders: [], positions: [] });
    expect((await venue.snapshot(NEVER)).cash).toHaveLength(3);
  });

  test('that can not be read is refused, never empty', async () => {
    const { venue, local } = await start();
    local.fault('position/list', 'error-before');
    await expect(venue.snapshot(NEVER)).rejects.toThrow('position/list: Tradovate answered 503');
    await expect(venue.snapshot(AbortSignal.abort())).rejects.toThrow();
  });
});
