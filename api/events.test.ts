/** `/events` without sockets: which system events a caller hears, and how a run is followed, resumed and bounded. */
import { describe, expect, it } from 'vitest';
import { NEW_RUN } from '../projections/run-outputs.ts';
import { EventStream, eventSocket } from './events.ts';
import type { Doors } from './kit/call.ts';
import { RateLimiter } from './kit/limits.ts';
import { Meter } from './kit/meter.ts';
import { Tokens } from './kit/tokens.ts';
import { FakeHouse } from './testing/fake-house.ts';
import { FakeSocket } from './testing/fake-socket.ts';
import { runLine, runRow, traderRow } from './testing/samples.ts';

const FILL = {
  ...{ type: 'order.filled', orderId: 'trade-1', traderId: 'agent-1', accountId: 'acct-agent-1', symbol: 'EURUSD' },
  ...{ side: 'buy', executionId: 'x-1', quantity: '10', price: '1.1', commission: '0', end: true },
};
const DENIED = {
  ...{ type: 'order.ended', orderId: 'trade-2', traderId: 'agent-1', accountId: 'acct-agent-1', symbol: 'AAPL' },
  ...{ end: 'denied', filledQuantity: '0' },
};
const denial = (klass: string) => ({
  code: 'PRICE_COLLAR',
  class: klass,
  explanation: 'Too far',
  numbers: { last: '1' },
});
const TRADE = {
  ...{ direction: 'long', layer: 1, retracementCount: 0, units: 1_000, entryAt: 0, entryPrice: 1.2 },
  ...{ exitAt: 3_600_000, exitPrice: 1.21, points: 0.01, pnl: 10, commission: 0, reason: 'strategy' },
};

async function setUp() {
  const house = new FakeHouse();
  house.traders.set('agent-1', traderRow());
  house.runs.runRows.set(7, runRow());
  house.runs.runRows.set(8, runRow({ id: '8', userId: 'user-9' }));
  const doors: Doors = { house, tokens: new Tokens(house), limiter: new RateLimiter(), meter: new Meter(house) };
  const stream = new EventStream(doors);
  const enter = async (sub = 'user-456') => {
    const client = { clientId: 'c', secret: '', sub, roles: ['trader'] as const, accounts: [] };
    const { token } = await doors.tokens.issue(client);
    const socket = new FakeSocket(eventSocket);
    const session = stream.open(socket, { authorization: `Bearer ${token}`, accessToken: undefined });
    await house.settled();
    socket.sent.length = 0;
    return { socket, session, say: (message: object) => session.received(JSON.stringify(message)) };
  };
  /** Lines up to these numbers are there to be read. */
  const put = (events: number, trades: number, progressRatio = 0) => {
    const payload = { action: 'open', direction: 'long', layer: 1, units: 1_000, price: 1.2 };
    house.runs.lines.set(7, [
      ...Array.from({ length: events }, (_, n) => runLine('event', n + 1, 'trade_executed', payload)),
      ...Array.from({ length: trades }, (_, n) => runLine('trade', n + 1, 'long', TRADE)),
    ]);
    const last = { event: events, trade: trades, equity: 0 };
    house.runs.heads.set(7, { ...NEW_RUN, status: 'running', last, progressRatio });
  };
  /** Lets a follower have looked. */
  const look = async (ms = 200) => {
    for (let passed = 0; passed < ms; passed += 50) {
      await house.settled();
      house.advance(50);
    }
    await house.settled();
  };
  return { house, enter, put, look };
}

const typesOf = ({ sent }: FakeSocket) => sent.map(({ event_type, error }) => event_type ?? error?.code);
const sequencesOf = ({ sent }: FakeSocket, type: string) =>
  sent.filter(({ event_type }) => event_type === type).map(({ data }) => data?.sequence);

