/** Oversight through its public door: decided once, by whom it may be, about what was shown. */
import { describe, expect, it } from 'vitest';
import type { ApprovalRow } from '../../projections/rows.ts';
import { FakeHouse, START } from '../testing/fake-house.ts';
import { approvalRow, filledRow, World } from '../testing/samples.ts';
import { approvedRequest, rejectedRequest, requestList } from './schemas.ts';

const AT = '2026-11-02T12:00:05.000Z';
const REASON = 'Outside of the acceptable risk range';

async function waiting(over: Partial<ApprovalRow> = {}) {
  const house = new FakeHouse();
  house.approvals.set('req-1', approvalRow(over));
  house.orders.set('trade-1', filledRow());
  house.on('order.get', () => ({ type: 'order.answered', order: null }) as never);
  const world = new World(house);
  const decide = (outcome: string, more = {}) => {
    const answer = { type: 'approval.answered', requestId: 'req-1', outcome, processedAt: START + 5_000, ...more };
    house.on('approval.approve', () => answer).on('approval.reject', () => answer);
  };
  const boss = await world.token('boss', 'supervisor');
  const approve = (options = {}) =>
    world.call('POST', '/api/v1/oversight/requests/req-1/approve', { as: boss, ...options });
  const reject = (options = {}) =>
    world.call('POST', '/api/v1/oversight/requests/req-1/reject', { as: boss, body: { reason: REASON }, ...options });
  return { world, house, decide, boss, approve, reject };
}

describe('the list of requests', () => {
  it('shows what is pending, unless asked otherwise', async () => {
    const { world, house, boss } = await waiting();
    house.approvals.set('req-2', approvalRow({ id: 'req-2', status: 'expired', sequence: 2 }));
    const ids = async (query = '') => {
      const { body } = await world.call('GET', `/api/v1/oversight/requests${query}`, { as: boss });
      return requestList.parse(body).requests.map(({ id }) => id);
    };
    expect(await ids()).toEqual(['req-1']);
    expect(await ids('?status=expired')).toEqual(['req-2']);
    expect(await ids('?status=all')).toEqual(['req-2', 'req-1']);
  });
});

