/** Our durable books for reconciliation: open orders from memory, which shows only what is committed, positions from their table, funds from who holds the accounts. */
import type { OwnBooks, OwnPosition } from '../agents/reconciliation/books.ts';
import { minus } from '../domain/decimal.ts';
import { multiplierOf } from '../domain/instrument.ts';
import { averagePriceOf } from '../domain/position.ts';
import type { PortfolioAnswered, PortfolioGet } from '../messages/account.ts';
import type { Queries } from '../projections/queries.ts';
import type { PositionRow } from '../projections/rows.ts';
import type { ReadView } from '../projections/view.ts';
import type { Clock } from '../runtime/ports.ts';
import { everyPage } from './every-row.ts';

/** Thousands are read twice a minute, and hardly one of them differs: only its average is divided. */
class OwnRow implements OwnPosition {
  constructor(private readonly row: PositionRow) {}

  get accountId(): string {
    return this.row.accountId;
  }
  get symbol(): string {
    return this.row.symbol;
  }
  get quantity(): string {
    return this.row.quantity;
  }
  get changedAt(): number {
    return this.row.updatedAt;
  }
  get averagePrice(): string {
    return averagePriceOf(this.row.quantity, this.row.cost, multiplierOf(this.row.symbol));
  }
}

export const ownBooks = (
  view: ReadView,
  queries: Queries,
  clock: Pick<Clock, 'marketNow' | 'monotonic'>,
  ask: (question: PortfolioGet, options: { readonly signal: AbortSignal }) => Promise<PortfolioAnswered>,
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
        for (const row of rows) held.push(new OwnRow(row));
    return held;
  },
  // Who holds the accounts answers, once all that the answer tells of is durable.
  async funds(accountId, signal) {
    const { found, equity, unrealizedPnl } = await ask({ type: 'portfolio.get', accountId }, { signal });
    return found ? minus(equity, unrealizedPnl) : undefined;
  },
  async knows(orderId, signal) {
    signal.throwIfAborted();
    return (await view.findOrder(orderId)) !== undefined;
  },
  now: () => clock.marketNow(),
  monotonic: () => clock.monotonic(),
});