describe('system events', () => {
  it('are told to who may see the account or the trader, in the form of the contract', async () => {
    const { house, enter } = await setUp();
    const [own, foreign] = [await enter(), await enter('user-9')];
    house.commit(FILL as never);
    expect(own.socket.sent).toEqual([
      {
        ...{ event_type: 'trade_executed', timestamp: expect.any(String), source: 'execution_engine' },
        data: {
          ...{ trade_id: 'trade-1', account_id: 'acct-agent-1', instrument: 'EUR_USD', direction: 'LONG', size: 10 },
          ...{ price: 1.1, commission: 0, complete: true, execution_id: 'x-1' },
        },
      },
    ]);
    expect(foreign.socket.sent).toEqual([]);
  });

  it('tell of the stop of an account its trader too, whose token does not name it', async () => {
    const { house, enter } = await setUp();
    const [own, foreign] = [await enter(), await enter('user-9')];
    const halt = { type: 'trading.halted', stopId: 's', scope: 'account', reason: 'r', by: 'x' };
    house.commit({ ...halt, targetId: 'acct-agent-1' } as never);
    expect(own.socket.sent).toMatchObject([{ event_type: 'risk_alert', data: { target_id: 'acct-agent-1' } }]);
    expect(foreign.socket.sent).toEqual([]);
  });

  it('alert of refusals and stops, and not of a gate that was away', async () => {
    const { house, enter } = await setUp();
    const { socket } = await enter();
    house.commit({ ...DENIED, denial: denial('limit') } as never);
    house.commit({ ...DENIED, denial: denial('unavailable') } as never);
    house.commit({ ...DENIED, end: 'canceled' } as never);
    house.commit({ type: 'trading.halted', stopId: 's', scope: 'system', reason: 'drill', by: 'x' } as never);
    house.commit({
      type: 'trading.halted',
      stopId: 's',
      scope: 'account',
      targetId: 'else',
      reason: 'r',
      by: 'x',
    } as never);
    house.commit({
      type: 'quota.warned',
      traderId: 'agent-1',
      quota: 'daily.trades',
      percentUsed: 80,
      threshold: 80,
    } as never);
    expect(socket.sent.map(({ data }) => data?.alert)).toEqual(['order_denied', 'trading_halted', 'quota_warning']);
  });

  it('can be narrowed to some types', async () => {
    const { house, enter } = await setUp();
    const { socket, say } = await enter();
    say({ action: 'subscribe', event_types: ['signal_generated'] });
    house.commit(FILL as never);
    const signal = { type: 'signal.generated', signalId: 's', symbol: 'AAPL', price: 150, reasons: ['up'] };
    house.commit({ ...signal, direction: 'long' } as never);
    house.commit({ ...signal, direction: 'flat' } as never);
    expect(typesOf(socket)).toEqual(['signal_generated']);
    expect(socket.sent[0]?.data).toMatchObject({ signal_id: 's', instrument: 'AAPL', direction: 'LONG' });
  });
});

