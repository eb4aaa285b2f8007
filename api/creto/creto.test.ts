/** The creto contract through its public door: shapes, statuses, ownership and paging. */
import { describe, expect, it } from 'vitest';
import type { OrderView } from '../../messages/common.ts';
import type { OrderSubmit } from '../../messages/order.ts';
import type { TraderCreate } from '../../messages/trader.ts';
import { HouseError } from '../kit/house.ts';
import { START } from '../testing/fake-house.ts';
import { approvalRow, BODY, filledRow, haltRow, orderRow, traderRow, viewOf, World } from '../testing/samples.ts';
import {
  agent,
  agentDetails,
  agentList,
  cancelledTrade,
  heldTrade,
  quotaStatus,
  trade,
  tradeList,
  usageSummary,
} from './schemas.ts';

const CREATE = { name: ' Demo ', type: 'trading', config: { budget: 100_000 }, userId: 'user-456' };
const reset = START + 43_200_000;
const quotaAnswer = (usedTrades = '45') => ({
  type: 'quota.answered',
  traderId: 'agent-1',
  found: true,
  trades: { limit: '100', used: usedTrades, resetAt: reset },
  volume: { limit: '500000', used: '495000', resetAt: reset },
  budget: { limit: '100000', used: '25000', resetAt: reset },
});

async function withTrader() {
  const world = new World();
  world.house.traders.set('agent-1', traderRow());
  const submitted = (over: Partial<OrderView>) =>
    world.house.on<OrderSubmit>(
      'order.submit',
      (message) =>
        ({
          type: 'order.answered',
          orderId: message.ticket.orderId,
          order: viewOf(message, over),
        }) as never,
    );
  return {
    world,
    submitted,
    owner: await world.token('user-456', 'trader'),
    foreign: await world.token('user-9', 'trader'),
  };
}
const denied = (code: string, kind: string, numbers = {}): Partial<OrderView> => ({
  status: 'ended',
  end: 'denied',
  denial: { code, class: kind, explanation: 'No.', numbers } as OrderView['denial'] & object,
});

