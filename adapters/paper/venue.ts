/**
 * The paper venue: real quotes, invented fills. Invariants: one order for a client order id, ever; every answer and report is
 * in the book before it leaves; news of one order leave in order. News may overtake the answer to the submit that caused them.
 */
import type { Venue, VenueOrder, VenueReport, VenueSnapshot } from '../../agents/venue.ts';
import { findInstrument } from '../../domain/instrument.ts';
import type { Quote } from '../../messages/market.ts';
import type { Clock } from '../../runtime/ports.ts';
import type { PaperBook } from './book.ts';
import { Holdings, openOrderOf } from './holdings.ts';
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

export const openPaperVenue = (options: PaperVenueOptions): PaperVenue => new Paper(options);

class Paper implements PaperVenue {
  readonly name: string;
  readonly idempotency = 'clientOrderId';
  private readonly markets = new Map<string, Market>();
  private readonly listeners = new Set<(report: VenueReport) => void>();
  private readonly holdings: Holdings;
  private cancelTimer: (() => void) | undefined;
  private timerDue = Number.POSITIVE_INFINITY;

  constructor(private readonly options: PaperVenueOptions) {
    this.name = options.name ?? 'paper';
    this.holdings = new Holdings(options.book.carried());
    for (const state of options.book.orders.values()) {
      this.holdings.book(state);
      if (state.status === 'accepted') this.rest(state);
    }
  }

  orders(): ReadonlyMap<string, PaperOrder> {
    return this.options.book.orders;
  }

  async submit(order: VenueOrder, signal: AbortSignal): Promise<VenueReport> {
    const { book, clock, matching, refuse } = this.options;
    const orderId = order.clientOrderId;
    if (signal.aborted) return { orderId, status: 'unresolved', fills: [], reason: 'given up before the hand-over' };
    const known = book.orders.get(orderId);
    if (known) return answer(known, book.settled());
    const market = this.marketOf(order.symbol);
    const now = clock.marketNow();
    const accepted = acceptOrder(order, market?.listing, market?.quote, now, matching, refuse?.(order));
    if (accepted.status === 'accepted') this.rest(accepted);
    return answer(accepted, this.put(accepted));
  }

  async cancel(orderId: string): Promise<VenueReport> {
    const { book, clock } = this.options;
    const known = book.orders.get(orderId);
    if (!known) return { orderId, status: 'absent', fills: [] };
    const canceled = cancelOrder(expireOrder(known, clock.marketNow()));
    if (canceled === known) return answer(known, book.settled());
    this.keep(canceled);
    return answer(canceled, this.put(canceled));
  }

  async lookup(orderId: string): Promise<VenueReport> {
    const { book } = this.options;
    const known = book.orders.get(orderId);
    return known ? answer(known, book.settled()) : { orderId, status: 'absent', fills: [] };
  }

  /** Of this moment; told once it is in the book. */
  async snapshot(): Promise<VenueSnapshot> {
    const { book } = this.options;
    const orders = [...this.markets.values()].flatMap(({ resting }) => [...resting.all()].map(openOrderOf));
    const positions = this.holdings.open();
    await book.settled();
    return { orders, positions };
  }

  onReport(listener: (report: VenueReport) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  onQuote(quote: Quote): Promise<void> | undefined {
    const market = this.marketOf(quote.symbol);
    if (!market) return undefined;
    market.quote = quote;
    if (!market.resting.mayChange(quote)) return undefined;
    const changed: PaperOrder[] = [];
    for (const state of market.resting.all()) {
      const next = matchOrder(state, market.listing, quote, this.options.matching);
      if (next !== state) changed.push(next);
    }
    return this.tellAll(changed);
  }

  async close(): Promise<void> {
    this.cancelTimer?.();
    await this.options.book.close();
  }

  private marketOf(symbol: string): Market | undefined {
    const known = this.markets.get(symbol);
    if (known) return known;
    const instrument = findInstrument(symbol);
    if (!instrument) return undefined;
    const listing = listingOf(instrument);
    const market: Market = { listing, resting: openResting(listing.grid), quote: undefined };
    this.markets.set(symbol, market);
    return market;
  }

  private rest(state: PaperOrder): void {
    this.marketOf(state.order.symbol)?.resting.put(state);
    this.armExpiry(expiryOf(state));
  }

  private keep(state: PaperOrder): void {
    if (state.status === 'accepted') this.rest(state);
    else this.marketOf(state.order.symbol)?.resting.remove(state.order.clientOrderId);
  }

  private put(state: PaperOrder): Promise<void> {
    const { book } = this.options;
    this.holdings.book(state, book.orders.get(state.order.clientOrderId)?.fills.length);
    return book.put(state);
  }

  /** One timer, for the earliest expiry: a market without quotes must not keep yesterday's orders alive. */
  private armExpiry(due: number): void {
    if (due >= this.timerDue) return;
    this.cancelTimer?.();
    this.timerDue = due;
    this.cancelTimer = this.options.clock.at('market', due, () => {
      this.timerDue = Number.POSITIVE_INFINITY;
      this.cancelTimer = undefined;
      void this.sweepExpired(this.options.clock.marketNow());
    });
  }

  private sweepExpired(now: number): Promise<void> | undefined {
    const changed: PaperOrder[] = [];
    for (const { resting } of this.markets.values()) {
      for (const state of resting.all()) {
        const next = expireOrder(state, now);
        if (next !== state) changed.push(next);
        else this.armExpiry(expiryOf(state));
      }
    }
    return this.tellAll(changed);
  }

  /** Remembers changes of resting orders and reports them once they are in the book. */
  private tellAll(changed: readonly PaperOrder[]): Promise<void> | undefined {
    if (changed.length === 0) return undefined;
    for (const state of changed) this.keep(state);
    const written = Promise.all(changed.map((state) => this.put(state)));
    const tell = (): void => {
      for (const state of changed) for (const listener of this.listeners) listener(reportOf(state));
    };
    // What may not be durable is not told; a book that can't be written makes every later answer `unresolved`.
    return written.then(tell, () => {});
  }
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
