/** Our durable books for reconciliation: open orders from memory, which shows only what is committed, positions from their table. */
import type { OwnBooks, OwnPosition } from '../agents/reconciliation/books.ts';
import { multiplierOf } from '../domain/instrument.ts';
import { averagePriceOf } from '../domain/position.ts';
import type { Condition, Queries } from '../projections/queries.ts';
import type { PositionRow } from '../projections/rows.ts';
import type { ReadView } from '../projections/view.ts';
import type { Clock } from '../runtime/ports.ts';

const PAGE_ROWS = 10_000;

function positionOf({ accountId, symbol, quantity, cost, updatedAt }: PositionRow): OwnPosition {
  const averagePrice = averagePriceOf(quantity, cost, multiplierOf(symbol));
  return { accountId, symbol, quantity, averagePrice, changedAt: updatedAt };
}

async function rowsOf(
  queries: Queries,
  where: readonly Condition[],
  signal: AbortSignal,
): Promise<readonly PositionRow[]> {
  const rows: PositionRow[] = [];
  for (let offset = 0; ; offset += PAGE_ROWS) {
    signal.throwIfAborted();
    const page = await queries.list('positions', { where, orderBy: [], limit: PAGE_ROWS, offset });
    rows.push(...page.rows);
    if (page.rows.length < PAGE_ROWS) return rows;
  }
}

export const ownBooks = (view: ReadView, queries: Queries, clock: Pick<Clock, 'marketNow'>): OwnBooks => ({
  orders: () =>
    view.allOpenOrders().map(({ id, accountId, symbol, status, filledQuantity }) => ({
      ...{ orderId: id, accountId, symbol, status, filledQuantity },
    })),
  async positions(since, signal) {
    const open = await rowsOf(queries, [{ column: 'open', eq: true }], signal);
    const justClosed = [
      { column: 'open', eq: false },
      { column: 'updatedAt', gte: since },
    ];
    const closed = await rowsOf(queries, justClosed, signal);
    return [...open, ...closed].map(positionOf);
  },
  async knows(orderId, signal) {
    signal.throwIfAborted();
    return (await view.findOrder(orderId)) !== undefined;
  },
  now: () => clock.marketNow(),
});
