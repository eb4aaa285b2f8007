/** Emergency stops through their public door: who may stop what, in whose name, and how they end. */
import { describe, expect, it } from 'vitest';
import type { TradingHalt } from '../../messages/halt.ts';
import type { Role } from '../kit/caller.ts';
import { FakeHouse, START } from '../testing/fake-house.ts';
import { keepKeys } from '../testing/keys.ts';
import { accountRow, haltRow, traderRow, World } from '../testing/samples.ts';

const STOP = '/api/v1/emergency-stop';
const stop = (over: object = {}) => ({
  reason: 'test',
  triggered_by: 'user-456',
  scope: 'agent',
  target_id: 'agent-1',
  ...over,
});

async function setUp(fourEyes = false) {
  const house = new FakeHouse({ fourEyes });
  house.traders.set('agent-1', traderRow());
  house.traders.set('agent-2', traderRow({ id: 'agent-2', userId: 'user-9' }));
  house.accounts.push(accountRow({ id: 'other' }));
  house.on<TradingHalt>(
    'trading.halt',
    ({ stopId }) => ({ type: 'trading.halt-answered', stopId, handedOver: ['trade-7'] }) as never,
  );
  const world = new World(house);
  const as = (sub: string, ...roles: Role[]) => world.token(sub, ...roles);
  return { house, world, as };
}