describe('a run that is followed', () => {
  it('is told from the beginning, then as it goes on, each line once', async () => {
    const { house, enter, put, look } = await setUp();
    const { socket, say } = await enter();
    put(3, 1, 0.25);
    say({ action: 'subscribe', execution_id: 7 });
    await look();
    expect(sequencesOf(socket, 'trade_executed')).toEqual([1, 2, 3]);
    expect(sequencesOf(socket, 'trade_closed')).toEqual([1]);
    expect(socket.sent.at(-1)).toMatchObject({
      ...{ event_type: 'execution_progress', source: 'execution' },
      data: { execution_id: 7, task_id: 4, execution_number: 2, status: 'running', progress: 25 },
    });
    put(5, 2, 0.5);
    house.runNews(7);
    house.runNews(7);
    house.runNews(8);
    await look();
    expect(sequencesOf(socket, 'trade_executed')).toEqual([1, 2, 3, 4, 5]);
    expect(sequencesOf(socket, 'trade_closed')).toEqual([1, 2]);
    expect(typesOf(socket).filter((type) => type === 'execution_progress')).toHaveLength(2);
  });

  it('goes on behind what the listener has, so that nothing is missed or doubled by a new connection', async () => {
    const { enter, put, look } = await setUp();
    const { socket, say } = await enter();
    put(1_203, 600);
    say({ action: 'subscribe', execution_id: 7, since_sequence: 2, since_trade_sequence: 599 });
    await look();
    expect(sequencesOf(socket, 'trade_executed')).toEqual(Array.from({ length: 1_201 }, (_, n) => n + 3));
    expect(sequencesOf(socket, 'trade_closed')).toEqual([600]);
  });

  it('that has ended is told to its end and then left', async () => {
    const { house, enter, put, look } = await setUp();
    const { socket, say } = await enter();
    put(1, 0, 1);
    house.runs.runRows.set(7, runRow({ open: false, status: 'completed' }));
    say({ action: 'subscribe', execution_id: 7 });
    await look();
    expect(typesOf(socket)).toEqual(['trade_executed', 'execution_progress']);
    expect(socket.sent[1]?.data).toMatchObject({ status: 'completed', progress: 100 });
    put(2, 0, 1);
    house.runNews(7);
    await look();
    expect(socket.sent).toHaveLength(2);
  });

  it('is left when the listener says so or goes', async () => {
    const { house, enter, put, look } = await setUp();
    const [first, second] = [await enter(), await enter()];
    for (const { say } of [first, second]) say({ action: 'subscribe', execution_id: 7 });
    await look();
    first.say({ action: 'unsubscribe', execution_id: 7 });
    second.session.closed();
    put(3, 0);
    house.runNews(7);
    await look();
    for (const { socket } of [first, second]) expect(sequencesOf(socket, 'trade_executed')).toEqual([]);
  });

  it('of somebody else is refused, as is an unknown one; the socket stays', async () => {
    const { enter, look } = await setUp();
    const { socket, say } = await enter();
    say({ action: 'subscribe', execution_id: 8 });
    await look();
    say({ action: 'subscribe', execution_id: 99 });
    await look();
    for (const wrong of [{ action: 'subscribe' }, { action: 'subscribe', execution_id: -1 }, { action: 'dance' }])
      say(wrong);
    expect(typesOf(socket)).toEqual(['AUTH_002', 'NOT_FOUND_001', ...Array(3).fill('VALIDATION_001')]);
    expect(socket.closed).toBeUndefined();
  });

  it('is one of twenty at most', async () => {
    const { house, enter, look } = await setUp();
    const { socket, say } = await enter();
    for (let id = 10; id < 31; id += 1) {
      house.runs.runRows.set(id, runRow({ id: String(id) }));
      say({ action: 'subscribe', execution_id: id });
    }
    await look();
    expect(typesOf(socket).filter((type) => type === 'CONFLICT_001')).toHaveLength(1);
    expect(typesOf(socket).filter((type) => type === 'execution_progress')).toHaveLength(20);
  });

  it('waits for a listener who reads slowly, and leaves one who does not read', async () => {
    const { enter, put, look } = await setUp();
    const { socket, say } = await enter();
    put(3, 0);
    socket.bufferedAmount = 300_000;
    say({ action: 'subscribe', execution_id: 7 });
    await look(1_000);
    expect(socket.sent).toEqual([]);
    socket.bufferedAmount = 0;
    await look();
    expect(sequencesOf(socket, 'trade_executed')).toEqual([1, 2, 3]);
    const other = await enter();
    other.socket.bufferedAmount = 300_000;
    other.say({ action: 'subscribe', execution_id: 7 });
    await look(31_000);
    expect([socket.closed, other.socket.closed]).toEqual([undefined, 1013]);
  });

  it('whose lines were removed says so to who has not heard them, and goes on to its end for who has', async () => {
    const { house, enter, put, look } = await setUp();
    const { socket, say } = await enter();
    put(2, 0);
    const head = house.runs.heads.get(7)!;
    house.runs.heads.set(7, { ...head, linesRemovedAt: head.figuresAt ?? 1 });
    say({ action: 'subscribe', execution_id: 7 });
    await look();
    expect(typesOf(socket)).toEqual(['NOT_FOUND_001']);
    const other = await enter();
    other.say({ action: 'subscribe', execution_id: 7, since_sequence: 2, since_trade_sequence: 0 });
    await look();
    expect(typesOf(other.socket)).toEqual(['execution_progress']);
  });

  it('is read again after a read that failed', async () => {
    const { house, enter, put, look } = await setUp();
    const { socket, say } = await enter();
    put(2, 0);
    const { head } = house.runs;
    house.runs.head = async () => {
      throw new Error('the database is away');
    };
    say({ action: 'subscribe', execution_id: 7 });
    await look();
    house.runs.head = head;
    await look(1_500);
    expect(sequencesOf(socket, 'trade_executed')).toEqual([1, 2]);
    expect(house.logged).toContain('stream.missed');
  });
});
