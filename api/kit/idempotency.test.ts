/** Idempotency keys through the public door, with the house's own keys agent's manners: fresh, replay, in flight, conflict. */
import { describe, expect, it } from 'vitest';
import type { OrderGet, OrderSubmit } from '../../messages/order.ts';
import { FakeHouse } from '../testing/fake-house.ts';
import { keepKeys } from '../testing/keys.ts';
import { BODY, filledRow, orderRow, traderRow, viewOf, World } from '../testing/samples.ts';
import { HouseError } from './house.ts';
import { canonicalJson } from './idempotency.ts';

function setUp() {
  const house = new FakeHouse();
  house.traders.set('agent-1', traderRow({ userId: 'user-123' }));
  house.traders.set('agent-2', traderRow({ id: 'agent-2', userId: 'user-123' }));
  const keys = keepKeys(house);
  house.on<OrderSubmit>('order.submit', (message) => ({ type: 'order.answered', order: viewOf(message) }) as never);
  const world = new World(house);
  const submit = (body: unknown = BODY, key = 'k', agent = 'agent-1') =>
    world.call('POST', `/api/v1/agents/${agent}/trades`, { body, headers: { 'idempotency-key': key } });
  const submits = () => house.asked.filter(({ type }) => type === 'order.submit').length;
  return { house, keys, world, submit, submits };
}

describe('the same key', () => {
  it('with the same body, in any order, gives the first answer', async () => {
    const { submit, submits } = setUp();
    const first = await submit();
    const { symbol, ...rest } = BODY;
    const again = await submit({ ...rest, symbol });
    expect(again).toMatchObject({ status: 201, text: first.text });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(submits()).toBe(1);
  });
  it('with another body is 422', async () => {
    const { submit, submits } = setUp();
    await submit();
    expect(await submit({ ...BODY, quantity: 101 })).toMatchObject({ status: 422, code: 'IDEMPOTENCY_CONFLICT' });
    expect(submits()).toBe(1);
  });
  it('is 503 while no further key is held, and nothing is done', async () => {
    const { house, submit, submits } = setUp();
    house.on('key.claim', () => ({ type: 'key.answered', outcome: 'full', entity: '' }) as never);
    expect(await submit()).toMatchObject({ status: 503 });
    expect(submits()).toBe(0);
  });
  it('on another path or of another caller is another key', async () => {
    const { submit, submits, world } = setUp();
    await submit();
    expect((await submit(BODY, 'k', 'agent-2')).headers.get('idempotent-replayed')).toBeNull();
    const as = await world.token('svc', 'service');
    const other = await world.call('POST', '/api/v1/agents/agent-1/trades', {
      as,
      body: BODY,
      headers: { 'idempotency-key': 'k' },
    });
    expect(other.headers.get('idempotent-replayed')).toBeNull();
    expect(submits()).toBe(3);
  });
  it('on the same path in another spelling is the same key', async () => {
    const { submit, submits } = setUp();
    const first = await submit();
    for (const agent of ['agent%2D1', '%61gent-1', '%61gent%2d1'])
      expect(await submit(BODY, 'k', agent)).toMatchObject({ status: 201, text: first.text });
    expect((await submit({ ...BODY, quantity: 7 }, 'k', 'agent%2D1')).status).toBe(422);
    expect(submits()).toBe(1);
  });
  it('while the first is under way is 409', async () => {
    const { house, submit } = setUp();
    let answer = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      answer = resolve;
    });
    house.on<OrderSubmit>('order.submit', async (message) => {
      await late;
      return { type: 'order.answered', order: viewOf(message) } as never;
    });
    const first = submit();
    await house.settled();
    expect(await submit()).toMatchObject({ status: 409, code: 'IDEMPOTENCY_CONFLICT' });
    answer();
    expect((await first).status).toBe(201);
  });
  it('gives a stored refusal again', async () => {
    const { house, submit, submits } = setUp();
    house.on<OrderSubmit>(
      'order.submit',
      (message) =>
        ({
          type: 'order.answered',
          order: viewOf(message, {
            status: 'ended',
            end: 'denied',
            denial: { code: 'HALTED', class: 'halt', explanation: 'Stopped.', numbers: {} },
          }),
        }) as never,
    );
    const first = await submit();
    expect(first.status).toBe(423);
    expect(await submit()).toMatchObject({ status: 423, text: first.text });
    expect(submits()).toBe(1);
  });
  it('is not bound by a 5xx, and the retry names the same trade', async () => {
    const { house, submit } = setUp();
    const submitted: string[] = [];
    house.on('order.get', () => ({ type: 'order.answered', order: null }) as never);
    house.on<OrderSubmit>('order.submit', (message) => {
      submitted.push(message.ticket.orderId);
      if (submitted.length === 1) throw new HouseError('timeout', 'late');
      return { type: 'order.answered', order: viewOf(message) } as never;
    });
    expect((await submit()).status).toBe(503);
    expect((await submit()).status).toBe(201);
    expect(submitted[1]).toBe(submitted[0]);
  });
});

describe('a first answer that was lost', () => {
  it('is rendered from the order as it stands, and nothing is submitted again', async () => {
    const { house, keys, submit, submits } = setUp();
    house.on<OrderGet>('order.get', ({ orderId }) => ({ type: 'order.answered', orderId, order: null }) as never);
    await submit();
    const [held] = keys.values();
    delete held!.answer;
    house.orders.set(held!.entity, filledRow({ id: held!.entity }));
    const again = await submit();
    expect(again).toMatchObject({ status: 201, body: { id: held!.entity, status: 'executed' } });
    expect(submits()).toBe(1);
  });
  it('of a denied order is the denial', async () => {
    const { house, keys, submit } = setUp();
    house.on<OrderGet>('order.get', ({ orderId }) => ({ type: 'order.answered', orderId, order: null }) as never);
    await submit();
    const [held] = keys.values();
    delete held!.answer;
    const denied = {
      status: 'ended',
      end: 'denied',
      denialCode: 'PRICE_COLLAR',
      denialClass: 'limit',
      reason: 'Too far.',
    } as const;
    house.orders.set(held!.entity, orderRow({ id: held!.entity, listed: false, ...denied }));
    expect(await submit()).toMatchObject({ status: 403, code: 'ORDER_DENIED' });
  });
});

describe('a key', () => {
  it.each(['', 'a b', 'ä', 'x'.repeat(256)])('like "%s" is refused', async (key) => {
    const { submit } = setUp();
    const reply = await submit(
      BODY,
      encodeURI(key) === key || key.includes(' ') ? key : Buffer.from(key).toString('latin1'),
    );
    expect(reply.status).toBe(400);
  });
  it('of a request that is not valid is not claimed', async () => {
    const { submit, keys } = setUp();
    expect((await submit({})).status).toBe(400);
    expect(keys.size).toBe(0);
  });
});

describe('canonical JSON', () => {
  it('sorts names at every depth and keeps lists', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 1.0 }], a: null, e: undefined })).toBe('{"a":null,"b":[{"c":1,"d":1}]}');
  });
});
