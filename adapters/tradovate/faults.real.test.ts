/** What becomes of an order when Tradovate, or the line to it, fails: each fault once, over real sockets. */
import { afterEach, describe, expect, test } from 'vitest';
import { liveClock } from '../../runtime/live/clock.ts';
import type { Clock } from '../../runtime/ports.ts';
import { NEVER } from '../paper/fixtures.ts';
import { type Fault, openLocalTradovate } from './testing/server.ts';
import { connect, futureOrder, openStage, type Stage, type StageOptions } from './testing/stage.ts';

let stage: Stage;
const start = async (options?: StageOptions): Promise<Stage> => {
  stage = await openStage(options);
  await stage.quote();
  return stage;
};
afterEach(() => stage?.end());
const resting = (clientOrderId = 'order-1') => futureOrder({ clientOrderId, orderType: 'limit', price: '20900' });
const until = (what: () => unknown) => expect.poll(what, { timeout: 8_000, interval: 5 });
const PLACE = 'order/placeorder';

describe('a submit', () => {
  const acted: readonly Fault[] = ['error-after', 'lost-answer', 'garbage'];
  test.each(acted)('whose answer is %s is unresolved, its order is found, and it is never sent again', async (kind) => {
    const { venue, local } = await start();
    local.newsline.setManner('lost');
    local.fault(PLACE, kind);
    expect(await venue.submit(resting(), NEVER)).toMatchObject({ status: 'unresolved', fills: [] });
    expect((await venue.submit(resting(), NEVER)).status).toBe('accepted');
    expect((await venue.lookup('order-1', NEVER)).status).toBe('accepted');
    expect(local.placed).toHaveLength(1);
  });

  test('whose answer is lost becomes known by news', async () => {
    const { venue, local, news } = await start();
    local.fault(PLACE, 'lost-answer');
    expect((await venue.submit(resting(), NEVER)).status).toBe('unresolved');
    await until(() => news.map(({ status }) => status)).toEqual(['accepted']);
  });

  test('that got lost is unresolved while it may still arrive, absent afterwards, and may then be handed over again', async () => {
    const { venue, local } = await start({ patience: { arrivalMaxMs: 700 } });
    local.fault(PLACE, 'lost-request');
    expect((await venue.submit(resting(), NEVER)).status).toBe('unresolved');
    expect(await venue.lookup('order-1', NEVER)).toMatchObject({
      status: 'unresolved',
      reason: expect.stringMatching(/may still arrive/),
    });
    expect((await venue.submit(resting(), NEVER)).status).toBe('unresolved');
    expect(local.placed).toHaveLength(0);
    await until(async () => (await venue.lookup('order-1', NEVER, Date.now())).status).toBe('absent');
    expect((await venue.submit(resting(), NEVER)).status).toBe('accepted');
    expect(local.placed).toHaveLength(1);
  });

  test('of an earlier life is not absent before its request can have arrived', async () => {
    const { venue } = await start({ patience: { arrivalMaxMs: 60_000 } });
    expect((await venue.lookup('of-an-earlier-life', NEVER)).status).toBe('unresolved');
    expect((await venue.cancel('of-an-earlier-life', NEVER)).status).toBe('unresolved');
  });

  test('that Tradovate refuses at the door is rejected and may come again under its id', async () => {
    const { venue, local } = await start();
    local.fault(PLACE, 'penalty');
    expect(await venue.submit(resting(), NEVER)).toMatchObject({
      status: 'rejected',
      reason: expect.stringMatching(/lets us wait/),
    });
    expect((await venue.submit(resting(), NEVER)).status).toBe('accepted');
    expect(local.placed).toHaveLength(1);
  });

  test('after a 429 is rejected without being sent, until the time is over; cancels pass', async () => {
    const { venue, local, health } = await start({ patience: { rateLimitedMs: 1_500 } });
    expect((await venue.submit(resting(), NEVER)).status).toBe('accepted');
    local.fault(PLACE, 'rate-limit');
    expect(await venue.submit(resting('order-2'), NEVER)).toMatchObject({
      status: 'rejected',
      reason: expect.stringMatching(/429/),
    });
    expect(await venue.submit(resting('order-3'), NEVER)).toMatchObject({
      status: 'rejected',
      reason: expect.stringMatching(/rate limit/),
    });
    expect(health().state).toBe('unhealthy');
    await venue.cancel('order-1', NEVER);
    expect(local.exchange.all('order')[0]).toMatchObject({ ordStatus: 'Canceled' });
    await until(() => health().state).toBe('healthy');
    expect((await venue.submit(resting('order-3'), NEVER)).status).toBe('accepted');
    expect(local.placed.map(({ clOrdId }) => clOrdId)).toEqual(['order-1', 'order-3']);
  });

  test('that is given up before the hand-over leaves no order', async () => {
    const { venue, local } = await start();
    expect((await venue.submit(resting(), AbortSignal.abort())).status).toBe('unresolved');
    expect(local.placed).toEqual([]);
    expect((await venue.lookup('order-1', NEVER, Date.now())).status).toBe('absent');
  });
});

