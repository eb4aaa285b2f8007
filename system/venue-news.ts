/**
 * Takes what a venue tells on its own (fills of resting orders, expiries) to the orders agent. News of an order that has ended is
 * never dropped: a fill whose execution id is not booked yet is booked late, once. While the house can't take news, it is kept.
 */
import type { Venue, VenueReport } from '../agents/orders/venue.ts';
import type { OrderTicket } from '../messages/common.ts';
import type { OrderBookLateFill, VenueReported } from '../messages/order.ts';
import type { Queries } from '../projections/queries.ts';
import type { OrderRow } from '../projections/rows.ts';
import type { Log } from '../runtime/ports.ts';
import type { Runtime } from '../runtime/runtime.ts';

const REMEMBERED_MAX = 10_000;

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

export function openVenueNews(
  runtime: Runtime,
  queries: Queries,
  venue: Venue,
  log: Log,
): { close(): void; flush(): void } {
  const kept: VenueReport[] = [];
  /** Told already, perhaps not durable yet: the table alone would miss them. */
  const booked = new Set<string>();

  function remember(executionId: string): void {
    booked.add(executionId);
    if (booked.size > REMEMBERED_MAX) for (const oldest of booked) return void booked.delete(oldest);
  }

  const deliver = (report: VenueReport): boolean => {
    const message: VenueReported = { type: 'venue.reported', ...report };
    return runtime.deliver(message);
  };

  async function bookLate(report: VenueReport): Promise<void> {
    const row = await queries.get('orders', report.orderId);
    if (!row) return log.error('venue.unknown-order', { orderId: report.orderId, status: report.status });
    for (const fill of report.fills) {
      if (booked.has(fill.executionId)) continue;
      remember(fill.executionId);
      try {
        if (await queries.get('fills', fill.executionId)) continue;
        log.error('venue.late-fill', { orderId: report.orderId, executionId: fill.executionId });
        const message: OrderBookLateFill = {
          type: 'order.book-late-fill',
          orderId: report.orderId,
          ticket: ticketOf(row),
          fill,
        };
        if (!runtime.deliver(message)) kept.push(report);
      } catch (error) {
        booked.delete(fill.executionId);
        throw error;
      }
    }
  }

  function take(report: VenueReport): void {
    if (runtime.peek('orders', report.orderId) !== undefined) {
      if (!deliver(report)) kept.push(report);
    } else if (report.fills.length > 0) {
      bookLate(report).catch((error: unknown) => {
        log.warn('venue.news-kept', { orderId: report.orderId, reason: String(error) });
        kept.push(report);
      });
    }
  }

  const stop = venue.onReport(take);
  return {
    close: stop,
    flush() {
      for (const report of kept.splice(0)) take(report);
    },
  };
}
