/** The read view over the in-memory tables: what is seen when, what leaves memory, and that lists and counts are the tables'. */
import { beforeEach, expect, test } from 'vitest';
import type { TraderCreated } from '../messages/trader.ts';
import type { ListQuery, Queries } from '../projections/queries.ts';
import { ReadView } from '../projections/view.ts';
import type { JournalRecord } from '../runtime/message.ts';
import type { Upsert } from '../runtime/store.ts';
import { openMemory } from './memory/open.ts';
import { Facts } from './testing/facts.ts';
import { GroupWriter } from './testing/groups.ts';

const denied = { denial: { code: 'PRICE_COLLAR', class: 'limit', explanation: 'too far', numbers: {} } };

let memory: ReturnType<typeof openMemory>;
let writer: GroupWriter;
let facts: Facts;
let view: ReadView;

beforeEach(async () => {
  memory = openMemory();
  await memory.store.open('live');
  writer = new GroupWriter(await memory.store.takeEpoch());
  facts = new Facts();
  view = new ReadView(memory.queries);
  await view.load();
});

const apply = (...records: readonly JournalRecord[]): Upsert[] => {
  const changed = new Map<string, Upsert>();
  for (const record of records)
    for (const upsert of view.apply(record)) changed.set(`${upsert.table} ${upsert.key}`, upsert);
  return [...changed.values()];
};

const commit = async (upserts: readonly Upsert[]): Promise<void> => {
  await memory.store.commit(writer.next([], { upserts }));
};

const settle = async (...records: readonly JournalRecord[]): Promise<void> => {
  const upserts = apply(...records);
  await commit(upserts);
  view.publish(upserts);
};

const reopened = async (queries: Queries = memory.queries): Promise<ReadView> => {
  const again = new ReadView(queries);
  await again.load();
  return again;
};

test('a row is seen once its group is durable, and projections see it before', () => {
  const first = apply(facts.trader('t1'), facts.submitted('o1'));
  expect(view.order('o1')).toBeUndefined();
  const second = apply(facts.intended('o1'));
  view.publish(first);
  expect(view.order('o1')?.status).toBe('gating');
  view.publish(second);
  expect(view.order('o1')?.status).toBe('sending');
});

test('while it is read again, what was durable is still seen', async () => {
  await settle(facts.trader('t1'), facts.submitted('o1'));
  const loading = view.load();
  expect([view.trader('t1')?.id, view.order('o1')?.id]).toEqual(['t1', 'o1']);
  await loading;
  expect([view.trader('t1')?.id, view.order('o1')?.id]).toEqual(['t1', 'o1']);
});

test('what was not committed is forgotten', async () => {
  await settle(facts.trader('t1'), facts.submitted('o1'));
  apply(facts.intended('o1'), facts.submitted('o2'));
  view.discard();
  expect(view.order('o2')).toBeUndefined();
  view.publish(apply(facts.ended('o1', 'canceled')));
  expect(view.recentOrders('t1', 0, 10)?.rows.map(({ id, status }) => [id, status])).toEqual([['o1', 'ended']]);
});

test('an order denied at submission is not listed, one denied after a person was asked is', async () => {
  await settle(facts.trader('t1'), facts.submitted('o1'), facts.ended('o1', 'denied', denied));
  await settle(facts.submitted('o2'), facts.held('o2'));
  await settle(facts.ended('o2', 'denied', denied));
  expect((await view.ordersOf('t1', 0, 10)).rows).toMatchObject([
    { id: 'o2', end: 'denied', denialCode: 'PRICE_COLLAR', requestId: 'req-o2' },
  ]);
  expect(await view.findOrder('o1')).toMatchObject({ listed: false, reason: 'too far' });
});

test('a new trader is answered from memory with the newest fifty orders and the count of all', async () => {
  await settle(facts.trader('t1'));
  await settle(...facts.filledOrders(60));
  expect(view.recentOrders('t1', 0, 20)).toMatchObject({ total: 60 });
  expect(view.recentOrders('t1', 48, 2)?.rows.map(({ id }) => id)).toEqual(['o12', 'o11']);
  expect(view.recentOrders('t1', 40, 20)).toBeUndefined();
  expect((await view.ordersOf('t1', 58, 20)).rows.map(({ id }) => id)).toEqual(['o2', 'o1']);
  expect(view.order('o10')).toBeUndefined();
  expect(await view.findOrder('o10')).toMatchObject({ end: 'filled' });
});

