/**
 * What fills of one account and instrument add up to: signed quantity at cost. Fills that reduce it realise profit or loss, one
 * that crosses zero closes first and opens with the rest. A flat position has no cost, to the last digit.
 */
import { type DecimalText, type Exact, exact, text } from './decimal.ts';
import { type Side, signed } from './order.ts';

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

export function averagePrice(quantity: DecimalText, cost: DecimalText, multiplier: DecimalText = '1'): DecimalText {
  const units = exact(quantity).times(multiplier);
  return units.isZero() ? '0' : text(divided(exact(cost), units));
}

export function applyFill(
  before: Omit<Position, 'averagePrice'>,
  fill: PositionFill,
  multiplier: DecimalText = '1',
): Position {
  const held = exact(before.quantity);
  const traded = exact(signed(fill.side, fill.quantity));
  const unitValue = exact(fill.price).times(multiplier);
  const reduces = !held.isZero() && held.isPositive() !== traded.isPositive();
  const closed = reduces
    ? signOf(held).times(held.abs().lessThan(traded.abs()) ? held.abs() : traded.abs())
    : exact('0');
  const released = closed.equals(held) ? exact(before.cost) : divided(exact(before.cost).times(closed), held);
  const realized = closed.times(unitValue).minus(released);
  const cost = exact(before.cost).minus(released).plus(traded.plus(closed).times(unitValue));
  const quantity = text(held.plus(traded));
  return {
    quantity,
    cost: text(cost),
    averagePrice: averagePrice(quantity, text(cost), multiplier),
    realizedPnl: text(exact(before.realizedPnl).plus(realized)),
  };
}

const signOf = (value: Exact): Exact => exact(value.isNegative() ? -1 : 1);
