/** The operators' door: who comes in, what a change of limits needs, and how upkeep answers. */
import { describe, expect, it } from 'vitest';
import type { PortfolioAnswered, PortfolioGet } from '../../messages/account.ts';
import type { TradingHalt } from '../../messages/halt.ts';
import type { LimitsAnswered, LimitsGet, LimitsSet, TradingLimits } from '../../messages/limits.ts';
import type { ReconciliationAnswered } from '../../messages/reconciliation.ts';
import type { Upkeep } from '../../projections/upkeep.ts';
import { FakeHouse } from '../testing/fake-house.ts';
import { accountRow, traderRow, World } from '../testing/samples.ts';

const LIMITS: TradingLimits = {
  instruments: {
    'class:equity': { collarRatio: '0.05', orderValueMax: '1000', orderVolumeMax: '10', positionMax: '10' },
  },
  accounts: { default: { exposureMax: '1000', dailyLossRatioMax: '0.1', drawdownRatioMax: '0.2' } },
  orderRate: { max: 10, windowMs: 1_000 },
  duplicate: { max: 2, windowMs: 1_000 },
  quoteAgeMaxMs: 5_000,
};

const changed: LimitsSet[] = [];
function limitsWorld(): World {
  changed.length = 0;
  const answered = (outcome: LimitsAnswered['outcome'], version: number): LimitsAnswered => ({
    ...{ type: 'limits.answered', limits: LIMITS },
    outcome,
    version,
  });
  const house = new FakeHouse()
    .on<LimitsGet>('limits.get', () => answered('current', 3))
    .on<LimitsSet>('limits.set', (message) => {
      changed.push(message);
      return message.expectedVersion === 2 ? answered('conflict', 3) : answered('changed', 4);
    });
  return new World(house);
}

async function* texts(...all: string[]): AsyncGenerator<string> {
  yield* all;
}

async function* bytes(...all: number[]): AsyncGenerator<Uint8Array> {
  for (const byte of all) yield Uint8Array.of(byte);
}

const upkeep = (over: Partial<Upkeep> = {}): Upkeep => ({
  underWay: undefined,
  verify: async () => ({ holds: true, records: 7, hash: 'abc' }),
  replay: async () => ({ matches: true, records: 7, rows: 3 }),
  backup: async () => ({ bytes: 3, chunks: bytes(1, 2, 3) }),
  archive: async (keep) => ({ archivedUpTo: 5, kept: keep }),
  export: (from) => texts(`{"sequence":${from}}\n`, `{"sequence":${from + 1}}\n`),
  ...over,
});

function upkeepWorld(over?: Partial<Upkeep>): World {
  const house = new FakeHouse();
  house.upkeep = upkeep(over);
  return new World(house);
}

const PLACES = [
  ['GET', '/api/v1/house/limits'],
  ['PUT', '/api/v1/house/limits'],
  ['GET', '/api/v1/house/agents'],
  ['POST', '/api/v1/house/agents/portfolio/retry'],
  ['POST', '/api/v1/house/agents/portfolio/skip'],
  ['GET', '/api/v1/house/journal/verify'],
  ['GET', '/api/v1/house/journal/replay'],
  ['GET', '/api/v1/house/journal/export'],
  ['POST', '/api/v1/house/journal/archive'],
  ['POST', '/api/v1/house/backup'],
  ['GET', '/api/v1/house/reconciliation'],
  ['POST', '/api/v1/house/reconciliation'],
  ['POST', '/api/v1/house/reduce-only'],
] as const;

