/** Orca's reads: whose accounts, in whose words, how old. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { PortfolioAnswered, PortfolioGet } from '../../messages/account.ts';
import { FakeHouse, START } from '../testing/fake-house.ts';
import { accountRow, orderRow, World } from '../testing/samples.ts';

let world: World;
let asked: string[] = [];
let token = '';

async function tokenFor(...accounts: string[]): Promise<string> {
  const client = { clientId: 'desk', secret: '', sub: 'user-456', roles: ['trader'] as const, accounts };
  return (await world.tokens.issue(client)).token;
}

beforeEach(async () => {
  asked = [];
  const house = new FakeHouse().on<PortfolioGet>('portfolio.get', ({ accountId }) => {
    asked.push(accountId);
    const answer: PortfolioAnswered = {
      ...{ type: 'portfolio.answered', accountId, found: true, positions: [] },
      ...{ cash: '8000', equity: '50125.004', unrealizedPnl: '125', realizedPnl: '200' },
    };
    return answer;
  });
  house.accounts.push(
    accountRow(),
    accountRow({ id: 'PAAPEX3', name: 'PAAPEX3', venueId: 'D3', sequence: 2 }),
    accountRow({ id: 'demo-fx', name: 'demo-fx', venueId: 'demo-fx', venue: 'house', sequence: 3 }),
  );
  const position = { open: true, updatedAt: START };
  house.positions.push(
    { id: 'PAAPEX1/MNQ', accountId: 'PAAPEX1', symbol: 'MNQ', quantity: '2', cost: '84002', ...position },
    { id: 'PAAPEX3/NQZ25', accountId: 'PAAPEX3', symbol: 'NQZ25', quantity: '-1', cost: '-420000', ...position },
  );
  house.quotes.set('MNQ', {
    type: 'market.quote',
    symbol: 'MNQ',
    bid: 21_030,
    ask: 21_032,
    last: 21_031,
    simulated: true,
  });
  house.orders.set(
    'run-1',
    orderRow({ id: 'run-1', accountId: 'PAAPEX1', symbol: 'MNQ', quantity: '3', filledQuantity: '1', price: '21000' }),
  );
  house.orders.set(
    'run-2',
    orderRow({ id: 'run-2', accountId: 'PAAPEX3', symbol: 'ES', side: 'sell', orderType: 'market', status: 'held' }),
  );
  world = new World(house);
  token = await tokenFor('PAAPEX1', 'D3', 'demo-fx');
});

async function read(path: string, status = 200, as = token): Promise<Record<string, unknown>> {
  const answer = await world.call('GET', `/api/v1/trading/${path}`, { as });
  expect([answer.status, answer.text]).toEqual([status, expect.anything()]);
  return answer.body as Record<string, unknown>;
}

describe('accounts', () => {
  it('are the futures accounts that the token allows, by name or by the id of the venue', async () => {
    const accounts = [
      { name: 'PAAPEX1', id: 'D1', active: true },
      { name: 'PAAPEX3', id: 'D3', active: true },
    ];
    expect(await read('accounts')).toEqual({ accounts, count: 2, cached: false, timestamp: START / 1_000 });
    expect(await read('accounts', 200, await tokenFor('D3'))).toMatchObject({ accounts: [accounts[1]], count: 1 });
  });

  it('of others are refused, and nobody learns whether they exist', async () => {
    const own = await tokenFor('PAAPEX1');
    for (const name of ['PAAPEX3', 'D3', 'nobody'])
      expect(await read(`positions?account_ids=D1,${name}`, 403, own)).toEqual({
        detail: `The token does not allow account ${name}`,
        status_code: 403,
      });
    expect(await read('accounts?account_name=PAAPEX3', 403, own)).toMatchObject({ status_code: 403 });
    expect(await read('accounts?account_name=nobody', 404, 'test-bearer-token')).toEqual({
      detail: "Account with id 'nobody' not found",
      status_code: 404,
    });
  });

  it('need a token', async () => {
    expect(await read('accounts', 401, '')).toMatchObject({ status_code: 401 });
  });
});

describe('positions and orders', () => {
  it('follow the price, their fills and the roll of their contract, read after read', async () => {
    const { house } = world;
    const seen = async () => {
      const { positions } = await read('positions?account_ids=D1');
      const [{ quantity, unrealized_pnl, instrument }] = positions as [Record<string, unknown>];
      return [quantity, unrealized_pnl, instrument];
    };
    expect([await seen(), await seen()]).toEqual(Array.from({ length: 2 }, () => [2, 122, 'MNQZ6']));
    const quote = house.quotes.get('MNQ');
    if (quote) house.quotes.set('MNQ', { ...quote, last: 21_041 });
    expect(await seen()).toEqual([2, 162, 'MNQZ6']);
    const [row] = house.positions;
    if (row) house.positions[0] = { ...row, quantity: '1', cost: '42001' };
    expect(await seen()).toEqual([1, 81, 'MNQZ6']);
    // Tokens end long before a contract does.
    house.advance(31 * 86_400_000);
    token = await tokenFor('PAAPEX1');
    expect(await seen()).toEqual([1, 81, 'MNQZ6']);
    house.advance(31 * 86_400_000);
    token = await tokenFor('PAAPEX1');
    expect(await seen()).toEqual([1, 81, 'MNQH7']);
  });

  it('are written as orca writes them', async () => {
    expect(await read('positions?account_ids=D1')).toMatchObject({
      positions: [
        {
          ...{ id: 'PAAPEX1/MNQ', account_id: 'D1', instrument: 'MNQZ6', quantity: 2, side: 'long' },
          ...{ avg_price: 21_000.5, unrealized_pnl: 122 },
        },
      ],
      count: 1,
    });
    // Nobody quotes the dated contract here: it counts at what it cost.
    expect(await read('positions?account_ids=D3')).toMatchObject({
      positions: [{ instrument: 'NQZ5', quantity: 1, side: 'short', avg_price: 21_000, unrealized_pnl: 0 }],
    });
    expect(await read('orders/pending')).toMatchObject({
      orders: [
        {
          ...{ order_id: 'run-1', account_id: 'D1', instrument: 'MNQZ6', side: 'Buy', quantity: 2, price: 21_000 },
          ...{ status: 'Working', order_type: 'Limit' },
        },
        { order_id: 'run-2', side: 'Sell', status: 'Queued', order_type: 'Market' },
      ],
      count: 2,
    });
    expect(await read('positions/ids')).toMatchObject({ position_ids: ['PAAPEX1/MNQ', 'PAAPEX3/NQZ25'], count: 2 });
    expect(await read('orders/pending/ids?account_ids=D1')).toMatchObject({ order_ids: ['run-1'], count: 1 });
  });
});

describe('balances', () => {
  it('add up: what was paid in, the realised profit, the open one', async () => {
    expect(await read('balances?account_ids=D1')).toEqual({
      balances: [
        {
          ...{ account_id: 'D1', account_name: 'PAAPEX1', balance: 50_000, net_liquidating_value: 50_125 },
          ...{ cash_balance: 49_800, open_pl: 125, realized_pl: 200 },
        },
      ],
      ...{ total_balance: 50_125, count: 1, cached: false, timestamp: START / 1_000 },
    });
    expect(await read('balances')).toMatchObject({ total_balance: 100_250, count: 2 });
  });

  it('are known for two seconds, and then are two seconds old at most', async () => {
    await read('balances');
    world.house.advance(1_999);
    expect(await read('balances')).toMatchObject({ cached: true, timestamp: START / 1_000 });
    expect(asked).toHaveLength(2);
    world.house.advance(1);
    expect(await read('balances')).toMatchObject({ cached: false, timestamp: START / 1_000 + 2 });
    expect(asked).toHaveLength(4);
  });
});

describe('what is known already', () => {
  it('is given by default for accounts and balances, for the others when it is asked for', async () => {
    for (const path of ['accounts', 'balances', 'positions', 'orders/pending']) await read(path);
    const cached = async (path: string) => (await read(path)).cached;
    expect(await Promise.all(['accounts', 'balances', 'positions', 'orders/pending'].map(cached))).toEqual([
      ...[true, true, false, false],
    ]);
    expect(await cached('accounts?use_cache=false')).toBe(false);
    expect(await cached('positions?use_cache=1')).toBe(true);
    expect(await cached('positions/ids?use_cache=yes')).toBe(true);
    world.house.advance(1_000);
    expect(await cached('positions?use_cache=true')).toBe(false);
    world.house.advance(298_999);
    expect(await cached('accounts')).toBe(true);
    world.house.advance(1_000);
    expect(await cached('accounts')).toBe(false);
  });

  it('is never given to another caller or for another question', async () => {
    await read('accounts');
    expect(await read('accounts', 200, await tokenFor('D3'))).toMatchObject({ cached: false, count: 1 });
    expect(await read('accounts', 200, 'test-bearer-token')).toMatchObject({ cached: false });
    await read('positions');
    expect(await read('positions?use_cache=true&account_ids=D3')).toMatchObject({ cached: false, count: 1 });
  });
});

describe('the snapshot', () => {
  it('has every part that was asked for, and says how long it took', async () => {
    const whole = await read('batch/snapshot');
    expect(Object.keys(whole)).toEqual(['accounts', 'positions', 'orders', 'balances', 'metadata']);
    expect(whole).toMatchObject({ accounts: { count: 2 }, orders: { count: 2 }, balances: { total_balance: 100_250 } });
    expect(whole.metadata).toEqual({
      ...{ response_time_ms: 0, timestamp: START / 1_000, datetime: '2026-11-02T12:00:00.000Z' },
    });
    const some = await read('batch/snapshot?include_accounts=false&include_balances=0&account_ids=D1');
    expect(Object.keys(some)).toEqual(['positions', 'orders', 'metadata']);
  });
});

describe('a question that is not valid', () => {
  it('is 422 and says which part of it', async () => {
    expect(await read('positions?use_cache=maybe', 422)).toEqual({
      detail: 'use_cache: Must be true or false',
      status_code: 422,
    });
    expect(await read('positions?account_ids=D1&account_ids=D3', 422)).toMatchObject({ status_code: 422 });
  });

  it('is 405 with a wrong method and 503 while the house starts', async () => {
    const wrong = await world.call('POST', '/api/v1/trading/accounts', { as: token });
    expect([wrong.status, wrong.body]).toEqual([405, { detail: 'POST is not allowed here', status_code: 405 }]);
    world.house.present = 'starting';
    expect(await read('accounts', 503)).toMatchObject({ detail: 'The service is starting' });
  });
});

describe('health', () => {
  it('is told to everybody, with and without the last slash', async () => {
    for (const path of ['/api/health/', '/api/health'])
      expect((await world.call('GET', path, { as: '' })).body).toEqual({
        status: 'healthy',
        timestamp: '2026-11-02T12:00:00.000Z',
      });
    expect(await read('health', 200, '')).toEqual({
      ...{ status: 'healthy', timestamp: START / 1_000, datetime: '2026-11-02T12:00:00.000Z' },
      ...{ checks: { redis: 'healthy', broker: 'healthy' }, response_time_ms: 0 },
    });
  });

  it('is degraded without Redis and unhealthy without the broker', async () => {
    const { wellbeing } = world.house;
    const dependencies = { ...wellbeing.dependencies, messageBroker: 'unhealthy' } as const;
    world.house.wellbeing = { ...wellbeing, dependencies };
    expect(await read('health')).toMatchObject({ status: 'degraded', checks: { redis: 'unhealthy' } });
    const broker = { name: 'paper', serves: 'orders', state: 'unhealthy', simulated: true } as const;
    world.house.wellbeing = { ...wellbeing, providers: [...wellbeing.providers, broker] };
    expect(await read('health', 503)).toMatchObject({ status: 'unhealthy', checks: { broker: 'unhealthy' } });
  });
});