describe('a lookup', () => {
  test.each(['error-before', 'garbage', 'lost-answer'] as const)(
    'that meets %s is unresolved, never absent',
    async (kind) => {
      const { venue, local } = await start();
      local.fault('command/list', kind);
      expect((await venue.lookup('order-1', NEVER)).status).toBe('unresolved');
      expect((await venue.lookup('order-1', NEVER, Date.now())).status).toBe('absent');
    },
  );
});

describe('a cancel', () => {
  test('that comes too late tells the fill, and one whose answer is lost is unresolved and then canceled', async () => {
    const { venue, local, quote } = await start();
    await venue.submit(resting(), NEVER);
    await venue.submit(resting('order-2'), NEVER);
    local.newsline.setManner('lost');
    local.fault('order/cancelorder', 'lost-answer');
    expect((await venue.cancel('order-2', NEVER)).status).toBe('unresolved');
    expect((await venue.lookup('order-2', NEVER)).status).toBe('canceled');
    await quote(20_890);
    expect(await venue.cancel('order-1', NEVER)).toMatchObject({ status: 'filled', fills: [{ quantity: '1' }] });
  });
});

describe('a token', () => {
  test('that has expired is asked for anew, and the order leaves once', async () => {
    const { venue, local } = await start();
    local.expireTokens();
    expect((await venue.submit(resting(), NEVER)).status).toBe('accepted');
    expect(local.signIns).toHaveLength(2);
    expect(local.placed).toHaveLength(1);
  });

  test('is renewed before it expires, without another sign-in', async () => {
    const { venue, local } = await start({ tokenLifeMs: 500 });
    await until(() => local.requests.filter((one) => one === 'GET auth/renewaccesstoken').length).toBeGreaterThan(1);
    expect((await venue.submit(resting(), NEVER)).status).toBe('accepted');
    expect(local.signIns).toHaveLength(1);
  });

  test('behind a penalty is asked for with its ticket once the time is over', async () => {
    const before = (local: Stage['local']) => local.fault('auth/accesstokenrequest', 'penalty');
    const { local, venue } = await start({ before });
    expect(local.signIns).toEqual([expect.objectContaining({ 'p-ticket': 'ticket-1' })]);
    expect((await venue.submit(resting(), NEVER)).status).toBe('accepted');
  });

  test('behind a captcha is not there: orders are rejected with that reason, nothing hammers the door', async () => {
    const before = (local: Stage['local']) => local.fault('auth/accesstokenrequest', 'captcha');
    const { local, venue, health } = await start({ before, isDeaf: true });
    expect(health().state).toBe('unhealthy');
    expect(await venue.submit(resting(), NEVER)).toMatchObject({
      status: 'rejected',
      reason: expect.stringMatching(/captcha/),
    });
    expect(local.requests.filter((one) => one.includes('auth/'))).toHaveLength(1);
  });

  test('is refused for a wrong password at the start, by the names of the settings and without a secret', async () => {
    const opening = openStage({ env: { TRADOVATE_PASSWORD: 'hunter2-hunter2' } });
    await expect(opening).rejects.toThrow(/TRADOVATE_PASSWORD.*refuses the credentials: Incorrect password \*\*\*/);
  });

  test('need not be there at the start while Tradovate is away', async () => {
    const local = await openLocalTradovate({ accounts: ['account-1'] });
    await local.close();
    const open = await connect(local);
    expect(open.health()).toEqual({ state: 'unhealthy', simulated: true });
    expect((await open.venue.submit(resting(), NEVER)).status).toBe('rejected');
    await expect(open.venue.snapshot(NEVER)).rejects.toThrow('not signed in');
    await open.close();
  });
});