describe('agents', () => {
  it('are created with an account of their own and read at once', async () => {
    const world = new World();
    world.house.on<TraderCreate>('trader.create', ({ traderId, accountId, name, userId }) => {
      world.house.traders.set(traderId, traderRow({ id: traderId, accountId, name, userId }));
      return { type: 'trader.answered' };
    });
    const { status, body } = await world.call('POST', '/api/v1/agents', { body: CREATE });
    expect(status).toBe(201);
    expect(agent.strict().parse(body)).toMatchObject({
      id: expect.stringMatching(/^agent-[0-9a-f-]{36}$/),
      name: 'Demo',
      status: 'active',
      config: { budget: 100_000, strategy: 'balanced', riskTolerance: 'medium' },
    });
    expect(world.house.asked[0]).toMatchObject({ by: 'user-123', accountId: expect.stringMatching(/^acct-agent-/) });
  });
  it('can be created for oneself only, unless by an admin or a service', async () => {
    const { world, foreign } = await withTrader();
    const reply = await world.call('POST', '/api/v1/agents', { as: foreign, body: CREATE });
    expect(reply).toMatchObject({ status: 403, code: 'INSUFFICIENT_PERMISSIONS' });
  });
  it('show their portfolio in the contract spelling', async () => {
    const { world, owner } = await withTrader();
    const position = { currentPrice: '66000', unrealizedPnl: '1000', realizedPnl: '0', averagePrice: '65000' };
    world.house.on(
      'portfolio.get',
      () =>
        ({
          type: 'portfolio.answered',
          equity: '102500',
          positions: [
            { symbol: 'BTCUSD', quantity: '1', ...position },
            { symbol: 'AAPL', quantity: '0', ...position },
          ],
        }) as never,
    );
    const { status, body } = await world.call('GET', '/api/v1/agents/agent-1/', { as: owner });
    expect(status).toBe(200);
    expect(agentDetails.strict().parse(body).portfolio).toEqual({
      totalValue: 102_500,
      positions: [{ symbol: 'BTC/USD', quantity: 1, averagePrice: 65_000, currentPrice: 66_000, unrealizedPnL: 1_000 }],
    });
  });
  it('are refused field by field, a body that is no JSON as the field without a name', async () => {
    const { status, body } = await new World().call('POST', '/api/v1/agents', { body: '{"name":' });
    const message = 'Body is not valid JSON';
    const details = [{ field: '', message }];
    expect({ status, body }).toEqual({ status: 400, body: { error: { code: 'VALIDATION_ERROR', message, details } } });
  });
  it('are listed for their owner, and all of them for a supervisor', async () => {
    const { world, owner, foreign } = await withTrader();
    world.house.traders.set('agent-2', traderRow({ id: 'agent-2', userId: 'user-9', status: 'winding-down' }));
    world.house.traders.set('agent-3', traderRow({ id: 'agent-3', userId: 'user-9', status: 'terminated' }));
    const list = async (as: string, query = '') =>
      agentList.strict().parse((await world.call('GET', `/api/v1/agents${query}`, { as })).body);
    expect((await list(owner)).agents.map(({ id }) => id)).toEqual(['agent-1']);
    expect((await list(foreign, '?status=active')).agents).toMatchObject([{ id: 'agent-2', status: 'active' }]);
    expect((await list(foreign, '?status=terminated')).total).toBe(1);
    expect(await list(await world.token('boss', 'supervisor'), '?limit=2')).toMatchObject({
      total: 3,
      hasMore: true,
      nextPage: 2,
    });
  });
  it('of others do not exist, on any route', async () => {
    const { world, foreign } = await withTrader();
    world.house.orders.set('trade-1', orderRow());
    for (const [method, path, body] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/trades'],
      ['POST', '/trades', BODY],
      ['DELETE', '/trades/trade-1'],
      ['GET', '/usage'],
      ['GET', '/quota'],
    ] as const) {
      const reply = await world.call(method, `/api/v1/agents/agent-1${path}`, { as: foreign, body });
      expect(reply).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    }
    const requests = await world.call('GET', '/api/v1/oversight/requests?agentId=agent-1', { as: foreign });
    expect(requests.status).toBe(404);
    expect(world.house.asked).toEqual([]);
  });
  it.each([
    [{ outcome: 'terminated' }, 204, undefined],
    [{ outcome: 'pending-trades', pendingTrades: 3 }, 409, 'AGENT_HAS_PENDING_TRADES'],
    [{ outcome: 'close-failed', reason: 'no quote' }, 503, 'EXTERNAL_SERVICE_ERROR'],
    [{ outcome: 'not-found' }, 404, 'NOT_FOUND'],
  ])('answer a termination by its outcome %o', async (answer, status, code) => {
    const { world, owner } = await withTrader();
    world.house.on('trader.terminate', () => ({ type: 'trader.answered', ...answer }));
    expect(await world.call('DELETE', '/api/v1/agents/agent-1', { as: owner })).toMatchObject({ status, code });
  });
  it('that are terminated stay terminated when asked again', async () => {
    const { world, owner } = await withTrader();
    world.house.traders.set('agent-1', traderRow({ status: 'terminated' }));
    expect((await world.call('DELETE', '/api/v1/agents/agent-1', { as: owner })).status).toBe(204);
  });
  it('that are terminated are told to be that, not unknown: to who orders for them and to who asks for their quota', async () => {
    const { world, owner, submitted } = await withTrader();
    world.house.traders.set('agent-1', traderRow({ status: 'terminated' }));
    submitted(denied('TRADER_INACTIVE', 'permission', { status: 'unknown' }));
    const order = await world.call('POST', '/api/v1/agents/agent-1/trades', { as: owner, body: BODY });
    expect(order).toMatchObject({ status: 403, code: 'ORDER_DENIED' });
    expect(order.body).toMatchObject({
      error: {
        message: 'Agent agent-1 is terminated.',
        details: { reason: 'TRADER_INACTIVE', status: 'terminated' },
      },
    });
    const quota = await world.call('GET', '/api/v1/agents/agent-1/quota', { as: owner });
    expect(quota).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(quota.body).toMatchObject({ error: { message: expect.stringContaining('is terminated') } });
  });
  it('can be looked at by a supervisor, but not acted for', async () => {
    const { world } = await withTrader();
    const boss = await world.token('boss', 'supervisor');
    expect((await world.call('GET', '/api/v1/agents/agent-1/trades', { as: boss })).status).toBe(200);
    expect((await world.call('POST', '/api/v1/agents/agent-1/trades', { as: boss, body: BODY })).status).toBe(403);
  });
});

