/**
 * What doors read: memory first, tables for what has left it. Every row shown is durable, and a caller always reads its own
 * writes, because memory is swapped before an answer leaves.
 */
import type { ApprovalsFilter, OrdersCount, OrdersFilter, Paging, ReadModel } from '../api/kit/house.ts';
import { exact, text } from '../domain/decimal.ts';
import { findInstrument, notional } from '../domain/instrument.ts';
import type { OrderEnd } from '../domain/order.ts';
import type { Condition, Page, Queries } from '../projections/queries.ts';
import type { OrderRow, TableName, Tables } from '../projections/rows.ts';
import type { ReadView } from '../projections/view.ts';

const PAGE_ROWS = 10_000;
const newestFirst = [{ column: 'sequence', direction: 'desc' }] as const;
const offsetOf = ({ page, limit }: Paging): number => (page - 1) * limit;
const equal = (column: string, eq: string | boolean | undefined): Condition[] =>
  eq === undefined ? [] : [{ column, eq }];
const among = (column: string, values: readonly string[] | undefined): Condition[] =>
  values === undefined ? [] : [{ column, in: values }];
const between = (column: string, from: number | undefined, to: number | undefined): Condition[] =>
  from === undefined && to === undefined
    ? []
    : [{ column, ...(from !== undefined && { gte: from }), ...(to !== undefined && { lt: to }) }];

export function readModel(view: ReadView, queries: Queries): ReadModel {
  /** Every row that fits, page by page. */
  async function* all<T extends TableName>(table: T, where: readonly Condition[]): AsyncGenerator<Tables[T]> {
    for (let offset = 0; ; offset += PAGE_ROWS) {
      const { rows } = await queries.list(table, { where, orderBy: [], limit: PAGE_ROWS, offset });
      yield* rows;
      if (rows.length < PAGE_ROWS) return;
    }
  }

  return {
    trader: (id) => view.trader(id),

    async traders({ userId, status }, paging) {
      const offset = offsetOf(paging);
      const [only] = status ?? [];
      if (status === undefined || (status.length === 1 && only)) {
        return view.traders({
          ...(userId !== undefined && { userId }),
          ...(only && { status: only }),
          offset,
          limit: paging.limit,
        });
      }
      return queries.list('traders', {
        where: [...equal('userId', userId), ...among('status', status)],
        orderBy: [{ column: 'createdAt', direction: 'desc' }],
        limit: paging.limit,
        offset,
      });
    },

    order: async (id) => view.order(id) ?? view.findOrder(id),

    async orders({ traderId, status, end, symbol, from, to }: OrdersFilter, paging): Promise<Page<OrderRow>> {
      const offset = offsetOf(paging);
      if (!status && !end && symbol === undefined && from === undefined && to === undefined)
        return view.ordersOf(traderId, offset, paging.limit);
      const where = [
        ...equal('traderId', traderId),
        ...equal('listed', true),
        ...among('status', status),
        ...among('end', end),
        ...equal('symbol', symbol),
        ...between('submittedAt', from, to),
      ];
      return queries.list('orders', { where, orderBy: newestFirst, limit: paging.limit, offset });
    },

    approval: async (id) => view.approval(id) ?? view.findApproval(id),

    async approvals({ userId, traderId, status }: ApprovalsFilter, paging) {
      const offset = offsetOf(paging);
      if (userId === undefined && traderId === undefined && status?.length === 1 && status[0] === 'pending')
        return view.pendingApprovals(offset, paging.limit);
      const where = [...equal('userId', userId), ...equal('traderId', traderId), ...among('status', status)];
      return queries.list('approvals', { where, orderBy: newestFirst, limit: paging.limit, offset });
    },

    halt: async (id) => view.halt(id) ?? view.findHalt(id),

    async halts({ status }) {
      if (status === 'active') return view.activeHalts();
      return (
        await queries.list('halts', {
          where: equal('status', status),
          orderBy: newestFirst,
          limit: PAGE_ROWS,
          offset: 0,
        })
      ).rows;
    },

    async usage(traderId, from, to) {
      let apiCalls = 0;
      let computeMs = 0;
      for await (const row of all('usage', [...equal('traderId', traderId), ...between('hour', from, to)])) {
        apiCalls += row.apiCalls;
        computeMs += row.computeMs;
      }
      return { apiCalls, computeMs };
    },

    async fillsSummary(traderId, from, to) {
      let volume = exact('0');
      let fees = exact('0');
      for await (const row of all('fills', [...equal('traderId', traderId), ...between('at', from, to)])) {
        const instrument = findInstrument(row.symbol);
        volume = volume.plus(
          instrument ? notional(instrument, row.quantity, row.price) : exact(row.quantity).times(row.price),
        );
        fees = fees.plus(row.commission);
      }
      return { volume: text(volume), fees: text(fees) };
    },

    async ordersSummary(traderId, from, to) {
      const counts = new Map<string, OrdersCount>();
      for await (const row of all('orders', [
        ...equal('traderId', traderId),
        ...equal('listed', true),
        ...between('submittedAt', from, to),
      ])) {
        const { side, symbol, orderType, status } = row;
        const end = row.end as OrderEnd | null;
        const key = [side, symbol, orderType, status, end].join('\n');
        counts.set(key, { side, symbol, orderType, status, end, count: (counts.get(key)?.count ?? 0) + 1 });
      }
      return [...counts.values()];
    },
  };
}