describe('the news line', () => {
  test('in reverse order and twice tells each state once, and no end before its fills', async () => {
    const { venue, local, news, quote } = await start();
    await venue.submit(resting(), NEVER);
    local.newsline.setManner('held');
    await quote(20_890);
    local.newsline.release('reversed');
    await until(() => news).toHaveLength(1);
    local.newsline.setManner('twice');
    await venue.submit(resting('order-2'), NEVER);
    await quote(20_890);
    await venue.lookup('order-2', NEVER);
    await until(() => news.filter(({ status }) => status === 'filled').length).toBeGreaterThan(0);
    const told = news.map(({ orderId, status, fills }) => `${orderId} ${status} ${fills.length}`);
    expect(new Set(told).size).toBe(told.length);
    expect(told[0]).toBe('order-1 filled 1');
  });

  test('that dropped tells after its return what happened meanwhile', async () => {
    const { venue, local, news, quote } = await start({ patience: { retryMinMs: 300 } });
    await venue.submit(resting(), NEVER);
    local.newsline.drop();
    await quote(20_890);
    await until(() => news.map(({ orderId, status }) => [orderId, status])).toEqual([['order-1', 'filled']]);
    expect(local.newsline.counts.syncs).toBe(2);
  });

  test('that tells an end which can not be read at first is followed until it can be, fills and all', async () => {
    const { venue, local, news } = await start();
    await venue.submit(futureOrder({ orderType: 'limit', price: '20900', quantity: '3' }), NEVER);
    const order = local.exchange.all('order')[0]!;
    for (const kind of ['error-before', 'lost-answer', 'garbage'] as const) local.fault('order/item', kind);
    local.newsline.setManner('held');
    local.exchange.fill(order, 1, 20_900);
    await local.exchange.cancel(Number(order.id));
    local.newsline.release('reversed');
    await until(() => news.at(-1)).toMatchObject({ status: 'canceled', fills: [{ quantity: '1' }] });
  });

  test('that says nothing does not keep an order from being answered', async () => {
    const { venue, local } = await start();
    local.newsline.setManner('lost');
    expect((await venue.submit(futureOrder(), NEVER)).status).toBe('filled');
  });

  test.each([
    ['that is shut down', 'a[{"e":"shutdown","d":{"reasonCode":"Maintenance","reason":""}}]'],
    ['that is closed', 'c[3000,"Go away!"]'],
    [
      'whose frame can not be read',
      'a[{"e":"props","d":{"entityType":"order","eventType":"Updated","entity":{"id":"x"}}}]',
    ],
    ['whose frame is none of theirs', 'z[1]'],
  ])('%s is opened again and synchronised', async (_how, frame) => {
    const { local, health } = await start();
    local.newsline.send(frame);
    await until(() => local.newsline.counts.syncs).toBe(2);
    await until(() => health().state).toBe('healthy');
  });

  test('that lost its place to another waits before it comes back', async () => {
    const live = liveClock();
    const waits: number[] = [];
    const clock: Clock = {
      ...live,
      at(reading, due, fire) {
        if (reading === 'monotonic') waits.push(due - live.monotonic());
        return live.at(reading, due, fire);
      },
    };
    const { local, health } = await start({ clock });
    waits.length = 0;
    local.newsline.send('a[{"e":"shutdown","d":{"reasonCode":"ConnectionQuotaReached","reason":""}}]');
    await until(() => health().state).toBe('degraded');
    await until(() => waits.some((ms) => ms > 59_000 && ms <= 60_000)).toBe(true);
    expect(local.newsline.counts.connections).toBe(1);
  });

  test('is kept open by heartbeats', async () => {
    const { local, health } = await start({ heartbeatMaxMs: 4_000 });
    await until(() => local.newsline.counts.heartbeats).toBeGreaterThan(1);
    expect(local.newsline.counts).toMatchObject({ closedForSilence: 0, connections: 1 });
    expect(health().state).toBe('healthy');
  });

  test('that misses a heartbeat is closed by the server, and comes back', async () => {
    const { local } = await start({ heartbeatMaxMs: 100 });
    await until(() => local.newsline.counts.closedForSilence).toBeGreaterThan(0);
    await until(() => local.newsline.counts.syncs).toBeGreaterThan(1);
  });

  test('whose synchronisation meets a penalty tries again after it', async () => {
    const { local } = await start({ before: ({ newsline }) => newsline.penalise(2) });
    expect(local.newsline.counts.syncs).toBe(1);
    expect(local.newsline.counts.connections).toBe(3);
  });
});

test('closing ends what waits, and the line', async () => {
  const { venue, local, close } = await start({ patience: { answerWithinMs: 60_000 } });
  local.newsline.setManner('lost');
  const pending = venue.submit(futureOrder({ timeInForce: 'IOC', orderType: 'limit', price: '20900' }), NEVER);
  await pending;
  const waiting = venue.cancel('nobody', NEVER);
  await close();
  expect(['absent', 'unresolved']).toContain((await waiting).status);
  expect((await venue.submit(resting('order-9'), NEVER)).status).not.toBe('accepted');
  await until(() => local.newsline.isHeard()).toBe(false);
});