describe('submitting a trade', () => {
  const submit = (world: World, as: string, body: object = BODY) =>
    world.call('POST', '/api/v1/agents/agent-1/trades', { as, body });

  it('that fills is 201 executed', async () => {
    const { world, submitted, owner } = await withTrader();
    submitted({ status: 'ended', end: 'filled', executedAt: START + 2_000, filledQuantity: '10.5' });
    const { status, body } = await submit(world, owner, { ...BODY, symbol: 'btc/usd', quantity: 10.5 });
    expect(status).toBe(201);
    expect(trade.strict().parse(body)).toMatchObject({
      agentId: 'agent-1',
      symbol: 'BTC/USD',
      quantity: 10.5,
      amount: 15_000,
      status: 'executed',
      executedAt: '2026-11-02T12:00:02.000Z',
    });
    expect(world.house.asked[0]).toMatchObject({
      ticket: {
        symbol: 'BTCUSD',
        quantity: '10.5',
        price: '150',
        accountId: 'acct-agent-1',
        timeInForce: 'GTC',
        userId: 'user-456',
      },
    });
  });
  it.each([
    [{ status: 'working' }, 'pending'],
    [{ status: 'unresolved' }, 'pending'],
    [{ status: 'ended', end: 'canceled', filledQuantity: '40', endedAt: START }, 'cancelled'],
    [{ status: 'ended', end: 'rejected', reason: 'too late' }, 'failed'],
  ] as const)('that becomes %o is 201 %s', async (over, status) => {
    const { world, submitted, owner } = await withTrader();
    submitted(over);
    const reply = await submit(world, owner);
    expect(reply.status).toBe(201);
    expect(trade.strict().parse(reply.body).status).toBe(status);
  });
  it('that waits for a person is 202 with its request', async () => {
    const { world, submitted, owner } = await withTrader();
    submitted({ status: 'held', requestId: 'req-1', requestReason: 'Trade amount …', requestedAt: START });
    const { status, body } = await submit(world, owner);
    expect(status).toBe(202);
    expect(heldTrade.strict().parse(body)).toMatchObject({
      trade: { status: 'pending_approval' },
      oversightRequest: { id: 'req-1', reason: 'Trade amount …' },
    });
  });
  it.each([
    [denied('HALTED', 'halt'), 423, 'TRADING_HALTED'],
    [denied('MAX_POSITION_SIZE', 'limit'), 400, 'VALIDATION_ERROR'],
    [denied('PRICE_TICK', 'terms'), 400, 'VALIDATION_ERROR'],
    [denied('PRICE_COLLAR', 'limit', { limit: '0.1' }), 403, 'ORDER_DENIED'],
    [denied('DUPLICATE_ORDER', 'duplicate'), 403, 'ORDER_DENIED'],
    [denied('STALE_DATA', 'data'), 403, 'ORDER_DENIED'],
    [denied('TRADER_INACTIVE', 'permission'), 403, 'ORDER_DENIED'],
    [denied('NO_LIMIT_CONFIGURED', 'quota'), 403, 'ORDER_DENIED'],
    [denied('GATE_UNAVAILABLE', 'unavailable'), 503, 'EXTERNAL_SERVICE_ERROR'],
    [denied('QUOTA_VOLUME', 'quota'), 403, 'QUOTA_EXCEEDED'],
  ])('that is denied says why by its class: %o', async (over, status, code) => {
    const { world, submitted, owner } = await withTrader();
    submitted(over);
    world.house.on('quota.get', () => quotaAnswer());
    expect(await submit(world, owner)).toMatchObject({ status, code });
  });
  it('that times out is told as far as it is known', async () => {
    const { world, owner } = await withTrader();
    world.house.on<OrderSubmit>('order.submit', () => Promise.reject(new HouseError('timeout', 'late')));
    expect((await submit(world, owner)).status).toBe(503);
    world.house.on<OrderSubmit>('order.submit', ({ ticket }) => {
      world.house.orders.set(ticket.orderId, orderRow({ id: ticket.orderId, status: 'sending' }));
      return Promise.reject(new HouseError('timeout', 'late'));
    });
    expect(await submit(world, owner)).toMatchObject({ status: 201, body: { status: 'pending' } });
  });
  it('that a stop overtakes is 423 as well', async () => {
    const { world, submitted, owner } = await withTrader();
    submitted({ status: 'ended', end: 'canceled', endedAt: START });
    expect((await submit(world, owner)).status).toBe(201);
    world.house.haltRows.set('stop-1', haltRow({ scope: 'agent', targetId: 'agent-2' }));
    expect((await submit(world, owner)).status).toBe(201);
    world.house.haltRows.set('stop-2', haltRow({ id: 'stop-2', scope: 'account', targetId: 'acct-agent-1' }));
    expect(await submit(world, owner)).toMatchObject({ status: 423, code: 'TRADING_HALTED' });
  });
  it('beyond a quota takes the numbers of the denial', async () => {
    const { world, submitted, owner } = await withTrader();
    const numbers = { requestedAmount: '1', remainingQuota: '0', quotaLimit: '100', resetAt: String(reset) };
    submitted(denied('QUOTA_TRADES', 'quota', numbers));
    expect((await submit(world, owner)).body).toMatchObject({
      error: {
        details: { requestedAmount: 1, remainingQuota: 0, quotaLimit: 100, resetAt: '2026-11-03T00:00:00.000Z' },
      },
    });
  });
  it('beyond a quota tells what is left', async () => {
    const { world, submitted, owner } = await withTrader();
    submitted(denied('QUOTA_VOLUME', 'quota'));
    world.house.on('quota.get', () => quotaAnswer());
    expect((await submit(world, owner)).body).toMatchObject({
      error: {
        message: 'Trade would exceed daily quota',
        details: {
          requestedAmount: 15_000,
          remainingQuota: 5_000,
          quotaLimit: 500_000,
          resetAt: '2026-11-03T00:00:00.000Z',
        },
      },
    });
  });
  it('with an unknown symbol is an error on its field', async () => {
    const { world, owner } = await withTrader();
    const { status, body } = await submit(world, owner, { ...BODY, symbol: 'NOPE' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { details: [{ field: 'symbol' }] } });
  });
});

