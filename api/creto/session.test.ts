/** The WebSocket protocol without sockets: who may listen, what is told, and when a socket has to go. */
import { describe, expect, it } from 'vitest';
import type { Doors } from '../kit/call.ts';
import { RateLimiter } from '../kit/limits.ts';
import { Meter } from '../kit/meter.ts';
import { Tokens } from '../kit/tokens.ts';
import { FakeHouse } from '../testing/fake-house.ts';
import { FakeSocket } from '../testing/fake-socket.ts';
import { orderRow, traderRow } from '../testing/samples.ts';
import { CretoStream, cretoSocket } from './stream.ts';

const DEMO = { authorization: 'Bearer test-bearer-token', accessToken: undefined };
const NOTHING = { authorization: undefined, accessToken: undefined };

async function setUp() {
  const house = new FakeHouse();
  house.traders.set('agent-1', traderRow());
  house.traders.set('agent-2', traderRow({ id: 'agent-2', userId: 'user-9' }));
  const doors: Doors = { house, tokens: new Tokens(house), limiter: new RateLimiter(), meter: new Meter(house) };
  const stream = new CretoStream(doors);
  const trader = { clientId: 'c', secret: '', sub: 'user-456', roles: ['trader'] as const, accounts: [] };
  const { token } = await doors.tokens.issue(trader);
  const open = (opening = DEMO as { authorization: string | undefined; accessToken: string | undefined }) => {
    const socket = new FakeSocket(cretoSocket);
    const session = stream.open(socket, opening);
    return { socket, say: (message: object) => session.received(JSON.stringify(message)), session };
  };
  const ended = {
    type: 'order.ended',
    orderId: 'trade-1',
    traderId: 'agent-1',
    accountId: 'acct-agent-1',
    symbol: 'AAPL',
    filledQuantity: '0',
  };
  return { house, doors, open, token, ended };
}

describe('getting in', () => {
  it('works by header, by query and by first message', async () => {
    const { house, open, token } = await setUp();
    const sockets = [open(DEMO), open({ authorization: undefined, accessToken: token }), open(NOTHING)];
    sockets[2]!.say({ type: 'auth', token });
    await house.settled();
    for (const { socket } of sockets) expect(socket.sent).toEqual([{ type: 'auth:ok' }]);
  });
  it.each([
    [{ authorization: 'Bearer x', accessToken: undefined }],
    [{ authorization: 'Basic x', accessToken: undefined }],
    [{ authorization: undefined, accessToken: 'x' }],
  ])('fails with 4401 for %o', async (opening) => {
    const { house, open } = await setUp();
    const { socket } = open(opening);
    await house.settled();
    expect(socket).toMatchObject({ closed: 4401, sent: [] });
  });
  it('needs a role: a token without one is sent away with 4403', async () => {
    const { doors, house, open } = await setUp();
    const { token } = await doors.tokens.issue({ clientId: 'c', secret: '', sub: 'user-456', roles: [], accounts: [] });
    const { socket } = open({ authorization: `Bearer ${token}`, accessToken: undefined });
    await house.settled();
    expect(socket).toMatchObject({ closed: 4403, sent: [] });
  });
  it('has five seconds', async () => {
    const { house, open } = await setUp();
    const { socket } = open(NOTHING);
    house.advance(4_999);
    expect(socket.closed).toBeUndefined();
    house.advance(1);
    expect(socket.closed).toBe(4401);
  });
  it('comes before anything else', async () => {
    const { open } = await setUp();
    const { socket, say } = open(NOTHING);
    say({ type: 'subscribe', agentId: 'agent-1' });
    expect(socket.closed).toBe(4401);
  });
  it('keeps the order of messages while a token is verified', async () => {
    const { house, open, token, ended } = await setUp();
    const { socket, say } = open(NOTHING);
    say({ type: 'auth', token });
    say({ type: 'subscribe', agentId: 'agent-1' });
    await house.settled();
    house.commit({ ...ended, end: 'canceled' } as never);
    expect(socket.sent.map(({ type }) => type)).toEqual(['auth:ok', 'trade:update']);
  });
  it('ends with the token, unless a fresh one of the same user came', async () => {
    const { house, doors, open, token } = await setUp();
    const { socket, say } = open({ authorization: `Bearer ${token}`, accessToken: undefined });
    const other = open({ authorization: `Bearer ${token}`, accessToken: undefined });
    await house.settled();
    house.advance(1_800_000);
    const again = (sub: string) =>
      doors.tokens.issue({ clientId: 'c', secret: '', sub, roles: ['trader'], accounts: [] });
    say({ type: 'auth', token: (await again('user-456')).token });
    await house.settled();
    house.advance(1_800_000);
    expect([socket.closed, other.socket.closed]).toEqual([undefined, 4401]);
    say({ type: 'auth', token: (await again('user-9')).token });
    await house.settled();
    expect(socket.closed).toBe(4401);
  });
});

