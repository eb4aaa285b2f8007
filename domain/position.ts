/**
 * What fills of one account and instrument add up to: signed quantity at cost. Fills that reduce it realise profit or loss, one
 * that crosses zero closes first and opens with the rest. A flat position has no cost, to the last digit.
 */
import { type DecimalText, type Exact, exact, text } from './decimal.ts';
import { type Side, signedExact } from './order.ts';

export interface Position {
  /** Positive is long, negative short. */
  readonly quantity: DecimalText;
  /** Value of the open quantity at its entry prices, in account currency, signed like the quantity. */
  readonly cost: DecimalText;
  readonly averagePrice: DecimalText;
  /** Sum over all fills, commissions not deducted. */
  readonly realizedPnl: DecimalText;
}

export interface PositionFill {
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly price: DecimalText;
}

export const FLAT: Position = { quantity: '0', cost: '0', averagePrice: '0', realizedPnl: '0' };

/** Digits kept where a division need not end: a part of a cost, an average. What a part loses stays in the rest. */
const DIVISION_DIGITS = 12;
const divided = (value: Exact, by: Exact): Exact => value.dividedBy(by).toDecimalPlaces(DIVISION_DIGITS);

export function applyFill(
  before: Omit<Position, 'averagePrice'>,
  fill: PositionFill,
  multiplier: DecimalText = '1',
): Position {
  const { quantity, cost, averagePrice, realized } = moveOf(before, fill, multiplier);
  const realizedPnl = realized ? text(exact(before.realizedPnl).plus(realized)) : before.realizedPnl;
  return { quantity, cost, averagePrice, realizedPnl };
}

interface Held {
  readonly quantity: DecimalText;
  readonly cost: DecimalText;
}

interface Move extends Held {
  readonly averagePrice: DecimalText;
  /** By this fill alone; undefined when it reduces nothing. */
  readonly realized: Exact | undefined;
}

/** What was worked out last: five books of one account ask for the same, one after the other. */
let last:
  | { readonly before: Held; readonly fill: PositionFill; readonly multiplier: DecimalText; readonly move: Move }
  | undefined;

function moveOf({ quantity, cost }: Held, { side, quantity: traded, price }: PositionFill, by: DecimalText): Move {
  if (last && last.before.quantity === quantity && last.before.cost === cost && last.multiplier === by) {
    const { fill, move } = last;
    if (fill.side === side && fill.quantity === traded && fill.price === price) return move;
  }
  const before = { quantity, cost };
  const fill = { side, quantity: traded, price };
  const move = moved(before, fill, by);
  last = { before, fill, multiplier: by, move };
  return move;
}

function moved(before: Held, fill: PositionFill, multiplier: DecimalText): Move {
  const held = exact(before.quantity);
  const traded = signedExact(fill.side, fill.quantity);
  const unitValue = multiplier === '1' ? exact(fill.price) : exact(fill.price).times(multiplier);
  const quantity = held.plus(traded);
  const reduces = !held.isZero() && held.isPositive() !== traded.isPositive();
  if (!reduces) {
    const cost = exact(before.cost).plus(traded.times(unitValue));
    return movedTo(quantity, cost, multiplier, undefined);
  }
  const closesAll = !held.abs().greaterThan(traded.abs());
  const closed = closesAll ? held : traded.negated();
  const released = closesAll ? exact(before.cost) : divided(exact(before.cost).times(closed), held);
  const realized = closed.times(unitValue).minus(released);
  const cost = exact(before.cost).minus(released).plus(traded.plus(closed).times(unitValue));
  return movedTo(quantity, cost, multiplier, realized);
}

const unitsOf = (quantity: Exact, multiplier: DecimalText): Exact =>
  multiplier === '1' ? quantity : quantity.times(multiplier);

export const averagePriceOf = (quantity: DecimalText, cost: DecimalText, multiplier: DecimalText): DecimalText =>
  averageOf(exact(cost), unitsOf(exact(quantity), multiplier));

const averageOf = (cost: Exact, units: Exact): DecimalText => (units.isZero() ? '0' : text(divided(cost, units)));

/** What a position is worth at its last price, and what it has gained; without a price it counts at what it cost. */
export function valued(
  { quantity, cost }: Pick<Position, 'quantity' | 'cost'>,
  last: number | undefined,
  multiplier: DecimalText,
): { readonly value: DecimalText; readonly gain: DecimalText } {
  if (last === undefined) return { value: cost, gain: '0' };
  const value = exact(quantity).times(last).times(multiplier);
  return { value: text(value), gain: text(value.minus(cost)) };
}

const movedTo = (quantity: Exact, cost: Exact, multiplier: DecimalText, realized: Exact | undefined): Move => ({
  quantity: text(quantity),
  cost: text(cost),
  averagePrice: averageOf(cost, unitsOf(quantity, multiplier)),
  realized,
});
