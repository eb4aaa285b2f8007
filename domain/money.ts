/** Rounding of money and prices happens here and nowhere else. Account currency is USD with two minor digits. */
import { type DecimalText, exact, text } from './decimal.ts';
import { ROUND_DOWN } from './exact.ts';

/** To the cent, half to even. */
export function roundToCent(amount: DecimalText): DecimalText {
  return text(exact(amount).toDecimalPlaces(2));
}

/** To the nearest multiple of `tickSize`. */
export function roundToTick(price: DecimalText, tickSize: DecimalText): DecimalText {
  return text(exact(price).toNearest(tickSize));
}

/** Is `price` a multiple of `tickSize`, or a quantity of its step? */
export function isOnTick(price: DecimalText, tickSize: DecimalText): boolean {
  return exact(price).mod(tickSize).isZero();
}

/** The largest multiple of `step` that is no more than a positive quantity; zero when it is less than one step. */
export function downToStep(quantity: DecimalText, step: DecimalText): DecimalText {
  return text(exact(quantity).dividedBy(step).toDecimalPlaces(0, ROUND_DOWN).times(step));
}

/** The multiples of `step` next to a positive value that is none, those above zero alone. */
export function multiplesBeside(value: DecimalText, step: DecimalText): readonly DecimalText[] {
  const below = exact(value).minus(exact(value).mod(step));
  return (below.isZero() ? [exact(step)] : [below, below.plus(step)]).map(text);
}
