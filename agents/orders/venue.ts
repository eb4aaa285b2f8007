/** The venue port: where orders go. Adapters serve it; the orders agent is its only user. Prices and quantities are decimal text. */
import type { OrderType, Side, TimeInForce } from '../../domain/order.ts';
import type { VenueReported } from '../../messages/order.ts';

export interface VenueOrder {
  /** Our order id is the client order id: one venue order for each, ever. */
  readonly clientOrderId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: string;
  readonly price: string;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly stopPrice?: string;
}

/** What a venue knows of one order, cumulative: all fills so far, each with its execution id. */
export type VenueReport = Omit<VenueReported, 'type' | 'at' | 'askedAt'>;

export interface Venue {
  readonly name: string;
  /**
   * clientOrderId: a repeated submit of the same id is recognised. lookup: orders can be found by id. none: neither, so that
   * an order whose hand-over is uncertain is never sent again.
   */
  readonly idempotency: 'clientOrderId' | 'lookup' | 'none';
  /** Hands an order over. Resolves with `accepted` (rests), `filled`, `rejected`, `canceled` (IOC rest) or `unresolved`; never throws for a refusal. */
  submit(order: VenueOrder, signal: AbortSignal): Promise<VenueReport>;
  /** Resolves with `canceled`, `filled`, `expired`, `absent`, `cancel-rejected` or `unresolved`, all fills included. */
  cancel(clientOrderId: string, signal: AbortSignal): Promise<VenueReport>;
  /** Resolves with what the venue knows; `absent` only when it is certain that it never had the order; else `unresolved`. */
  lookup(clientOrderId: string, signal: AbortSignal): Promise<VenueReport>;
  /** Later news (fills of resting orders, expiries), in order an order; returns an unsubscribe function. */
  onReport(listener: (report: VenueReport) => void): () => void;
}