describe('an emergency stop', () => {
  it('is acknowledged with what it covers and what was handed over', async () => {
    const { house, world, as } = await setUp();
    const { status, body } = await world.call('POST', STOP, { as: await as('user-456', 'trader'), body: stop() });
    expect(status).toBe(200);
    expect(body).toEqual({
      success: true,
      stop_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/),
      timestamp: '2026-11-02T12:00:00.000Z',
      affected_components: ['agent-1', 'acct-agent-1', 'trade-7'],
    });
    expect(house.asked[0]).toMatchObject({ scope: 'agent', targetId: 'agent-1', by: 'user-456', reason: 'test' });
  });
  it.each([
    ['an own account', 'trader', { scope: 'account', target_id: 'acct-agent-1' }, 200],
    ['an account of the token', 'trader', { scope: 'account', target_id: 'demo-fx' }, 200],
    ['a foreign account', 'trader', { scope: 'account', target_id: 'other' }, 403],
    ['a foreign agent', 'trader', { target_id: 'agent-2' }, 404],
    ['an unknown agent', 'supervisor', { target_id: 'agent-9' }, 404],
    ['any agent', 'supervisor', { target_id: 'agent-2' }, 200],
    ['any account', 'supervisor', { scope: 'account', target_id: 'other' }, 200],
    ['an unknown account', 'supervisor', { scope: 'account', target_id: 'otter' }, 404],
    ['the account of an unknown agent', 'admin', { scope: 'account', target_id: 'acct-agent-9' }, 404],
    ['an agent that is named as an account', 'supervisor', { scope: 'account', target_id: 'agent-1' }, 404],
    ['the system', 'trader', { scope: 'system' }, 403],
    ['the system', 'supervisor', { scope: 'system' }, 200],
    ['the system', 'service', { scope: 'system' }, 200],
  ] as const)('of %s by a %s with %o is %i', async (_, role, over, status) => {
    const { world, as } = await setUp();
    expect((await world.call('POST', STOP, { as: await as('user-456', role), body: stop(over) })).status).toBe(status);
  });
  it.each([
    ['whose token has the one name', 'demo-fx', 'D17'],
    ['whose token has the other', 'house-fx', 'demo-fx'],
  ])(
    'of an account by its venue’s id stops what the house knows by its own, by somebody %s',
    async (_who, id, venueId) => {
      const { house, world, as } = await setUp();
      house.accounts.push(accountRow({ id, venueId }));
      const body = stop({ scope: 'account', target_id: venueId });
      const answer = await world.call('POST', STOP, { as: await as('user-456', 'trader'), body });
      expect(answer).toMatchObject({ status: 200, body: { affected_components: [id, 'trade-7'] } });
      expect(house.asked[0]).toMatchObject({ scope: 'account', targetId: id });
    },
  );
  it.each([
    [{ scope: 'planet' }],
    [{ reason: ' ' }],
    [{ reason: undefined }],
    [{ target_id: undefined }],
    [{ triggered_by: 7 }],
    [{ status: 'resolved' }],
  ])('with a bad body %o is refused in the contract form', async (over) => {
    const { world } = await setUp();
    const { status, body } = await world.call('POST', STOP, { body: stop(over) });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: {
        code: 'VALIDATION_001',
        details: { fields: [{ field: expect.any(String) }] },
        request_id: expect.any(String),
      },
    });
  });
  it('can be triggered in the name of others by admins only, and with four eyes by nobody', async () => {
    const body = stop({ triggered_by: 'risk-desk' });
    const plain = await setUp();
    expect((await plain.world.call('POST', STOP, { as: await plain.as('user-456', 'trader'), body })).code).toBe(
      'AUTH_002',
    );
    expect((await plain.world.call('POST', STOP, { body })).status).toBe(200);
    expect(plain.house.asked[0]).toMatchObject({ by: 'risk-desk' });
    const strict = await setUp(true);
    expect((await strict.world.call('POST', STOP, { body })).status).toBe(403);
  });
  it('is never refused for its rate', async () => {
    const { world } = await setUp();
    for (let n = 0; n < 1_050; n += 1) {
      const { status } = await world.call('POST', STOP, { body: stop({ triggered_by: 'user-123' }) });
      if (status !== 200) throw new Error(`stop ${n} was answered ${status}`);
    }
  });
  it('that is repeated with its key is the same stop, and never waits for the key', async () => {
    const { house, world } = await setUp();
    const send = (over: object = {}) =>
      world.call('POST', STOP, {
        body: stop({ triggered_by: 'user-123', ...over }),
        headers: { 'idempotency-key': 'a' },
      });
    const first = await send();
    const { stop_id: stopId } = first.body as { stop_id: string };
    house.haltRows.set(
      stopId,
      haltRow({ id: stopId, scope: 'agent', targetId: 'agent-1', triggeredBy: 'user-123', createdAt: START - 5_000 }),
    );
    expect((await send()).body).toMatchObject({ stop_id: stopId, timestamp: '2026-11-02T11:59:55.000Z' });
    expect(await send({ reason: 'another' })).toMatchObject({ status: 422 });
    expect(house.asked.map(({ type }) => type)).toEqual(['trading.halt', 'trading.halt', 'trading.halt']);
  });
  it('that is repeated with its key after its release says that it is no longer in force', async () => {
    const { house, world } = await setUp();
    const body = stop({ triggered_by: 'user-123' });
    const send = () => world.call('POST', STOP, { body, headers: { 'idempotency-key': 'a' } });
    const first = await send();
    expect(first.body).not.toHaveProperty('status');
    const { stop_id: id } = first.body as { stop_id: string };
    const made = haltRow({ id, scope: 'agent', targetId: 'agent-1', triggeredBy: 'user-123' });
    house.haltRows.set(id, made);
    expect((await send()).text).toBe(first.text);
    house.haltRows.set(id, { ...made, status: 'resolved', resolvedBy: 'boss', resolvedAt: START + 5_000 });
    const released = { status: 'resolved', resolved_at: '2026-11-02T12:00:05.000Z' };
    expect(await send()).toMatchObject({ status: 200, body: { ...(first.body as object), ...released } });
  });
});