describe('listening', () => {
  it('is for own agents; others do not exist, and the socket stays', async () => {
    const { open, token, house, ended } = await setUp();
    const { socket, say } = open({ authorization: undefined, accessToken: token });
    await house.settled();
    say({ type: 'subscribe', agentId: 'agent-2' });
    say({ type: 'subscribe', agentId: 'agent-9' });
    say({ type: 'dance' });
    say({ type: 'subscribe', agentId: 'agent-1', more: 1 });
    say({ type: 'subscribe', agentId: 'agent-1\0' });
    say({ type: 'unsubscribe', agentId: 'agent-1\ud800' });
    expect(JSON.stringify(socket.sent)).not.toContain('\\u');
    expect(socket.sent.slice(1).map(({ error }) => error?.code)).toEqual([
      'NOT_FOUND',
      'NOT_FOUND',
      'VALIDATION_ERROR',
      'VALIDATION_ERROR',
      'VALIDATION_ERROR',
      'VALIDATION_ERROR',
    ]);
    house.commit({ ...ended, traderId: 'agent-2', end: 'canceled' } as never);
    expect(socket.sent).toHaveLength(7);
    expect(socket.closed).toBeUndefined();
  });
  it('tells of trades, requests and quotas of the agent', async () => {
    const { open, house, ended } = await setUp();
    const { socket, say } = open();
    say({ type: 'subscribe', agentId: 'agent-1' });
    const about = { orderId: 'trade-1', traderId: 'agent-1' };
    house.commit({ type: 'order.held', ticket: about, requestId: 'req-1', gates: [] } as never);
    house.commit({ type: 'approval.requested', ...about, requestId: 'req-1', reason: 'Exceeds' } as never);
    house.commit({ type: 'order.sent', ...about } as never);
    house.commit({ ...ended, end: 'rejected', reason: 'closed' } as never);
    house.commit({
      type: 'quota.warned',
      traderId: 'agent-1',
      quota: 'daily.trades',
      percentUsed: 85,
      threshold: 80,
    } as never);
    expect(socket.sent.slice(1)).toEqual([
      { type: 'trade:update', data: { tradeId: 'trade-1', agentId: 'agent-1', status: 'pending_approval' } },
      {
        type: 'oversight:request_created',
        data: { requestId: 'req-1', agentId: 'agent-1', tradeId: 'trade-1', reason: 'Exceeds' },
      },
      { type: 'trade:update', data: { tradeId: 'trade-1', agentId: 'agent-1', status: 'pending' } },
      { type: 'trade:update', data: { tradeId: 'trade-1', agentId: 'agent-1', status: 'failed', reason: 'closed' } },
      {
        type: 'quota:warning',
        data: {
          agentId: 'agent-1',
          quota: 'daily.trades',
          percentUsed: 85,
          threshold: 80,
          message: 'Daily trade quota is 85% used',
        },
      },
    ]);
    say({ type: 'unsubscribe', agentId: 'agent-1' });
    house.commit({ type: 'order.sent', ...about } as never);
    expect(socket.sent).toHaveLength(6);
  });
  it('tells of a fill and then of the portfolio, once for fills that come together', async () => {
    const { open, house, ended } = await setUp();
    house.on(
      'portfolio.get',
      () => ({ type: 'portfolio.answered', found: true, equity: '102500', unrealizedPnl: '2500' }) as never,
    );
    const { socket, say } = open();
    say({ type: 'subscribe', agentId: 'agent-1' });
    const fill = { ...ended, type: 'order.filled', filledQuantity: '40', end: false } as never;
    house.commit(fill);
    house.commit(fill);
    house.commit({ ...(fill as object), filledQuantity: '100', end: true, at: 0 } as never);
    await house.settled();
    expect(socket.sent.slice(1)).toMatchObject([
      { type: 'trade:update', data: { status: 'pending', filledQuantity: 40 } },
      { type: 'trade:update', data: { status: 'pending' } },
      { type: 'trade:update', data: { status: 'executed', executedAt: '1970-01-01T00:00:00.000Z' } },
      { type: 'portfolio:update', data: { agentId: 'agent-1', totalValue: 102_500, unrealizedPnL: 2_500 } },
      { type: 'portfolio:update' },
    ]);
    expect(house.asked).toHaveLength(2);
  });
  it('does not hear of orders that were denied at submission', async () => {
    const { open, house, ended } = await setUp();
    const { socket, say } = open();
    say({ type: 'subscribe', agentId: 'agent-1' });
    house.orders.set('trade-1', orderRow({ listed: false }));
    house.orders.set('trade-2', orderRow({ id: 'trade-2', listed: true }));
    house.commit({ ...ended, end: 'denied' } as never);
    house.commit({ ...ended, orderId: 'trade-2', end: 'denied' } as never);
    await house.settled();
    expect(socket.sent.slice(1)).toMatchObject([{ data: { tradeId: 'trade-2', status: 'failed' } }]);
  });
});

