/** Whose agents a caller reaches, and in whose name an order is asked for. */
import { describe, expect, it } from 'vitest';
import type { OrderSubmit } from '../../messages/order.ts';
import { BODY, traderRow, viewOf, World } from '../testing/samples.ts';

async function withTrader() {
  const world = new World();
  world.house.traders.set('agent-1', traderRow());
  return { world, owner: await world.token('user-456', 'trader') };
}

it('an order tells who has asked for it in the name of somebody else', async () => {
  const { world, owner } = await withTrader();
  world.house.on<OrderSubmit>('order.submit', (message) => {
    const { orderId } = message.ticket;
    return { type: 'order.answered', orderId, order: viewOf(message, {}) } as never;
  });
  const admin = await world.token('admin-1', 'admin');
  for (const as of [owner, admin]) await world.call('POST', '/api/v1/agents/agent-1/trades', { as, body: BODY });
  const tickets = world.house.asked.filter((asked): asked is OrderSubmit => asked.type === 'order.submit');
  expect(tickets.map(({ ticket: { userId, submittedBy } }) => [userId, submittedBy])).toEqual([
    ['user-456', undefined],
    ['user-456', 'admin-1'],
  ]);
});

describe('agents of bots and runs', () => {
  const shared = { id: 'agent-task-3', accountId: 'demo-fx', name: 'floor' };
  const paths = [
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/trades'],
    ['GET', '/quota'],
    ['POST', '/trades'],
  ] as const;

  it('do not exist for the user whose task they trade for: their account is not his alone', async () => {
    const { world, owner } = await withTrader();
    world.house.traders.set(shared.id, traderRow(shared));
    for (const [method, path] of paths) {
      const body = method === 'POST' ? { body: BODY } : {};
      const reply = await world.call(method, `/api/v1/agents/${shared.id}${path}`, { as: owner, ...body });
      expect(reply).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    }
    expect(world.house.asked).toEqual([]);
  });

  it('are seen by a supervisor, and nobody orders for them or terminates them here', async () => {
    const { world } = await withTrader();
    world.house.traders.set(shared.id, traderRow(shared));
    world.house.on(
      'portfolio.get',
      () => ({ type: 'portfolio.answered', accountId: 'demo-fx', portfolio: null }) as never,
    );
    const admin = await world.token('admin-1', 'admin');
    const conflict = { status: 409, code: 'AGENT_BELONGS_TO_RUN' };
    const path = `/api/v1/agents/${shared.id}`;
    expect(await world.call('DELETE', path, { as: admin })).toMatchObject(conflict);
    expect(await world.call('POST', `${path}/trades`, { as: admin, body: BODY })).toMatchObject(conflict);
    expect((await world.call('GET', `${path}/trades`, { as: admin })).status).toBe(200);
  });
});