describe("the operators' door", () => {
  it.each(PLACES)('keeps traders, viewers and services out: %s %s', async (method, path) => {
    const world = upkeepWorld();
    for (const role of ['trader', 'viewer', 'service'] as const) {
      const reply = await world.call(method, path, { as: await world.token(`user-${role}`, role) });
      expect(reply).toMatchObject({ status: 403, code: 'INSUFFICIENT_PERMISSIONS' });
    }
    expect((await world.call(method, path, { as: '' })).code).toBe('UNAUTHORIZED');
  });
  it('lets supervisors look, but neither change limits nor take data away', async () => {
    const world = upkeepWorld();
    const as = await world.token('user-supervisor', 'supervisor');
    expect((await world.call('GET', '/api/v1/house/agents', { as })).status).toBe(200);
    expect((await world.call('GET', '/api/v1/house/journal/verify', { as })).status).toBe(200);
    expect((await world.call('PUT', '/api/v1/house/limits', { as, body: {} })).status).toBe(403);
    expect((await world.call('POST', '/api/v1/house/backup', { as })).status).toBe(403);
    expect((await world.call('GET', '/api/v1/house/journal/export', { as })).status).toBe(403);
  });
});

describe('limits', () => {
  it('are shown with their version', async () => {
    const reply = await limitsWorld().call('GET', '/api/v1/house/limits');
    expect(reply).toMatchObject({ status: 200, body: { version: 3, limits: LIMITS } });
  });
  it('are changed whole, in the name of the caller and with a reason', async () => {
    const body = { limits: LIMITS, reason: 'calmer week', expectedVersion: 3 };
    const reply = await limitsWorld().call('PUT', '/api/v1/house/limits', { body });
    expect(reply).toMatchObject({ status: 200, body: { version: 4 } });
    expect(changed).toEqual([{ type: 'limits.set', ...body, by: 'user-123' }]);
  });
  it('stay as they are when the change comes from an outdated version', async () => {
    const body = { limits: LIMITS, reason: 'late', expectedVersion: 2 };
    const reply = await limitsWorld().call('PUT', '/api/v1/house/limits', { body });
    expect(reply).toMatchObject({ status: 409, code: 'CONFLICT', body: { error: { details: { version: 3 } } } });
  });
  it('are refused with more decimals than an order has, by their name', async () => {
    const account = { ...LIMITS.accounts.default!, exposureMax: '1000.12345678901' };
    const body = { limits: { ...LIMITS, accounts: { default: account } }, reason: 'finer' };
    const reply = await limitsWorld().call('PUT', '/api/v1/house/limits', { body });
    const field = 'limits.accounts.default.exposureMax';
    expect(reply).toMatchObject({ status: 400, body: { error: { details: [{ field }] } } });
    expect(changed).toEqual([]);
  });
  it('are refused where they would hold for nobody, with the name that counts', async () => {
    const own = { collarRatio: '0.05', orderValueMax: '1000', orderVolumeMax: '10', positionMax: '10' };
    const instruments = { ...LIMITS.instruments, 'EUR/USD': own, 'class:forex': own, EURUSD: own, 'class:future': own };
    const account = { ...LIMITS.accounts.default!, instruments: ['AAPL', 'TULIPS'] };
    const body = { limits: { ...LIMITS, instruments, accounts: { default: account } }, reason: 'tighter' };
    const reply = await limitsWorld().call('PUT', '/api/v1/house/limits', { body });
    expect(reply.status).toBe(400);
    expect((reply.body as { error: { details: unknown } }).error.details).toEqual([
      { field: 'limits.instruments.EUR/USD', message: 'Is called EURUSD here' },
      { field: 'limits.instruments.class:forex', message: expect.stringContaining('class:fx') },
      { field: 'limits.accounts.default.instruments.1', message: 'Is no instrument of the house' },
    ]);
    expect(changed).toEqual([]);
  });
  it.each([
    ['without a reason', { limits: LIMITS, reason: '  ' }],
    ['with a name that nobody knows', { limits: { ...LIMITS, orderRates: LIMITS.orderRate }, reason: 'x' }],
    ['below zero', { limits: { ...LIMITS, quoteAgeMaxMs: -1 }, reason: 'x' }],
    ['in the name of somebody else', { limits: LIMITS, reason: 'x', by: 'user-9' }],
  ])('are refused %s', async (_, body) => {
    const reply = await limitsWorld().call('PUT', '/api/v1/house/limits', { body });
    expect(reply).toMatchObject({ status: 400, code: 'VALIDATION_ERROR' });
    expect(changed).toEqual([]);
  });
});