test('after a restart only what is open is loaded, and a list comes into memory when it is asked for', async () => {
  await settle(facts.trader('t1'), ...facts.filledOrders(3), facts.submitted('open'), facts.intended('open'));
  view = await reopened();
  expect(view.order('o1')).toBeUndefined();
  expect(view.openOrders('t1').map(({ id }) => id)).toEqual(['open']);
  expect(view.recentOrders('t1', 0, 10)).toBeUndefined();
  expect(await view.ordersOf('t1', 0, 10)).toMatchObject({ total: 4 });
  await settle(facts.filled('open'));
  expect(view.recentOrders('t1', 0, 1)).toMatchObject({ total: 4, rows: [{ id: 'open', end: 'filled' }] });
});

test('a list that moves while it is read is not taken over, and the answer is the table', async () => {
  await settle(facts.trader('t1'), ...facts.filledOrders(2));
  let whileReading = async (): Promise<void> => undefined;
  const slow: Queries = {
    get: (table, id) => memory.queries.get(table, id),
    list: async (table, query: ListQuery) => {
      const page = await memory.queries.list(table, query);
      if (table === 'orders') await whileReading();
      return page;
    },
  };
  view = await reopened(slow);
  whileReading = async () => {
    whileReading = async () => undefined;
    await settle(facts.submitted('o3'), facts.intended('o3'));
  };
  expect(await view.ordersOf('t1', 0, 10)).toMatchObject({ total: 3 });
  expect(view.recentOrders('t1', 0, 10)).toBeUndefined();
  expect(await view.ordersOf('t1', 0, 10)).toMatchObject({ total: 3 });
  expect(view.recentOrders('t1', 0, 10)?.total).toBe(3);
});

test('a list is not taken over while an order of it is under way', async () => {
  await settle(facts.trader('t1'), ...facts.filledOrders(2));
  view = await reopened();
  const upserts = apply(facts.submitted('o3'), facts.intended('o3'));
  await commit(upserts);
  expect((await view.ordersOf('t1', 0, 10)).total).toBe(3);
  view.publish(upserts);
  expect((await view.ordersOf('t1', 0, 10)).total).toBe(3);
});

test("traders on accounts of the house, which trade for bots and runs, are in nobody's own list", async () => {
  const { type, at, ...row } = facts.trader('t1', 'ann').message as TraderCreated;
  await settle(
    facts.trader('t2', 'ann'),
    facts.record({ type, ...row, traderId: 'agent-task-1', accountId: 'demo-fx' }),
  );
  expect(view.traders({ userId: 'ann', offset: 0, limit: 10 })).toMatchObject({ total: 1, rows: [{ id: 't2' }] });
  expect(view.traders({ offset: 0, limit: 10 })).toMatchObject({ total: 2 });
});

test('traders are listed newest first, of all, of one user, of one status', async () => {
  await settle(facts.trader('t1', 'ann'), facts.trader('t2', 'bob'), facts.trader('t3', 'ann'));
  await settle(facts.record({ type: 'trader.terminated', traderId: 't1', accountId: 'acct-t1', by: 'ann' }));
  const ids = (filter: object) => view.traders({ offset: 0, limit: 10, ...filter }).rows.map(({ id }) => id);
  expect(ids({})).toEqual(['t3', 't2', 't1']);
  expect(ids({ userId: 'ann' })).toEqual(['t3', 't1']);
  expect(ids({ userId: 'ann', status: ['active'] })).toEqual(['t3']);
  expect(ids({ userId: 'ann', status: ['active', 'terminated'] })).toEqual(['t3', 't1']);
  expect(ids({ userId: 'eve' })).toEqual([]);
  expect((await reopened()).traders({ offset: 1, limit: 1 })).toMatchObject({ total: 3, rows: [{ id: 't2' }] });
});

