/** The house's own books as reconciliation reads them: durable rows, never memory that a crash could take back. */

export interface OwnOrder {
  readonly orderId: string;
  readonly accountId: string;
  readonly symbol: string;
  /** `gating` and `held` orders have not left; the venue can't know them. */
  readonly status: string;
  readonly filledQuantity: string;
}

export interface OwnPosition {
  readonly accountId: string;
  readonly symbol: string;
  /** Signed. */
  readonly quantity: string;
  readonly averagePrice: string;
  /** Market time of the last fill, epoch milliseconds. */
  readonly changedAt: number;
}

/** Reading stops with a rejection when the signal fires: who asked is no longer there. */
export interface OwnBooks {
  /** Every open order. */
  orders(): readonly OwnOrder[];
  /** Open positions, and those that were closed since `since` (market time). */
  positions(since: number, signal: AbortSignal): Promise<readonly OwnPosition[]>;
  /** Paid in, with realised profit, less commission; undefined: nobody has opened this account here. Rejects when nobody can tell. */
  funds(accountId: string, signal: AbortSignal): Promise<string | undefined>;
  /** Was this ever an order of ours, whatever became of it? */
  knows(orderId: string, signal: AbortSignal): Promise<boolean>;
  /** Market time in epoch milliseconds. */
  now(): number;
  /** A clock that nobody puts forward or back, in milliseconds. */
  monotonic(): number;
}