describe('agents', () => {
  it('are listed with what waits for them and what nobody took', async () => {
    const { body } = await new World().call('GET', '/api/v1/house/agents');
    expect(body).toMatchObject({
      agents: [
        { address: 'orders', status: 'running' },
        { address: 'portfolio', status: 'down', facts: 5 },
      ],
      deadLetters: { 'order.get stopped': 2 },
    });
  });
  it('that stayed down go on when a person says so', async () => {
    const world = new World();
    const reply = await world.call('POST', '/api/v1/house/agents/portfolio/skip');
    expect(reply).toMatchObject({ status: 200, body: { address: 'portfolio', decision: 'skip', by: 'user-123' } });
    expect(world.house.revisited).toEqual(['user-123: skip portfolio']);
  });
  it('that run, or do not exist, are left alone', async () => {
    const world = new World();
    expect((await world.call('POST', '/api/v1/house/agents/orders/retry')).status).toBe(409);
    expect((await world.call('POST', '/api/v1/house/agents/nobody/retry')).status).toBe(404);
  });
});

describe('reconciliation', () => {
  const known: ReconciliationAnswered = {
    ...{ type: 'reconciliation.answered', cycle: 3, venue: 'paper', underWay: false, outcome: 'differs', reason: null },
    ...{ askedAt: Date.UTC(2026, 0, 5), comparedAt: null, unansweredInARow: 1, findings: 2, suspected: ['order o-1'] },
    ...{ compared: { orders: 1, positions: 2, skipped: 0 }, external: [] },
    cash: [{ accountId: 'acct-1', ownAmount: '50000', venueAmount: '49000' }],
  };
  it('is shown as of the last look', async () => {
    const world = new World(new FakeHouse().on('reconciliation.get', () => known));
    expect(await world.call('GET', '/api/v1/house/reconciliation')).toMatchObject({
      status: 200,
      body: { cycle: 3, outcome: 'differs', cash: known.cash, asked_at: '2026-01-05T00:00:00.000Z', compared_at: null },
    });
  });
  it('looks now in the name of the caller', async () => {
    const asked: unknown[] = [];
    const house = new FakeHouse().on('reconciliation.run', (message) => {
      asked.push(message);
      return { ...known, underWay: true };
    });
    const reply = await new World(house).call('POST', '/api/v1/house/reconciliation');
    expect(reply).toMatchObject({ status: 202, body: { underWay: true } });
    expect(asked).toEqual([{ type: 'reconciliation.run', why: 'asked', by: 'user-123' }]);
  });
});

describe('reduction only', () => {
  const path = '/api/v1/house/reduce-only';
  const asked: TradingHalt[] = [];
  const world = () => {
    const house = new FakeHouse().on<TradingHalt>('trading.halt', (message) => {
      asked.push(message);
      return { type: 'trading.halt-answered', stopId: message.stopId, handedOver: ['trade-1'] } as const;
    });
    house.accounts.push(accountRow({ id: 'APEX_1' }));
    house.traders.set('agent-1', traderRow());
    return new World(house);
  };
  it('begins in the name of the caller, with a receipt of what was handed over', async () => {
    const body = { scope: 'account', target_id: 'APEX_1', reason: 'a look first' };
    const reply = await world().call('POST', path, { body });
    expect(reply).toMatchObject({ status: 201, body: { target_id: 'APEX_1', handed_over: ['trade-1'] } });
    expect(asked.at(-1)).toMatchObject({ mode: 'reduce', scope: 'account', targetId: 'APEX_1', by: 'user-123' });
  });
  it.each([
    ['an account', { scope: 'account', target_id: 'APEX-1' }, 404],
    ['the account of an agent', { scope: 'account', target_id: 'acct-agent-2' }, 404],
    ['an agent', { scope: 'agent', target_id: 'agent-2' }, 404],
    ['known agents', { scope: 'agent', target_id: 'agent-1' }, 201],
    ['their accounts', { scope: 'account', target_id: 'acct-agent-1' }, 201],
  ])('finds %s or says that there is none', async (_, body, status) => {
    const before = asked.length;
    expect((await world().call('POST', path, { body: { ...body, reason: 'x' } })).status).toBe(status);
    expect(asked.length - before).toBe(status === 201 ? 1 : 0);
  });
  it.each([
    ['an account without its id', { scope: 'account', reason: 'x' }],
    ['no reason', { scope: 'system', reason: ' ' }],
    ['a field that nobody knows', { scope: 'system', reason: 'x', mode: 'stop' }],
  ])('needs more than %s', async (_, body) => {
    expect((await world().call('POST', path, { body })).status).toBe(400);
  });
});