test('requests and halts are in memory while they are open, and in the table for ever', async () => {
  const ticket = { ...facts.submitted('o1').message } as unknown as { ticket: object };
  const request = {
    requestId: 'req-1',
    orderId: 'o1',
    traderId: 't1',
    ticket: ticket.ticket,
    amount: '60000',
    reason: 'above',
    priority: 'medium',
  };
  const shown = { contentHash: 'h', shownPrice: '150', band: { low: '149', high: '151' }, expiresAt: 99 };
  await settle(
    facts.record({ type: 'approval.requested', ...request, ...shown }),
    facts.record({ type: 'trading.halted', stopId: 's1', scope: 'system', reason: 'test', by: 'ann' }),
  );
  expect(view.pendingApprovals(0, 10)).toMatchObject({ total: 1, rows: [{ id: 'req-1', bandHigh: '151' }] });
  expect(view.activeHalts().map(({ id }) => id)).toEqual(['s1']);
  await settle(
    facts.record({
      type: 'approval.repriced',
      requestId: 'req-1',
      shownPrice: '152',
      band: { low: '151', high: '153' },
      contentHash: 'h2',
    }),
    facts.record({
      type: 'approval.decided',
      requestId: 'req-1',
      orderId: 'o1',
      traderId: 't1',
      decision: 'approved',
      by: 'bob',
    }),
    facts.record({ type: 'trading.resumed', stopId: 's1', by: 'bob', reason: 'over' }),
  );
  expect(view.pendingApprovals(0, 10).total).toBe(0);
  expect(view.activeHalts()).toEqual([]);
  expect(await view.findApproval('req-1')).toMatchObject({
    status: 'approved',
    price: '152',
    contentHash: 'h2',
    decidedBy: 'bob',
  });
  expect(await view.findHalt('s1')).toMatchObject({ status: 'resolved', resolvedBy: 'bob', resolution: 'over' });
});

test('fills realise against the position, also over a restart, and every posting balances', async () => {
  await settle(facts.trader('t1'), ...facts.filledOrders(1));
  view = await reopened();
  await settle(facts.submitted('o2'), facts.filled('o2', { side: 'sell', price: '160', quantity: '4' }));
  expect(await memory.queries.get('fills', 'x-o2')).toMatchObject({ realizedPnl: '40' });
  expect(await memory.queries.get('positions', 'acct-t1/AAPL')).toMatchObject({
    quantity: '6',
    cost: '900',
    open: true,
  });
  const { rows } = await memory.queries.list('ledger', { where: [], orderBy: [], limit: 10, offset: 0 });
  expect(rows.map(({ kind }) => kind)).toEqual(['deposit', 'fill', 'fill']);
  for (const { entries } of rows) {
    const amounts = (JSON.parse(entries) as { amount: string }[]).map(({ amount }) => Number(amount));
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(0);
  }
});

test('a late fill is booked and leaves the order as it ended', async () => {
  await settle(facts.trader('t1'), facts.submitted('o1'), facts.intended('o1'), facts.ended('o1', 'canceled'));
  await settle(facts.filled('o1', { late: true }));
  expect(view.order('o1')).toMatchObject({ end: 'canceled', filledQuantity: '0' });
  expect(await memory.queries.get('fills', 'x-o1')).toMatchObject({ quantity: '10' });
});

test('usage adds up within an hour, also over a restart', async () => {
  const metered = (hour: number, apiCalls: number) =>
    facts.record({ type: 'usage.metered', traderId: 't1', hour, apiCalls, computeMs: 1 });
  await settle(metered(0, 5), metered(3_600_000, 1));
  view = await reopened();
  await settle(metered(3_600_000, 2));
  expect(await memory.queries.get('usage', 't1/3600000')).toMatchObject({ apiCalls: 3, computeMs: 2 });
  expect(await memory.queries.get('usage', 't1/0')).toMatchObject({ apiCalls: 5 });
});

test('a run tells who wants it stopped, from the moment of the wish on, and which request has begun it', async () => {
  const about = { executionId: 7, taskId: 4 };
  const task = {
    ...{ taskId: 4, userId: 'u', labels: {}, parameters: {}, executions: 1, accountId: null, startAt: null },
  };
  await settle(facts.record({ type: 'run.created', ...about, task, requestId: 'r', by: 'u' }));
  await settle(facts.record({ type: 'run.signalled', ...about, signal: 'pause', by: 'u' }));
  expect(await view.findRun('7')).toMatchObject({ requestId: 'r', stoppedBy: null });
  await settle(facts.record({ type: 'run.signalled', ...about, signal: 'stop', by: 'somebody' }));
  expect(await view.findRun('7')).toMatchObject({ open: true, stoppedBy: 'somebody' });
  await settle(facts.record({ type: 'run.changed', ...about, from: 'created', status: 'stopped', by: 'another' }));
  expect(await view.findRun('7')).toMatchObject({ open: false, stoppedBy: 'another' });
});