describe('the list of trades', () => {
  it('has the newest first, in pages', async () => {
    const { world, owner } = await withTrader();
    for (let n = 1; n <= 45; n += 1) world.house.orders.set(`trade-${n}`, filledRow({ id: `trade-${n}`, sequence: n }));
    world.house.orders.set('hidden', orderRow({ id: 'hidden', listed: false }));
    const page = async (query: string) =>
      tradeList.strict().parse((await world.call('GET', `/api/v1/agents/agent-1/trades${query}`, { as: owner })).body);
    const first = await page('');
    expect(first).toMatchObject({ total: 45, page: 1, limit: 20, hasMore: true, nextPage: 2 });
    expect(first.trades[0]?.id).toBe('trade-45');
    const last = await page('?page=3');
    expect(last).toMatchObject({ page: 3, hasMore: false });
    expect(last).not.toHaveProperty('nextPage');
    expect(last.trades).toHaveLength(5);
  });
  it('is filtered by status, symbol and date', async () => {
    const { world, owner } = await withTrader();
    const rows = [
      orderRow({ id: 'a' }),
      orderRow({ id: 'b', status: 'held', symbol: 'BTCUSD' }),
      filledRow({ id: 'c', submittedAt: START + 86_400_000 }),
      orderRow({ id: 'd', status: 'ended', end: 'expired' }),
      orderRow({ id: 'e', status: 'ended', end: 'failed' }),
    ];
    for (const row of rows) world.house.orders.set(row.id, row);
    const ids = async (query: string) => {
      const { body } = await world.call('GET', `/api/v1/agents/agent-1/trades?${query}`, { as: owner });
      return tradeList.parse(body).trades.map(({ id }) => id);
    };
    expect(await ids('status=pending')).toEqual(['a']);
    expect(await ids('status=pending_approval')).toEqual(['b']);
    expect(await ids('status=executed')).toEqual(['c']);
    expect(await ids('status=cancelled')).toEqual(['d']);
    expect(await ids('status=failed')).toEqual(['e']);
    expect(await ids('symbol=BTC%2FUSD')).toEqual(['b']);
    expect(await ids('startDate=2026-11-03')).toEqual(['c']);
    expect(await ids('endDate=2026-11-03T00:00:00Z&status=executed')).toEqual([]);
  });
  it.each([
    'limit=101',
    'limit=0',
    'page=0',
    'page=x',
    'page=1.5',
    'limit=-1',
    'status=done',
    'startDate=soon',
    'page=1&page=2',
  ])('refuses %s', async (query) => {
    const { world, owner } = await withTrader();
    const reply = await world.call('GET', `/api/v1/agents/agent-1/trades?${query}`, { as: owner });
    expect(reply).toMatchObject({ status: 400, code: 'VALIDATION_ERROR' });
  });
});