describe('stops in force', () => {
  it('are listed', async () => {
    const { house, world } = await setUp();
    house.haltRows.set('stop-1', haltRow());
    const { body } = await world.call('GET', '/api/v1/emergency-stops');
    expect(body).toEqual({
      active_stops: [
        {
          stop_id: 'stop-1',
          reason: 'test',
          triggered_by: 'user-123',
          timestamp: '2026-11-02T12:00:00.000Z',
          scope: 'system',
          status: 'active',
        },
      ],
    });
  });
  it('of somebody else’s agent or account are nobody else’s business', async () => {
    const { house, world, as } = await setUp();
    const halted = {
      all: {},
      own: { scope: 'agent', targetId: 'agent-1' },
      foreign: { scope: 'agent', targetId: 'agent-2' },
    };
    const accounts = {
      held: { scope: 'account', targetId: 'demo-fx' },
      other: { scope: 'account', targetId: 'other' },
      outside: { scope: 'account', targetId: 'house-fx' },
    };
    house.accounts.push(accountRow({ id: 'house-fx', venueId: 'demo-fx' }));
    for (const [id, over] of Object.entries({ ...halted, ...accounts }))
      house.haltRows.set(id, haltRow({ id, ...over }));
    const seen = async (token: string) => {
      const { body } = await world.call('GET', '/api/v1/emergency-stops', { as: token });
      return (body as { active_stops: { stop_id: string }[] }).active_stops.map(({ stop_id }) => stop_id).sort();
    };
    expect(await seen(await as('user-456', 'viewer'))).toEqual(['all', 'held', 'outside', 'own']);
    expect(await seen(await as('user-456', 'supervisor'))).toHaveLength(6);
  });
});

describe('releasing a stop', () => {
  const release = async (answer: object, role: Role = 'supervisor', authorizedBy = 'boss') => {
    const { house, world, as } = await setUp();
    house.on('trading.resume', () => ({ type: 'trading.resume-answered', stopId: 'stop-1', ...answer }));
    const reply = await world.call('DELETE', `${STOP}/stop-1`, {
      as: await as('boss', role),
      body: { authorized_by: authorizedBy, resolution_reason: 'over' },
    });
    return { reply, house };
  };
  it('tells when', async () => {
    const { reply, house } = await release({ outcome: 'resumed', resolvedAt: START });
    expect(reply.body).toEqual({ success: true, resolved_at: '2026-11-02T12:00:00.000Z' });
    expect(house.asked[0]).toMatchObject({ stopId: 'stop-1', by: 'boss', reason: 'over' });
  });
  it.each([
    ['not-found', 404, 'NOT_FOUND_001'],
    ['already-resolved', 409, 'CONFLICT_001'],
    ['four-eyes', 403, 'AUTH_002'],
  ])('that is %s is %i', async (outcome, status, code) => {
    expect((await release({ outcome })).reply).toMatchObject({ status, code });
  });
  it('whose answer was lost is the same release to who asks again with its key, and to nobody else', async () => {
    const { house, world } = await setUp();
    const keys = keepKeys(house);
    house.on('trading.resume', () => {
      const outcome = house.haltRows.get('stop-1')!.status === 'active' ? 'resumed' : 'already-resolved';
      const resolved = { status: 'resolved', resolvedBy: 'user-123', resolvedAt: START, resolution: 'over' } as const;
      house.haltRows.set('stop-1', haltRow(resolved));
      return { type: 'trading.resume-answered', stopId: 'stop-1', outcome, resolvedAt: START } as never;
    });
    house.haltRows.set('stop-1', haltRow());
    const send = (key: string) =>
      world.call('DELETE', `${STOP}/stop-1`, {
        body: { authorized_by: 'user-123', resolution_reason: 'over' },
        headers: { 'idempotency-key': key },
      });
    const first = await send('a');
    expect(await send('a')).toMatchObject({ status: 200, text: first.text });
    const [held] = keys.values();
    delete held!.answer;
    expect(await send('a')).toMatchObject({ status: 200, text: first.text });
    expect((await send('b')).status).toBe(409);
  });
  it('is for supervisors and admins, in their own name', async () => {
    expect((await release({ outcome: 'resumed' }, 'trader')).reply.status).toBe(403);
    expect((await release({ outcome: 'resumed' }, 'supervisor', 'other')).reply.status).toBe(403);
    expect((await release({ outcome: 'resumed' }, 'admin', 'other')).reply.status).toBe(200);
  });
});
