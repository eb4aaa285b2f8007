/**
 * The paper venue: real quotes, invented fills. Invariants: one order for a client order id, ever; every answer and report is
 * in the book before it leaves; reports of one order leave in order.
 */
import type { Venue, VenueOrder, VenueReport } from '../../agents/orders/venue.ts';
import { findInstrument } from '../../domain/instrument.ts';
import type { Quote } from '../../messages/market.ts';
import type { Clock } from '../../runtime/ports.ts';
import type { PaperBook } from './book.ts';
import {
  acceptOrder,
  cancelOrder,
  expireOrder,
  expiryOf,
  type Listing,
  listingOf,
  type MatchingOptions,
  matchOrder,
  type PaperOrder,
  reportOf,
} from './matching.ts';
import { openResting, type Resting } from './resting.ts';

export interface PaperVenueOptions {
  readonly name?: string;
  readonly book: PaperBook;
  readonly clock: Pick<Clock, 'marketNow' | 'at'>;
  readonly matching: MatchingOptions;
  /** A reason to reject an order that matching would take. */
  readonly refuse?: (order: VenueOrder) => string | undefined;
}

export interface PaperVenue extends Venue {
  /** Every tick, in order. A returned promise resolves when all reports that the tick caused have been delivered. */
  onQuote(quote: Quote): Promise<void> | undefined;
  /** What the venue knows, for reconciliation and checkers. */
  orders(): ReadonlyMap<string, PaperOrder>;
  close(): Promise<void>;
}

interface Market {
  readonly listing: Listing;
  readonly resting: Resting;
  quote: Quote | undefined;
}

export function openPaperVenue({ name = 'paper', book, clock, matching, refuse }: PaperVenueOptions): PaperVenue {
  const markets = new Map<string, Market>();
  const listeners = new Set<(report: VenueReport) => void>();
  let cancelTimer: (() => void) | undefined;
  let timerDue = Number.POSITIVE_INFINITY;

  function marketOf(symbol: string): Market | undefined {
    const known = markets.get(symbol);
    if (known) return known;
    const instrument = findInstrument(symbol);
    if (!instrument) return undefined;
    const listing = listingOf(instrument);
    const market: Market = { listing, resting: openResting(listing.grid), quote: undefined };
    markets.set(symbol, market);
    return market;
  }

  function rest(state: PaperOrder): void {
    marketOf(state.order.symbol)?.resting.put(state);
    armExpiry(expiryOf(state));
  }

  /** One timer, for the earliest expiry: a market without quotes must not keep yesterday's orders alive. */
  function armExpiry(due: number): void {
    if (due >= timerDue) return;
    cancelTimer?.();
    timerDue = due;
    cancelTimer = clock.at('market', due, () => {
      timerDue = Number.POSITIVE_INFINITY;
      cancelTimer = undefined;
      void sweepExpired(clock.marketNow());
    });
  }

  function sweepExpired(now: number): Promise<void> | undefined {
    const changed: PaperOrder[] = [];
    for (const { resting } of markets.values()) {
      for (const state of resting.all()) {
        const next = expireOrder(state, now);
        if (next !== state) changed.push(next);
        else armExpiry(expiryOf(state));
      }
    }
    return tellAll(changed);
  }

  /** Remembers changes of resting orders and reports them once they are in the book. */
  function tellAll(changed: readonly PaperOrder[]): Promise<void> | undefined {
    if (changed.length === 0) return undefined;
    let written: Promise<void> | undefined;
    for (const state of changed) {
      keep(state);
      written = book.put(state);
    }
    const tell = (): void => {
      for (const state of changed) for (const listener of listeners) listener(reportOf(state));
    };
    // What may not be durable is not told; a book that can't be written makes every later answer `unresolved`.
    return written?.then(tell, () => {});
  }

  function keep(state: PaperOrder): void {
    if (state.status === 'accepted') rest(state);
    else marketOf(state.order.symbol)?.resting.remove(state.order.clientOrderId);
  }

  /** The state as answer, once `written`; a book that fails leaves the truth open. */
  async function answer(state: PaperOrder, written: Promise<void>): Promise<VenueReport> {
    try {
      await written;
      return reportOf(state);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { orderId: state.order.clientOrderId, status: 'unresolved', fills: [], reason };
    }
  }

  for (const state of book.orders.values()) if (state.status === 'accepted') rest(state);

  return {
    name,
    idempotency: 'clientOrderId',
    orders: () => book.orders,

    async submit(order, signal) {
      const orderId = order.clientOrderId;
      if (signal.aborted) return { orderId, status: 'unresolved', fills: [], reason: 'given up before the hand-over' };
      const known = book.orders.get(orderId);
      if (known) return answer(known, book.settled());
      const market = marketOf(order.symbol);
      const refused = refuse?.(order);
      const now = clock.marketNow();
      const accepted = acceptOrder(order, market?.listing, market?.quote, now, matching, refused);
      if (accepted.status === 'accepted') rest(accepted);
      return answer(accepted, book.put(accepted));
    },

    async cancel(orderId) {
      const known = book.orders.get(orderId);
      if (!known) return { orderId, status: 'absent', fills: [] };
      const present = expireOrder(known, clock.marketNow());
      const canceled = cancelOrder(present);
      if (canceled === known) return answer(known, book.settled());
      keep(canceled);
      return answer(canceled, book.put(canceled));
    },

    async lookup(orderId) {
      const known = book.orders.get(orderId);
      return known ? answer(known, book.settled()) : { orderId, status: 'absent', fills: [] };
    },

    onReport(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },

    onQuote(quote) {
      const market = marketOf(quote.symbol);
      if (!market) return undefined;
      market.quote = quote;
      if (!market.resting.mayChange(quote)) return undefined;
      const changed: PaperOrder[] = [];
      for (const state of market.resting.all()) {
        const next = matchOrder(state, market.listing, quote, matching);
        if (next !== state) changed.push(next);
      }
      return tellAll(changed);
    },

    async close() {
      cancelTimer?.();
      await book.close();
    },
  };
}