describe('a socket goes', () => {
  it('when it reads too slowly (1013), talks too much (1008) or not in text (1003)', async () => {
    const { open, house, ended } = await setUp();
    const [slow, loud, binary] = [open(), open(), open()];
    slow.say({ type: 'subscribe', agentId: 'agent-1' });
    slow.socket.bufferedAmount = 1_048_577;
    house.commit({ ...ended, end: 'canceled' } as never);
    for (let n = 0; n < 1_201; n += 1) loud.say({ type: 'unsubscribe', agentId: 'x' });
    binary.session.receivedBinary();
    expect([slow.socket.closed, loud.socket.closed, binary.socket.closed]).toEqual([1013, 1008, 1003]);
  });
  it('not when it asks at once for all that it may hear, and then says 200 messages a second', async () => {
    const { open, house } = await setUp();
    const { socket, say } = open();
    const say200 = (type: string) => {
      for (let n = 0; n < 200; n += 1) say({ type, agentId: 'agent-1' });
    };
    for (let n = 0; n < 1_000; n += 1) say({ type: 'subscribe', agentId: 'agent-1' });
    for (let second = 0; second < 10; second += 1) {
      say200('unsubscribe');
      house.advance(1_000);
    }
    expect(socket.closed).toBeUndefined();
    say200('unsubscribe');
    say({ type: 'unsubscribe', agentId: 'agent-1' });
    expect(socket.closed).toBe(1008);
  });
  it('and leaves no timer and no subscription behind', async () => {
    const { open, house, token } = await setUp();
    const sessions = [open(NOTHING), open({ authorization: undefined, accessToken: token })];
    await house.settled();
    sessions[1]!.say({ type: 'subscribe', agentId: 'agent-1' });
    for (const { session } of sessions) session.closed();
    expect(house.clock.nextDue()).toBeUndefined();
  });
});
