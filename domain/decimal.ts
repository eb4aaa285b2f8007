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
  const magnitude = Math.abs(value);
  // Within these a number's text has no exponent (ECMA-262, Number::toString).
  const isPlain = magnitude === 0 || (magnitude >= 1e-6 && magnitude < 1e21);
  return isPlain ? String(value) : text(exact(value));
}

export const plus = (a: DecimalText, b: DecimalText): DecimalText => Exact.sum(a, b);
export const minus = (a: DecimalText, b: DecimalText): DecimalText => Exact.difference(a, b);
export const times = (a: DecimalText, b: DecimalText): DecimalText => Exact.product(a, b);
export const negate = (a: DecimalText): DecimalText => text(exact(a).negated());
/** -1, 0 or 1. */
export const compare = (a: DecimalText, b: DecimalText): number => Exact.compared(a, b);
/** The same amount; nearly always the texts tell already. */
export const isSame = (a: DecimalText, b: DecimalText): boolean => a === b || compare(a, b) === 0;
export const isZero = (a: DecimalText): boolean => Exact.sign(a) === 0;
export const isPositive = (a: DecimalText): boolean => Exact.sign(a) > 0;
export const min = (a: DecimalText, b: DecimalText): DecimalText => (compare(a, b) <= 0 ? a : b);
export const max = (a: DecimalText, b: DecimalText): DecimalText => (compare(a, b) >= 0 ? a : b);
export const absolute = (a: DecimalText): DecimalText => text(exact(a).abs());
