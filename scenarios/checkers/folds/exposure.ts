/**
 * What an account could come to hold: its position at cost, and everything that its cleared orders may still fill at the price at
 * which they were counted. An order counts from the record that says its gates allowed it until its end.
 */
import { type Exact, exact } from '../../../domain/decimal.ts';
import type { Side } from '../../../domain/order.ts';
import { type Holding, multiplierOf, rounded, ZERO } from './accounts.ts';

export interface Counted {
  readonly side: Side;
  readonly exit: boolean;
  readonly price: Exact;
  leaves: Exact;
}

/** Several checkers ask about the same order, one behind the other: it is divided for the first of them. */
let newest:
  | { readonly reserved: string; readonly quantity: string; readonly symbol: string; readonly price: Exact }
  | undefined;

/** The price at which an order is counted follows from what was reserved for all of it. */
export function countedPrice(reserved: string, quantity: string, symbol: string): Exact {
  if (newest?.reserved === reserved && newest.quantity === quantity && newest.symbol === symbol) return newest.price;
  const price = rounded(exact(reserved).dividedBy(exact(quantity).times(multiplierOf(symbol))));
  newest = { reserved, quantity, symbol, price };
  return price;
}

export const largest = (values: readonly Exact[]): Exact =>
  values.reduce((max, value) => (value.greaterThan(max) ? value : max), ZERO);

/** One account's orders in one symbol. */
export class SymbolBook {
  readonly orders = new Map<string, Counted>();
  private readonly multiplier: string;
  private counted = ZERO;

  constructor(symbol: string) {
    this.multiplier = multiplierOf(symbol);
  }

  leaves(side: Side, which: (order: Counted) => boolean = () => true): Exact {
    let sum = ZERO;
    for (const order of this.orders.values()) if (order.side === side && which(order)) sum = sum.plus(order.leaves);
    return sum;
  }

  /** Value of the position if everything on `side` fills: what closes costs nothing, what opens counts at the highest price. */
  sideValue(side: Side, holding: Holding | undefined): Exact {
    const orders = [...this.orders.values()].filter((order) => order.side === side);
    const quantity = holding?.quantity ?? ZERO;
    const cost = holding?.cost.abs() ?? ZERO;
    const opposite = !quantity.isZero() && quantity.isNegative() === (side === 'buy');
    if (!opposite)
      return orders.reduce((sum, { leaves, price }) => sum.plus(leaves.times(price).times(this.multiplier)), cost);
    const opening = orders.reduce((sum, { leaves }) => sum.plus(leaves), ZERO).minus(quantity.abs());
    if (opening.lessThanOrEqualTo(0)) return ZERO;
    return opening.times(largest(orders.map(({ price }) => price))).times(this.multiplier);
  }

  /** The largest value that any set of fills can lead to. */
  value(holding: Holding | undefined): Exact {
    const cost = holding?.cost.abs() ?? ZERO;
    return this.orders.size === 0
      ? cost
      : largest([cost, this.sideValue('buy', holding), this.sideValue('sell', holding)]);
  }

  /** By how much that value has changed since this was asked last. */
  valueMove(holding: Holding | undefined): Exact {
    const before = this.counted;
    this.counted = this.value(holding);
    return this.counted.minus(before);
  }
}