describe('cancelling a trade', () => {
  const cancel = (world: World, as: string, id = 'trade-1') =>
    world.call('DELETE', `/api/v1/agents/agent-1/trades/${id}`, { as });

  it('that rests or waits for approval is 200', async () => {
    const { world, owner } = await withTrader();
    world.house.orders.set('trade-1', orderRow({ status: 'held' }));
    world.house.on(
      'order.cancel',
      () =>
        ({
          type: 'order.cancel-answered',
          outcome: 'canceled',
          order: {
            ...orderRow(),
            orderId: 'trade-1',
            status: 'ended',
            end: 'canceled',
            endedAt: START,
            executedAt: undefined,
          },
        }) as never,
    );
    const { status, body } = await cancel(world, owner);
    expect(status).toBe(200);
    expect(cancelledTrade.strict().parse(body)).toEqual({
      id: 'trade-1',
      status: 'cancelled',
      cancelledAt: '2026-11-02T12:00:00.000Z',
    });
  });
  it.each([
    [filledRow(), 409, 'CANNOT_CANCEL_EXECUTED_TRADE'],
    [orderRow({ status: 'ended', end: 'failed' }), 409, 'TRADE_ALREADY_FAILED'],
    [orderRow({ status: 'ended', end: 'canceled', endedAt: START }), 200, undefined],
    [orderRow({ listed: false }), 404, 'NOT_FOUND'],
    [orderRow({ traderId: 'agent-2' }), 404, 'NOT_FOUND'],
  ])('that has ended is answered by its end', async (row, status, code) => {
    const { world, owner } = await withTrader();
    world.house.orders.set('trade-1', row);
    expect(await cancel(world, owner)).toMatchObject({ status, code });
    expect(world.house.asked).toEqual([]);
  });
  it('that fills meanwhile is 409, and one that nobody can tell of is 503', async () => {
    const { world, owner } = await withTrader();
    world.house.orders.set('trade-1', orderRow());
    world.house.on('order.cancel', () => {
      world.house.orders.set('trade-1', filledRow());
      return { type: 'order.cancel-answered', outcome: 'already-ended', order: null } as never;
    });
    expect(await cancel(world, owner)).toMatchObject({ status: 409, code: 'CANNOT_CANCEL_EXECUTED_TRADE' });
    world.house.orders.set('trade-2', orderRow({ id: 'trade-2' }));
    world.house.on(
      'order.cancel',
      () => ({ type: 'order.cancel-answered', outcome: 'unresolved', order: null }) as never,
    );
    expect((await cancel(world, owner, 'trade-2')).status).toBe(503);
  });
});

