/**
 * Takes what a venue tells on its own (fills of resting orders, expiries) to the orders agent. News of an order that has ended is
 * never dropped: a fill whose execution id is not booked yet is booked late, once. While the house can't take news, it is kept.
 */
import type { Venue, VenueReport } from '../agents/venue.ts';
import { compare } from '../domain/decimal.ts';
import type { OrderTicket } from '../messages/common.ts';
import type { Fill, OrderBookLateFill, VenueReported } from '../messages/order.ts';
import type { Queries } from '../projections/queries.ts';
import type { FillRow, OrderRow } from '../projections/rows.ts';
import type { Log } from '../runtime/ports.ts';
import type { Runtime } from '../runtime/runtime.ts';

function ticketOf(row: OrderRow): OrderTicket {
  const { id, traderId, accountId, symbol, side, quantity, price, orderType, timeInForce, userId, surface } = row;
  return {
    orderId: id,
    traderId,
    accountId,
    symbol,
    quantity,
    price,
    userId,
    exit: false,
    side: side as OrderTicket['side'],
    orderType: orderType as OrderTicket['orderType'],
    timeInForce: timeInForce as OrderTicket['timeInForce'],
    surface: surface as OrderTicket['surface'],
  };
}

export interface VenueNews {
  /** Tells again what the house could not take. */
  flush(): void;
  close(): void;
}

class News implements VenueNews {
  private kept: VenueReport[] = [];
  /** Being booked now: the table does not know them yet. */
  private readonly booking = new Set<string>();
  readonly close: () => void;

  constructor(
    private readonly runtime: Runtime,
    private readonly queries: Queries,
    private readonly log: Log,
    venue: Venue,
  ) {
    this.close = venue.onReport((report) => this.take(report));
  }

  flush(): void {
    for (const report of this.kept.splice(0)) this.take(report);
  }

  private take(report: VenueReport): void {
    if (this.runtime.peek('orders', report.orderId) !== undefined) {
      const message: VenueReported = { type: 'venue.reported', ...report };
      if (!this.runtime.deliver(message)) this.kept.push(report);
    } else if (report.fills.length > 0) {
      this.bookLate(report).catch((error: unknown) => {
        this.log.warn('venue.news-kept', { orderId: report.orderId, reason: String(error) });
        this.kept.push(report);
      });
    }
  }

  /** The same execution again is nothing new; under another order, or with other figures, it is worth a look. */
  private warnIfOther(booked: FillRow, orderId: string, { executionId, quantity, price }: Fill): void {
    const isSame = booked.orderId === orderId && compare(booked.quantity, quantity) === 0;
    if (isSame && compare(booked.price, price) === 0) return;
    this.log.warn('venue.execution-differs', { executionId, orderId, booked: booked.orderId, quantity, price });
  }

  /**
   * The order has ended in memory, or its agent is being restarted and holds none at the moment; only what is durable tells which, and which of
   * its fills are booked.
   */
  private async bookLate(report: VenueReport): Promise<void> {
    await this.runtime.durable();
    const row = await this.queries.get('orders', report.orderId);
    // Reconciliation finds what an order that is not ours has made of a position.
    if (!row) return this.log.error('venue.unknown-order', { orderId: report.orderId, status: report.status });
    if (row.endedAt === null) return void this.kept.push(report);
    for (const fill of report.fills) {
      const { executionId } = fill;
      if (this.booking.has(executionId)) continue;
      this.booking.add(executionId);
      try {
        const booked = await this.queries.get('fills', executionId);
        if (booked) {
          this.warnIfOther(booked, report.orderId, fill);
          continue;
        }
        this.log.error('venue.late-fill', { orderId: report.orderId, executionId });
        const message: OrderBookLateFill = {
          type: 'order.book-late-fill',
          orderId: report.orderId,
          ticket: ticketOf(row),
          fill,
        };
        await this.runtime.ask(message);
      } finally {
        this.booking.delete(executionId);
      }
    }
  }
}

export const openVenueNews = (runtime: Runtime, queries: Queries, venue: Venue, log: Log): VenueNews =>
  new News(runtime, queries, log, venue);
