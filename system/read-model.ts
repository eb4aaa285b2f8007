/**
 * What doors read: memory first, tables for what has left it. Every row shown is durable, and a caller always reads its own
 * writes, because memory is swapped before an answer leaves.
 */
import type { Soon } from '../api/kit/at-once.ts';
import type { ApprovalsFilter, OrdersCount, OrdersFilter, Paging, ReadModel } from '../api/kit/house.ts';
import { exact, text } from '../domain/decimal.ts';
import { findInstrument, notional } from '../domain/instrument.ts';
import type { OrderEnd } from '../domain/order.ts';
import type { Condition, Page, Queries } from '../projections/queries.ts';
import type { OrderRow } from '../projections/rows.ts';
import type { RunOutputs } from '../projections/run-outputs.ts';
import type { RunReads } from '../projections/run-reads.ts';
import type { ReadView } from '../projections/view.ts';
import { everyRow } from './every-row.ts';
import { runReads } from './run-reads.ts';

const HALTS_MAX = 10_000;
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

class MemoryThenTables implements ReadModel {
  constructor(
    private readonly view: ReadView,
    private readonly queries: Queries,
    readonly runs: RunReads,
  ) {}

  accounts() {
    return this.view.accounts();
  }

  positions(accountId: string) {
    return this.view.positionsOfAccount(accountId);
  }

  openOrders(accountId: string) {
    return this.view.openOrdersOfAccount(accountId);
  }

  trader(id: string) {
    return this.view.trader(id);
  }

  async traders(filter: Parameters<ReadModel['traders']>[0], paging: Paging) {
    return this.view.traders({ ...filter, offset: offsetOf(paging), limit: paging.limit });
  }

  async order(id: string) {
    return this.view.order(id) ?? this.view.findOrder(id);
  }

  orders({ traderId, status, end, symbol, from, to }: OrdersFilter, paging: Paging): Soon<Page<OrderRow>> {
    const offset = offsetOf(paging);
    if (!status && !end && symbol === undefined && from === undefined && to === undefined)
      return (
        this.view.recentOrders(traderId, offset, paging.limit) ?? this.view.ordersOf(traderId, offset, paging.limit)
      );
    const where = [
      ...equal('traderId', traderId),
      ...equal('listed', true),
      ...among('status', status),
      ...among('end', end),
      ...equal('symbol', symbol),
      ...between('submittedAt', from, to),
    ];
    return this.queries.list('orders', { where, orderBy: newestFirst, limit: paging.limit, offset });
  }

  async approval(id: string) {
    return this.view.approval(id) ?? this.view.findApproval(id);
  }

  async approvals({ userId, traderId, status }: ApprovalsFilter, paging: Paging) {
    const offset = offsetOf(paging);
    if (userId === undefined && traderId === undefined && status?.length === 1 && status[0] === 'pending')
      return this.view.pendingApprovals(offset, paging.limit);
    const where = [...equal('userId', userId), ...equal('traderId', traderId), ...among('status', status)];
    return this.queries.list('approvals', { where, orderBy: newestFirst, limit: paging.limit, offset });
  }

  async halt(id: string) {
    return this.view.halt(id) ?? this.view.findHalt(id);
  }

  async halts({ status }: Parameters<ReadModel['halts']>[0]) {
    if (status === 'active') return this.view.activeHalts();
    return (
      await this.queries.list('halts', {
        where: equal('status', status),
        orderBy: newestFirst,
        limit: HALTS_MAX,
        offset: 0,
      })
    ).rows;
  }

  async usage(traderId: string, from: number, to: number) {
    let apiCalls = 0;
    let computeMs = 0;
    for await (const row of everyRow(this.queries, 'usage', [
      ...equal('traderId', traderId),
      ...between('hour', from, to),
    ])) {
      apiCalls += row.apiCalls;
      computeMs += row.computeMs;
    }
    return { apiCalls, computeMs };
  }

  async fillsSummary(traderId: string, from: number, to: number) {
    let volume = exact('0');
    let fees = exact('0');
    for await (const row of everyRow(this.queries, 'fills', [
      ...equal('traderId', traderId),
      ...between('at', from, to),
    ])) {
      const instrument = findInstrument(row.symbol);
      volume = volume.plus(
        instrument ? notional(instrument, row.quantity, row.price) : exact(row.quantity).times(row.price),
      );
      fees = fees.plus(row.commission);
    }
    return { volume: text(volume), fees: text(fees) };
  }

  async ordersSummary(traderId: string, from: number, to: number) {
    const counts = new Map<string, OrdersCount>();
    for await (const row of everyRow(this.queries, 'orders', [
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
  }
}

export const readModel = (view: ReadView, queries: Queries, outputs: RunOutputs): ReadModel =>
  new MemoryThenTables(view, queries, runReads(view, queries, outputs));
