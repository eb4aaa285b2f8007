/**
 * Fills that nobody reported, made so that our books hold what the venue holds. They are marked as synthetic wherever they are shown.
 * Invariant: no profit is invented; what closes does so at our own average price.
 */
import { absolute, compare, exact, isPositive, isZero, minus, negate, text, times } from '../../domain/decimal.ts';
import type { Side } from '../../domain/order.ts';
import type { PositionDifference } from '../../messages/reconciliation.ts';

export interface SyntheticFill {
  readonly side: Side;
  readonly quantity: string;
  readonly price: string;
}

const PRICE_DIGITS = 12;

const trade = (move: string, price: string): SyntheticFill => ({
  side: isPositive(move) ? 'buy' : 'sell',
  quantity: absolute(move),
  price,
});

/** Does the position turn from long to short or back? */
export function turns({ ownQuantity, venueQuantity }: PositionDifference): boolean {
  return !isZero(ownQuantity) && !isZero(venueQuantity) && isPositive(ownQuantity) !== isPositive(venueQuantity);
}

/**
 * From our quantity to the venue's. What is added is priced so that the average becomes the venue's:
 * (venue quantity × venue average - own quantity × own average) ÷ added. A position that turns is closed and opened anew.
 */
export function syntheticFills(difference: PositionDifference): readonly SyntheticFill[] {
  const { ownQuantity, ownAveragePrice, venueQuantity, venueAveragePrice } = difference;
  if (turns(difference)) return [trade(negate(ownQuantity), ownAveragePrice), trade(venueQuantity, venueAveragePrice)];
  const move = minus(venueQuantity, ownQuantity);
  const grows = compare(absolute(venueQuantity), absolute(ownQuantity)) > 0;
  if (!grows) return [trade(move, ownAveragePrice)];
  const value = exact(times(venueQuantity, venueAveragePrice)).minus(times(ownQuantity, ownAveragePrice));
  const matching = text(value.dividedBy(move).toDecimalPlaces(PRICE_DIGITS));
  // Averages that no price explains (the venue rounds, or trades back and forth): the venue's own is nearest to the truth.
  return [trade(move, isPositive(matching) ? matching : venueAveragePrice)];
}