describe('approving', () => {
  it('executes the trade and says so', async () => {
    const { house, decide, approve } = await waiting();
    decide('approved');
    const { status, body } = await approve({ body: { comment: 'Fine' }, headers: { 'if-match': '"abc"' } });
    expect(status).toBe(200);
    expect(approvedRequest.strict().parse(body)).toEqual({
      id: 'req-1',
      agentId: 'agent-1',
      tradeId: 'trade-1',
      status: 'approved',
      approvedBy: 'boss',
      approvedAt: AT,
      comment: 'Fine',
      executedTrade: { id: 'trade-1', status: 'executed', executedAt: '2026-11-02T12:00:02.000Z' },
    });
    expect(house.asked[0]).toMatchObject({ requestId: 'req-1', by: 'boss', comment: 'Fine', ifMatch: 'abc' });
  });
  it('needs no body', async () => {
    const { decide, approve } = await waiting();
    decide('approved');
    expect((await approve()).status).toBe(200);
    expect((await approve({ body: {} })).status).toBe(200);
  });
  it('takes nothing that is no object for none', async () => {
    const { house, approve } = await waiting();
    for (const body of ['null', '[]', '7']) expect((await approve({ body })).status).toBe(400);
    expect(house.asked).toEqual([]);
  });
  it.each([
    ['stale', { shown: '500', now: '520', band: { low: '495', high: '505' } }, 409, 'APPROVAL_STALE'],
    ['four-eyes', {}, 403, 'INSUFFICIENT_PERMISSIONS'],
  ])('is refused when %s', async (outcome, more, status, code) => {
    const { decide, approve } = await waiting();
    decide(outcome, more);
    const reply = await approve();
    expect(reply).toMatchObject({ status, code });
    if (outcome === 'stale')
      expect(reply.body).toMatchObject({ error: { details: { shown: 500, now: 520, band: { low: 495 } } } });
  });
  it("names what was wrong: a content that is not the request's is no move of the market, and neither is a missing quote", async () => {
    const { decide, approve } = await waiting({ contentHash: 'def' });
    decide('hash-mismatch');
    const other = await approve({ headers: { 'if-match': '"abc"' } });
    expect(other).toMatchObject({ status: 409, code: 'APPROVAL_STALE' });
    expect(other.body).toMatchObject({
      error: { message: expect.stringContaining('If-Match'), details: { contentHash: 'def' } },
    });
    decide('stale', { shown: '500', band: { low: '495', high: '505' } });
    expect((await approve()).body).toMatchObject({
      error: { message: expect.stringContaining('no quote of NVDA'), details: { shown: 500, now: null } },
    });
  });
  it('happens once', async () => {
    const { decide, approve, house } = await waiting({ status: 'rejected', decidedBy: 'other', decidedAt: START });
    decide('approved');
    const reply = await approve();
    expect(reply).toMatchObject({ status: 409, code: 'REQUEST_ALREADY_PROCESSED' });
    expect(reply.body).toMatchObject({
      error: { details: { currentStatus: 'rejected', processedAt: '2026-11-02T12:00:00.000Z' } },
    });
    expect(house.asked).toEqual([]);
  });
  it('that another decision has overtaken is answered from what was decided', async () => {
    const { house, approve } = await waiting();
    house.on('approval.approve', () => {
      house.approvals.set('req-1', approvalRow({ status: 'expired', decidedAt: START }));
      return { type: 'approval.answered', outcome: 'not-found' } as never;
    });
    const reply = await approve();
    expect(reply).toMatchObject({ status: 409, code: 'REQUEST_ALREADY_PROCESSED' });
    expect(reply.body).toMatchObject({
      error: { message: 'Request has expired', details: { currentStatus: 'expired' } },
    });
  });
  it('of an unknown request is 404', async () => {
    const { world, boss } = await waiting();
    const reply = await world.call('POST', '/api/v1/oversight/requests/req-9/approve', { as: boss });
    expect(reply).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });
  it('of an own request needs the supervisor role', async () => {
    const { world, decide, approve } = await waiting();
    decide('approved');
    expect((await approve({ as: await world.token('user-456', 'admin') })).status).toBe(403);
    expect((await approve({ as: await world.token('user-456', 'trader', 'supervisor') })).status).toBe(200);
  });
  it('whose answer was lost is answered again to the same key', async () => {
    const { house, approve } = await waiting({ status: 'approved', decidedBy: 'boss', decidedAt: START + 5_000 });
    house.on('key.claim', () => ({ type: 'key.answered', outcome: 'fresh', entity: 'req-1' }) as never);
    house.on('key.settle', () => ({ type: 'key.answered' }));
    const reply = await approve({ headers: { 'idempotency-key': 'k' } });
    expect(reply.body).toMatchObject({ status: 'approved', approvedAt: AT });
    expect((await approve()).status).toBe(409);
  });
});

describe('rejecting', () => {
  it('cancels the trade and says so', async () => {
    const { decide, reject } = await waiting();
    decide('rejected');
    const { status, body } = await reject();
    expect(status).toBe(200);
    expect(rejectedRequest.strict().parse(body)).toMatchObject({
      rejectedBy: 'boss',
      rejectedAt: AT,
      rejectionReason: REASON,
      cancelledTrade: { id: 'trade-1', status: 'cancelled', cancelledAt: AT },
    });
  });
  it.each([{}, { reason: 'too short' }, { reason: '          x' }, { reason: REASON, extra: 1 }])(
    'needs a reason of at least 10 characters: %o',
    async (body) => {
      const { reject } = await waiting();
      expect(await reject({ body })).toMatchObject({ status: 400, code: 'VALIDATION_ERROR' });
    },
  );
});