describe('metering', () => {
  it('sums a period and adds calls that are not handed over yet', async () => {
    const { world, owner } = await withTrader();
    const order = { side: 'buy', symbol: 'BTCUSD', orderType: 'market', status: 'ended' } as const;
    world.house.counts = [
      { ...order, end: 'filled', count: 3 },
      { ...order, side: 'sell', symbol: 'AAPL', end: 'canceled', count: 1 },
    ];
    const path = '/api/v1/agents/agent-1/usage';
    await world.call('GET', path, { as: owner });
    const { body } = await world.call('GET', `${path}?period=weekly&includeBreakdown=true`, { as: owner });
    expect(usageSummary.strict().parse(body)).toEqual({
      agentId: 'agent-1',
      period: 'weekly',
      startDate: '2026-10-26T12:00:00.000Z',
      endDate: '2026-11-02T12:00:00.000Z',
      summary: { totalTrades: 4, totalVolume: 125_000.5, totalFees: 125, apiCalls: 301, computeTime: 1_000 },
      breakdown: {
        trades: { buy: 3, sell: 1 },
        bySymbol: { 'BTC/USD': 3, AAPL: 1 },
        byType: { market: 4 },
        byStatus: { executed: 3, cancelled: 1 },
      },
    });
    world.house.advance(60_000);
    expect(world.house.told).toEqual([{ type: 'usage.meter', traderId: 'agent-1', apiCalls: 2, computeMs: 0 }]);
  });
  it('shows quotas with warnings from 80 percent', async () => {
    const { world, owner } = await withTrader();
    world.house.on('quota.get', () => quotaAnswer('79.9'));
    const { body } = await world.call('GET', '/api/v1/agents/agent-1/quota', { as: owner });
    const status = quotaStatus.strict().parse(body);
    expect(status.quotas.daily.volume).toMatchObject({
      used: 495_000,
      remaining: 5_000,
      percentUsed: 99,
      currency: 'USD',
    });
    expect(status.warnings).toEqual([
      { type: 'critical_limit', quota: 'daily.volume', threshold: 90, message: 'Daily volume quota is 99% used' },
    ]);
  });
  it('says that a quota is used up only when it is, and the rest of it exactly', async () => {
    const { world, owner } = await withTrader();
    const [trades, budget] = [
      { limit: '3', used: '2' },
      { limit: '100000', used: '99999.99' },
    ];
    for (const [used, percentUsed, remaining, threshold] of [
      ['499999.99', 99.99, 0.01, 90],
      ['399999.99', 79.99, 100_000.01, undefined],
      ['400000', 80, 100_000, 80],
      ['500000', 100, 0, 100],
    ] as const) {
      const answer = { ...quotaAnswer(), trades: { ...trades, resetAt: reset }, budget: { ...budget, resetAt: reset } };
      world.house.on('quota.get', () => ({ ...answer, volume: { ...answer.volume, used } }));
      const { body } = await world.call('GET', '/api/v1/agents/agent-1/quota', { as: owner });
      const { quotas, warnings } = quotaStatus.parse(body);
      expect(quotas.daily).toMatchObject({ trades: { percentUsed: 66.66 }, volume: { percentUsed, remaining } });
      expect(quotas.monthly.budget).toMatchObject({ percentUsed: 99.99, remaining: 0.01 });
      expect(warnings.find(({ quota }) => quota === 'daily.volume')?.threshold).toBe(threshold);
      expect(warnings.find(({ quota }) => quota === 'monthly.budget')?.type).toBe('critical_limit');
    }
  });
});

describe('approval rows', () => {
  it('keep a foreign user from seeing requests of others', async () => {
    const { world, foreign, owner } = await withTrader();
    world.house.approvals.set('req-1', approvalRow());
    const total = async (as: string) => (await world.call('GET', '/api/v1/oversight/requests', { as })).body;
    expect(await total(foreign)).toMatchObject({ total: 0, requests: [] });
    expect(await total(owner)).toMatchObject({ total: 1 });
  });
});
