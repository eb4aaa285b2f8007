/** Our durable books for reconciliation: open orders from memory, which shows only what is committed, positions from their table. */
import type { OwnBooks, OwnPosition } from '../agents/reconciliation/books.ts';
import { multiplierOf } from '../domain/instrument.ts';
import { averagePriceOf } from '../domain/position.ts';
import type { Queries } from '../projections/queries.ts';
import type { PositionRow } from '../projections/rows.ts';
import type { ReadView } from '../projections/view.ts';
import type { Clock } from '../runtime/ports.ts';
import { everyPage } from './every-row.ts';

/** A row never changes, and is read twice a minute: over the in-memory twin each is divided once. */
const known = new WeakMap<PositionRow, OwnPosition>();

function positionOf(row: PositionRow): OwnPosition {
  const read = known.get(row);
  if (read) return read;
  const { accountId, symbol, quantity, cost, updatedAt } = row;
  const averagePrice = averagePriceOf(quantity, cost, multiplierOf(symbol));
  const position = { accountId, symbol, quantity, averagePrice, changedAt: updatedAt };
  known.set(row, position);
  return position;
}

export const ownBooks = (
  view: ReadView,
  queries: Queries,
  clock: Pick<Clock, 'marketNow' | 'monotonic'>,
): OwnBooks => ({
  orders: () =>
    view.allOpenOrders().map(({ id, accountId, symbol, status, filledQuantity }) => ({
      ...{ orderId: id, accountId, symbol, status, filledQuantity },
    })),
  async positions(since, signal) {
    const held: OwnPosition[] = [];
    const justClosed = [
      { column: 'open', eq: false },
      { column: 'updatedAt', gte: since },
    ];
    for (const where of [[{ column: 'open', eq: true }], justClosed])
      for await (const rows of everyPage(queries, 'positions', where, signal))
        for (const row of rows) held.push(positionOf(row));
    return held;
  },
  async knows(orderId, signal) {
    signal.throwIfAborted();
    return (await view.findOrder(orderId)) !== undefined;
  },
  now: () => clock.marketNow(),
  monotonic: () => clock.monotonic(),
});
