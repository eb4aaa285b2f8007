/** Rounding of money and prices happens here and nowhere else. Account currency is USD with two minor digits. */
import { type DecimalText, exact, text } from './decimal.ts';

/** To the cent, half to even. */
export function roundToCent(amount: DecimalText): DecimalText {
  return text(exact(amount).toDecimalPlaces(2));
}

/** To the nearest multiple of `tickSize`. */
export function roundToTick(price: DecimalText, tickSize: DecimalText): DecimalText {
  return text(exact(price).toNearest(tickSize));
}

/** Is `price` a multiple of `tickSize`? */
export function isOnTick(price: DecimalText, tickSize: DecimalText): boolean {
  return exact(price).mod(tickSize).isZero();
}
