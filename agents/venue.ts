/** The venue port: where orders go. Adapters serve it; orders and reconciliation are its users. Prices and quantities are decimal text. */
import type { OrderType, Side, TimeInForce } from '../domain/order.ts';
import type { VenueReported } from '../messages/order.ts';

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
export type VenueReport = Omit<VenueReported, 'type' | 'at' | 'sinceSentMs' | 'tookMs' | 'fillsKnown'>;

/** An order that is open at a venue, whoever gave it. */
export interface VenueOpenOrder {
  readonly clientOrderId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly filledQuantity: string;
  readonly leavesQuantity: string;
  /** What it can cost at most: limit or stop price, else the stated one. */
  readonly price: string;
}

export interface VenuePosition {
  readonly accountId: string;
  readonly symbol: string;
  /** Positive is long, negative short, never zero. */
  readonly quantity: string;
  readonly averagePrice: string;
}

/** Paid in, with realised profit, less fees; what is open has no part in it. In account currency. */
export interface VenueCash {
  readonly accountId: string;
  readonly amount: string;
}

/** Everything open at one moment. */
export interface VenueSnapshot {
  readonly orders: readonly VenueOpenOrder[];
  readonly positions: readonly VenuePosition[];
  /** Of the accounts for which the venue tells it for certain; absent where it tells of none. */
  readonly cash?: readonly VenueCash[];
}

export interface Venue {
  readonly name: string;
  /**
   * clientOrderId: a repeated submit of the same id is recognised. lookup: orders can be found by id. none: neither, so that
   * an order whose hand-over is uncertain is never sent again.
   */
  readonly idempotency: 'clientOrderId' | 'lookup' | 'none';
  /** Hands an order over. Resolves with `accepted` (rests), `filled`, `rejected`, `canceled` (IOC rest) or `unresolved`; never throws for a refusal. */
  submit(order: VenueOrder, signal: AbortSignal): Promise<VenueReport>;
  /**
   * Resolves with `canceled`, `filled`, `expired`, `absent`, `cancel-rejected` or `unresolved`, all fills included. `submittedAt`
   * (market time), here and below: the order did not leave before. A venue that forgets needs it to be certain of `absent`.
   */
  cancel(clientOrderId: string, signal: AbortSignal, submittedAt?: number): Promise<VenueReport>;
  /** Resolves with what the venue knows; `absent` only when it is certain that it never had the order; else `unresolved`. */
  lookup(clientOrderId: string, signal: AbortSignal, submittedAt?: number): Promise<VenueReport>;
  /** All open orders and positions of our accounts. Rejects when the venue can't tell: nobody may take that for "nothing". */
  snapshot(signal: AbortSignal): Promise<VenueSnapshot>;
  /** Later news (fills of resting orders, expiries), in order an order; returns an unsubscribe function. */
  onReport(listener: (report: VenueReport) => void): () => void;
}
