/**
 * What the paper venue's accounts hold: each fill moves its position once, whoever gave the order. Invariant: what leaves the book of
 * orders stays in the positions.
 */
import type { VenueOpenOrder, VenuePosition } from '../../agents/venue.ts';
import { minus } from '../../domain/decimal.ts';
import { multiplierOf } from '../../domain/instrument.ts';
import { applyFill, FLAT, type Position } from '../../domain/position.ts';
import type { PaperOrder } from './matching.ts';

/** A position as the book keeps it for orders that it no longer remembers. */
export interface CarriedPosition extends Position {
  readonly accountId: string;
  readonly symbol: string;
}

/** The length tells where the symbol ends, so that no two pairs share a key. */
const keyOf = (accountId: string, symbol: string): string => `${symbol.length} ${symbol}${accountId}`;

export class Holdings {
  private readonly positions = new Map<string, CarriedPosition>();

  constructor(carried: Iterable<CarriedPosition> = []) {
    for (const position of carried) this.positions.set(keyOf(position.accountId, position.symbol), position);
  }

  /** Books the fills of an order behind the first `booked`. */
  book({ order, fills }: PaperOrder, booked = 0): void {
    const { accountId, symbol, side } = order;
    const key = keyOf(accountId, symbol);
    const multiplier = multiplierOf(symbol);
    for (let index = booked; index < fills.length; index += 1) {
      const { quantity: traded, price } = fills[index]!;
      const before = this.positions.get(key) ?? FLAT;
      const after = applyFill(before, { side, quantity: traded, price }, multiplier);
      const { quantity, cost, averagePrice, realizedPnl } = after;
      this.positions.set(key, { accountId, symbol, quantity, cost, averagePrice, realizedPnl });
    }
  }

  carried(): Iterable<CarriedPosition> {
    return this.positions.values();
  }

  /** Open ones, by account and symbol. */
  open(): readonly VenuePosition[] {
    return [...this.positions.values()]
      .filter(({ quantity }) => quantity !== '0')
      .map(({ accountId, symbol, quantity, averagePrice }) => ({ accountId, symbol, quantity, averagePrice }));
  }
}

export function openOrderOf({ order, leavesQuantity }: PaperOrder): VenueOpenOrder {
  const { clientOrderId, accountId, symbol, side, quantity, price, stopPrice } = order;
  const filledQuantity = minus(quantity, leavesQuantity);
  return { clientOrderId, accountId, symbol, side, filledQuantity, leavesQuantity, price: stopPrice ?? price };
}
