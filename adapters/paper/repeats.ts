/**
 * What a simulated venue makes of an order that comes again, and says of one that it does not find. Invariants: where ids are recognised
 * there is one order an id; elsewhere each submit is an order of its own; `absent` is said only where it is certain, and never by `none`.
 */
import type { Venue, VenueOrder, VenueReport } from '../../agents/venue.ts';
import { unresolved } from './calls.ts';

/** Behind the client order id: which submit of it this was, from the second on. */
const AGAIN = '/';

export class Repeats {
  /** Submits that have left and not arrived, by order id. */
  private readonly onTheWay = new Map<string, number>();
  /** Submits that have arrived, by order id. */
  private readonly times = new Map<string, number>();

  constructor(readonly idempotency: Venue['idempotency']) {}

  leaves(orderId: string): void {
    this.onTheWay.set(orderId, (this.onTheWay.get(orderId) ?? 0) + 1);
  }

  /** Or never will. */
  arrives(orderId: string): void {
    const left = (this.onTheWay.get(orderId) ?? 0) - 1;
    if (left > 0) this.onTheWay.set(orderId, left);
    else this.onTheWay.delete(orderId);
  }

  /** Under a name of its own when it is one more order. */
  booked(order: VenueOrder): VenueOrder {
    if (this.idempotency === 'clientOrderId') return order;
    const times = (this.times.get(order.clientOrderId) ?? 0) + 1;
    this.times.set(order.clientOrderId, times);
    return times === 1 ? order : { ...order, clientOrderId: `${order.clientOrderId}${AGAIN}${times}` };
  }

  /** As the product knows the order. */
  told(report: VenueReport): VenueReport {
    const end = report.orderId.lastIndexOf(AGAIN);
    return end < 0 ? report : { ...report, orderId: report.orderId.slice(0, end) };
  }

  /** What is certain of an answer to a question. */
  certain(report: VenueReport): VenueReport {
    if (report.status !== 'absent' || this.idempotency === 'clientOrderId') return report;
    const doubtful = (reason: string): VenueReport => ({ ...unresolved(report.orderId, reason), notFound: true });
    if (this.idempotency === 'none') return doubtful('not found, which says nothing at this venue');
    if (!this.onTheWay.has(report.orderId)) return report;
    return doubtful('not found, but a request may still arrive');
  }
}
