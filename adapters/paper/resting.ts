/**
 * The resting orders of one instrument, with the prices at which the nearest of them would change, so that most ticks cost two
 * comparisons. Invariant: `mayChange` never says no to a quote that would change an order; it may say yes in vain.
 */
import type { TickGrid } from '../../market/tick-grid.ts';
import type { Quote } from '../../messages/market.ts';
import { expiryOf, type PaperOrder } from './matching.ts';

export interface Resting {
  put(state: PaperOrder): void;
  remove(clientOrderId: string): void;
  /** In the order of arrival; may be changed while it is read. */
  all(): Iterable<PaperOrder>;
  mayChange(quote: Quote): boolean;
}

/** In ticks; an order that would match at any price stands at infinity. */
interface Nearest {
  buyLimit: number;
  sellLimit: number;
  buyStop: number;
  sellStop: number;
  expiry: number;
}

const NONE: Readonly<Nearest> = {
  buyLimit: Number.NEGATIVE_INFINITY,
  sellLimit: Number.POSITIVE_INFINITY,
  buyStop: Number.POSITIVE_INFINITY,
  sellStop: Number.NEGATIVE_INFINITY,
  expiry: Number.POSITIVE_INFINITY,
};

export function openResting(grid: TickGrid): Resting {
  const orders = new Map<string, PaperOrder>();
  let nearest: Nearest = { ...NONE };
  /** An order has left since `nearest` was computed: it may be too near. */
  let stale = false;

  function approach(state: PaperOrder): void {
    const { order } = state;
    const buys = order.side === 'buy';
    nearest.expiry = Math.min(nearest.expiry, expiryOf(state));
    if (order.orderType === 'stop' && !state.triggered) {
      const stop = Number(order.stopPrice);
      // One tick of room: the float is only a first look, matching decides on the exact price.
      if (buys) nearest.buyStop = Math.min(nearest.buyStop, grid.ticks(stop) - 1);
      else nearest.sellStop = Math.max(nearest.sellStop, grid.ticks(stop) + 1);
    } else if (order.orderType === 'limit') {
      const limit = Number(order.price);
      if (buys) nearest.buyLimit = Math.max(nearest.buyLimit, grid.ticks(limit) + 1);
      else nearest.sellLimit = Math.min(nearest.sellLimit, grid.ticks(limit) - 1);
    } else if (buys) nearest.buyLimit = Number.POSITIVE_INFINITY;
    else nearest.sellLimit = Number.NEGATIVE_INFINITY;
  }

  function isNear(quote: Quote): boolean {
    const bid = grid.ticks(quote.bid);
    const ask = grid.ticks(quote.ask);
    return (
      ask <= nearest.buyLimit ||
      bid >= nearest.sellLimit ||
      ask >= nearest.buyStop ||
      bid <= nearest.sellStop ||
      (quote.at ?? 0) >= nearest.expiry
    );
  }

  return {
    put(state) {
      orders.set(state.order.clientOrderId, state);
      approach(state);
    },
    remove(clientOrderId) {
      if (orders.delete(clientOrderId)) stale = true;
    },
    all: () => orders.values(),
    mayChange(quote) {
      if (orders.size === 0 || !isNear(quote)) return false;
      if (!stale) return true;
      nearest = { ...NONE };
      for (const state of orders.values()) approach(state);
      stale = false;
      return isNear(quote);
    },
  };
}
