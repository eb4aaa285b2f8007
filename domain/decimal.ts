/**
 * Money, prices and quantities travel and rest as plain decimal text ("150.25"); arithmetic happens on `Exact`, never on binary
 * floats. Text is canonical: no exponent, no leading "+", no trailing zeros.
 */
import { Exact } from './exact.ts';

export type { Exact };
/** Canonical decimal text. */
export type DecimalText = string;

export const exact = (value: DecimalText | number | Exact): Exact => Exact.from(value);
export const text = (value: Exact): DecimalText => value.toFixed();

/** From a JSON number: its shortest decimal text, exactly. Throws RangeError for NaN and infinities. */
export function fromNumber(value: number): DecimalText {
  if (!Number.isFinite(value)) throw new RangeError(`not a finite number: ${value}`);
  const shortest = String(value);
  return shortest.includes('e') ? text(exact(value)) : shortest;
}

export const plus = (a: DecimalText, b: DecimalText): DecimalText => text(exact(a).plus(b));
export const minus = (a: DecimalText, b: DecimalText): DecimalText => text(exact(a).minus(b));
export const times = (a: DecimalText, b: DecimalText): DecimalText => text(exact(a).times(b));
export const negate = (a: DecimalText): DecimalText => text(exact(a).negated());
/** -1, 0 or 1. */
export const compare = (a: DecimalText, b: DecimalText): number => exact(a).comparedTo(b);
/** The same amount; nearly always the texts tell already. */
export const isSame = (a: DecimalText, b: DecimalText): boolean => a === b || compare(a, b) === 0;
export const isZero = (a: DecimalText): boolean => exact(a).isZero();
export function isPositive(a: DecimalText): boolean {
  const value = exact(a);
  return !value.isNegative() && !value.isZero();
}
export const min = (a: DecimalText, b: DecimalText): DecimalText => (compare(a, b) <= 0 ? a : b);
export const max = (a: DecimalText, b: DecimalText): DecimalText => (compare(a, b) >= 0 ? a : b);
export const absolute = (a: DecimalText): DecimalText => text(exact(a).abs());