describe('the journal', () => {
  it('is proven, replayed and archived', async () => {
    const world = upkeepWorld();
    expect((await world.call('GET', '/api/v1/house/journal/verify')).body).toMatchObject({ holds: true, records: 7 });
    expect((await world.call('GET', '/api/v1/house/journal/replay')).body).toMatchObject({ matches: true, rows: 3 });
    const archived = await world.call('POST', '/api/v1/house/journal/archive', { body: { keep: 2 } });
    expect(archived.body).toEqual({ archivedUpTo: 5, kept: 2 });
    expect((await world.call('POST', '/api/v1/house/journal/archive', { body: { keep: -1 } })).status).toBe(400);
  });
  it('is exported as JSON lines from a sequence on', async () => {
    const reply = await upkeepWorld().call('GET', '/api/v1/house/journal/export?from=4');
    expect(reply.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(reply.text).toBe('{"sequence":4}\n{"sequence":5}\n');
    expect((await upkeepWorld().call('GET', '/api/v1/house/journal/export?from=0')).status).toBe(400);
  });
  it('is copied as a download of known length', async () => {
    const reply = await upkeepWorld().call('POST', '/api/v1/house/backup');
    expect(reply.headers.get('content-type')).toBe('application/gzip');
    expect(reply.headers.get('content-length')).toBe('3');
    expect([...new TextEncoder().encode(reply.text)]).toEqual([1, 2, 3]);
  });
  it('has one upkeep at a time; an export may run beside it', async () => {
    const world = upkeepWorld({ underWay: 'backup' });
    expect(await world.call('GET', '/api/v1/house/journal/verify')).toMatchObject({ status: 409, code: 'CONFLICT' });
    expect((await world.call('GET', '/api/v1/house/journal/export')).status).toBe(200);
  });
  it('has none in a world without a database', async () => {
    expect((await new World().call('GET', '/api/v1/house/journal/verify')).status).toBe(503);
  });
});

describe('the margin of an account', () => {
  const position = { averagePrice: '0', unrealizedPnl: '0', realizedPnl: '0' };
  const house = new FakeHouse().on<PortfolioGet>(
    'portfolio.get',
    ({ accountId }): PortfolioAnswered => ({
      ...{ type: 'portfolio.answered', accountId, found: accountId === 'acct-1', cash: '1000', equity: '50000' },
      ...{ unrealizedPnl: '0', realizedPnl: '0' },
      positions: [
        { ...position, symbol: 'NQZ6', quantity: '-2', currentPrice: '21000' },
        { ...position, symbol: 'EURUSD', quantity: '10000', currentPrice: '1.1' },
      ],
    }),
  );

  it('is told position by position, with what is free and where it comes from', async () => {
    const world = new World(house);
    const { status, body } = await world.call('GET', '/api/v1/house/accounts/acct-1/margin');
    expect([status, body]).toEqual([
      200,
      {
        ...{ account_id: 'acct-1', equity: '50000', initial: '39966.3', maintenance: '36183.15', free: '10033.7' },
        positions: [
          {
            ...{ symbol: 'NQZ6', quantity: '-2', value: '-840000', initial: '39600', maintenance: '36000' },
            basis: 'CME Group, 2025-04',
          },
          expect.objectContaining({ symbol: 'EURUSD', initial: '366.3', basis: 'ESMA 2018/796' }),
        ],
      },
    ]);
    expect((await world.call('GET', '/api/v1/house/accounts/nobody/margin')).status).toBe(404);
  });
});
