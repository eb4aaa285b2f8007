/** Rate limits: the contracts' numbers exactly, shown on every limited answer, and never in the way of what makes things safer. */
import { describe, expect, it } from 'vitest';
import { FakeHouse } from '../testing/fake-house.ts';
import { orderRow, traderRow, World } from '../testing/samples.ts';
import { RateLimiter } from './limits.ts';

const PATH = '/api/v1/agents/agent-1/trades';

function world(settings = {}) {
  const house = new FakeHouse(settings);
  house.traders.set('agent-1', traderRow());
  house.traders.set('agent-2', traderRow({ id: 'agent-2' }));
  return new World(house);
}
async function statuses(times: number, one: () => Promise<{ status: number }>): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (let n = 0; n < times; n += 1) {
    const { status } = await one();
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

describe('the limit of an agent', () => {
  it('lets exactly 100 requests a minute pass, and shows where it stands', async () => {
    const one = world();
    const as = await one.token('user-456', 'trader');
    const first = await one.call('GET', PATH, { as });
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'x-ratelimit-limit': '100',
      'x-ratelimit-remaining': '99',
      'x-ratelimit-reset': String(one.house.clock.wallNow() / 1_000 + 60),
    });
    expect(await statuses(100, () => one.call('GET', PATH, { as }))).toEqual({ 200: 99, 429: 1 });
    const refused = await one.call('GET', PATH, { as });
    expect(refused).toMatchObject({ status: 429, code: 'RATE_LIMIT_EXCEEDED' });
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(refused.body).toMatchObject({
      error: { details: { limit: 100, remaining: 0, retryAfter: 60, resetAt: expect.any(String) } },
    });
    expect((await one.call('GET', '/api/v1/agents/agent-2/trades', { as })).status).toBe(200);
    one.house.advance(60_000);
    expect((await one.call('GET', PATH, { as })).status).toBe(200);
  });
  it('cannot be used up by somebody who may not see the agent', async () => {
    const one = world();
    const foreign = await one.token('user-9', 'trader');
    expect(await statuses(150, () => one.call('GET', PATH, { as: foreign }))).toEqual({ 404: 150 });
    expect(
      (await one.call('GET', PATH, { as: await one.token('user-456', 'trader') })).headers.get('x-ratelimit-remaining'),
    ).toBe('99');
  });
  it('is shown by a cancel, but never refuses it', async () => {
    const one = world();
    one.house.orders.set('trade-1', orderRow({ status: 'ended', end: 'canceled', endedAt: 0 }));
    const as = await one.token('user-456', 'trader');
    await statuses(101, () => one.call('GET', PATH, { as }));
    const cancel = await one.call('DELETE', `${PATH}/trade-1`, { as });
    expect(cancel.status).toBe(200);
    expect(cancel.headers.get('x-ratelimit-remaining')).toBe('0');
  });
});

describe('the limit of a user', () => {
  it('lets exactly 1000 requests an hour pass over all agents', async () => {
    const one = world();
    expect(await statuses(1_001, () => one.call('GET', '/api/v1/agents'))).toEqual({ 200: 1_000, 429: 1 });
    expect((await one.call('GET', '/api/v1/agents', { as: await one.token('other', 'trader') })).status).toBe(200);
  });
  it('counts requests that are refused for other reasons, and not those without a user', async () => {
    const one = world();
    expect((await one.call('GET', '/api/v1/agents?limit=x')).headers.get('x-ratelimit-remaining')).toBe('999');
    expect((await one.call('GET', '/api/v1/agents', { as: '' })).headers.get('x-ratelimit-limit')).toBeNull();
  });
  it('can be switched off', async () => {
    const one = world({ rateLimits: false });
    expect(await statuses(1_002, () => one.call('GET', '/api/v1/agents'))).toEqual({ 200: 1_002 });
  });
});

describe('market data', () => {
  it('has the number of its own contract', async () => {
    const reply = await world().call('GET', '/api/symbols');
    expect(reply.headers.get('x-ratelimit-limit')).toBe('1000');
  });
});

describe('the memory of windows', () => {
  it('is bounded: the oldest leaves', () => {
    const limiter = new RateLimiter();
    const rule = { name: 'r', max: 1, windowMs: 1_000 };
    for (let n = 0; n < 20_001; n += 1) limiter.take(rule, `k${n}`, 0);
    expect(limiter.take(rule, 'k0', 0).allowed).toBe(true);
    expect(limiter.take(rule, 'k20000', 0).allowed).toBe(false);
  });
});
