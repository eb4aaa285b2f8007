/** What the queries of every store promise over rows that were committed, as one suite. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { ListQuery, Queries } from '../../projections/queries.ts';
import type { OrderRow } from '../../projections/rows.ts';
import type { Store } from '../../runtime/store.ts';
import { type GroupWriter, orderRow, upsertOrder } from '../testing/groups.ts';

interface OpenPlace {
  readonly store: Store;
  readonly queries: Queries;
  readonly writer: GroupWriter;
}

/** `place` tells what is open now: each test has its own. */
export function queriesConformance(place: () => OpenPlace): void {
  const queries = (): Queries => place().queries;
  const commit = (...group: Parameters<GroupWriter['next']>): Promise<void> => {
    const { store, writer } = place();
    return store.commit(writer.next(...group));
  };

  test('a read row comes back with the very values it was written with, and is replaced whole', async () => {
    const row = orderRow('o1', {
      price: '0.00001',
      quantity: '123456789012345678.123',
      reason: 'Grüße 😀',
      executedAt: 5,
    });
    await commit(['{}'], { upserts: [upsertOrder(row)] });
    expect(await queries().get('orders', 'o1')).toEqual(row);
    const ended = orderRow('o1', { status: 'ended', end: 'canceled', endedAt: 7, executedAt: null });
    await commit(['{}'], { upserts: [upsertOrder(ended)] });
    expect(await queries().get('orders', 'o1')).toEqual(ended);
    expect(await queries().get('orders', 'o2')).toBeUndefined();
  });

  test('every read table takes its rows', async () => {
    const trader = {
      id: 't1',
      userId: 'u',
      accountId: 'a',
      name: 'Näme',
      status: 'active' as const,
      budget: 1000.5,
      strategy: 'balanced',
      riskTolerance: 'low',
      maxPositionSize: null,
      createdAt: 1,
      updatedAt: 2,
    };
    const usage = { id: 't1/0', traderId: 't1', hour: 0, apiCalls: 3, computeMs: 1.5, updatedAt: 1 };
    const position = {
      id: 'a/X',
      accountId: 'a',
      symbol: 'X',
      quantity: '-1',
      cost: '-2.5',
      open: true,
      updatedAt: 1,
    };
    const posting = {
      id: 'e1',
      sequence: 1,
      accountId: 'a',
      kind: 'fill' as const,
      entries: '[]',
      currency: 'USD',
      at: 1,
    };
    const upserts = [
      { table: 'traders', key: 't1', row: trader },
      { table: 'usage', key: 't1/0', row: usage },
      { table: 'positions', key: 'a/X', row: position },
      { table: 'ledger', key: 'e1', row: posting },
    ];
    await commit(['{}'], { upserts });
    expect(await queries().get('traders', 't1')).toEqual(trader);
    expect(await queries().get('usage', 't1/0')).toEqual(usage);
    expect(await queries().get('positions', 'a/X')).toEqual(position);
    expect(await queries().get('ledger', 'e1')).toEqual(posting);
  });

  describe('lists', () => {
    const ids = async (query: Partial<ListQuery>): Promise<{ ids: string[]; total: number }> => {
      const { rows, total } = await queries().list('orders', {
        where: [],
        orderBy: [],
        limit: 100,
        offset: 0,
        ...query,
      });
      return { ids: rows.map(({ id }) => id), total };
    };

    beforeEach(async () => {
      const row = (id: string, change: Partial<OrderRow>) => upsertOrder(orderRow(id, change));
      const upserts = [
        row('a', { sequence: 1, price: '9', reason: null, submittedAt: 10 }),
        row('B', { sequence: 2, price: '10', reason: 'ä', submittedAt: 20, end: 'filled', status: 'ended' }),
        row('b', { sequence: 3, price: '10', reason: 'z', submittedAt: 30, traderId: 'agent-2' }),
        row('\uFFFD', { sequence: 4, price: '1.5', reason: 'Z', submittedAt: 40, listed: false }),
        row('\u{1F600}', { sequence: 4, price: '100', reason: null, submittedAt: 50 }),
      ];
      await commit(['{}'], { upserts });
    });

    test('order by code point, and the id decides last', async () => {
      expect((await ids({})).ids).toEqual(['B', 'a', 'b', '\uFFFD', '\u{1F600}']);
      const orderBy = [{ column: 'sequence', direction: 'desc' as const }];
      expect((await ids({ orderBy })).ids).toEqual(['\uFFFD', '\u{1F600}', 'b', 'B', 'a']);
    });

    test('order decimals by value and null as the largest', async () => {
      const byPrice = [{ column: 'price', direction: 'asc' as const }];
      expect((await ids({ orderBy: byPrice })).ids).toEqual(['\uFFFD', 'a', 'B', 'b', '\u{1F600}']);
      const byReason = [{ column: 'reason', direction: 'desc' as const }];
      expect((await ids({ orderBy: byReason })).ids).toEqual(['a', '\u{1F600}', 'B', 'b', '\uFFFD']);
    });

    test('page with the count of all', async () => {
      expect(await ids({ limit: 2, offset: 1 })).toEqual({ ids: ['a', 'b'], total: 5 });
      expect(await ids({ limit: 2, offset: 9 })).toEqual({ ids: [], total: 5 });
    });

    test('filter by equality, null, sets and ranges, all together', async () => {
      expect((await ids({ where: [{ column: 'end', eq: null }] })).total).toBe(4);
      expect((await ids({ where: [{ column: 'listed', eq: false }] })).ids).toEqual(['\uFFFD']);
      expect((await ids({ where: [{ column: 'id', in: ['a', 'b', 'x'] }] })).ids).toEqual(['a', 'b']);
      expect((await ids({ where: [{ column: 'id', in: [] }] })).total).toBe(0);
      expect((await ids({ where: [{ column: 'submittedAt', gte: 20, lt: 50 }] })).total).toBe(3);
      expect((await ids({ where: [{ column: 'price', eq: '10.0' }] })).ids).toEqual(['B', 'b']);
      const where = [
        { column: 'traderId', eq: 'agent-1' },
        { column: 'sequence', gte: 2 },
        { column: 'listed', eq: true },
      ];
      expect((await ids({ where })).ids).toEqual(['B', '\u{1F600}']);
    });

    test('a column that does not exist is a bug', async () => {
      await expect(ids({ where: [{ column: 'nothing', eq: 1 }] })).rejects.toThrow('Invariant');
    });
  });
}
