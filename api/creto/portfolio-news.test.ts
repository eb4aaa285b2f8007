import { describe, expect, it } from 'vitest';
import { RateLimiter } from '../kit/limits.ts';
import { Meter } from '../kit/meter.ts';
import { Tokens } from '../kit/tokens.ts';
import { FakeHouse, START } from '../testing/fake-house.ts';
import { FakeSocket } from '../testing/fake-socket.ts';
import { traderRow } from '../testing/samples.ts';
import { CretoStream, cretoSocket } from './stream.ts';

/** Agent 1 holds 10 AAPL beside 99,000 in cash; somebody listens to it. */
async function listening() {
  const house = new FakeHouse();
  house.traders.set('agent-1', traderRow());
  const position = { open: true, updatedAt: START };
  house.positions.push({
    ...{
      id: 'acct-agent-1/AAPL',
      accountId: 'acct-agent-1',
      symbol: 'AAPL',
      quantity: '10',
      cost: '1000',
      ...position,
    },
  });
  const quoted = (symbol: string, last: number) =>
    house.quotes.set(symbol, { type: 'market.quote', symbol, bid: last, ask: last, last, simulated: true });
  quoted('AAPL', 100);
  house.on('portfolio.get', () => {
    const { last } = house.quotes.get('AAPL')!;
    const worth = { equity: String(99_000 + 10 * last), unrealizedPnl: String(10 * (last - 100)) };
    return { type: 'portfolio.answered', found: true, ...worth } as never;
  });
  const doors = { house, tokens: new Tokens(house), limiter: new RateLimiter(), meter: new Meter(house) };
  const stream = new CretoStream(doors);
  const socket = new FakeSocket(cretoSocket);
  const session = stream.open(socket, { authorization: 'Bearer test-bearer-token', accessToken: undefined });
  const say = (type: string) => session.received(JSON.stringify({ type, agentId: 'agent-1' }));
  say('subscribe');
  const worths = () => socket.sent.flatMap(({ type, data }) => (type === 'portfolio:update' ? [data?.totalValue] : []));
  const second = async () => {
    house.advance(1_000);
    await house.settled();
  };
  return { house, session, say, quoted, worths, second };
}

describe('a portfolio that somebody listens to', () => {
  it('is told when the market has moved its worth, once a second at most', async () => {
    const { house, quoted, worths, second } = await listening();
    await second();
    expect(worths()).toEqual([100_000]);
    quoted('AAPL', 110);
    quoted('AAPL', 120);
    house.advance(500);
    await house.settled();
    expect(worths()).toEqual([100_000]);
    house.advance(500);
    await house.settled();
    expect(worths()).toEqual([100_000, 100_200]);
  });

  it('is neither told nor asked for while nothing moves', async () => {
    const { house, quoted, worths, second } = await listening();
    await second();
    for (let seconds = 0; seconds < 5; seconds += 1) {
      quoted('NVDA', seconds);
      await second();
    }
    expect([worths(), house.asked.length]).toEqual([[100_000], 1]);
  });

  it('is left alone while nothing is held, while the house is not ready, and when nobody listens any more', async () => {
    const { house, say, quoted, worths, second } = await listening();
    const [position] = house.positions.splice(0);
    await second();
    expect(house.asked).toEqual([]);
    house.positions.push(position!);
    house.present = 'stopping';
    await second();
    expect(house.asked).toEqual([]);
    house.present = 'ready';
    await second();
    say('unsubscribe');
    quoted('AAPL', 130);
    await second();
    expect(worths()).toEqual([100_000]);
    say('subscribe');
    await second();
    expect(worths()).toEqual([100_000, 100_300]);
  });

  it('is told again after a question that nobody answered', async () => {
    const { house, quoted, worths, second } = await listening();
    await second();
    house.on('portfolio.get', () => Promise.reject(new Error('away')));
    quoted('AAPL', 110);
    await second();
    expect(house.logged).toEqual(['stream.missed']);
    house.on(
      'portfolio.get',
      () => ({ type: 'portfolio.answered', found: true, equity: '100200', unrealizedPnl: '0' }) as never,
    );
    await second();
    expect(worths()).toEqual([100_000, 100_200]);
  });
});
