/**
 * The one place where float prices meet an instrument's ticks: float → whole ticks → decimal text. Whole ticks are exact
 * integers, so comparing and printing them never depends on binary fractions.
 */
import type { DecimalText } from '../domain/decimal.ts';

export interface TickGrid {
  /** The nearest whole number of ticks. */
  ticks(price: number): number;
  /** The price of a whole number of ticks as canonical decimal text. */
  text(ticks: number): DecimalText;
  /** The price of a whole number of ticks as the float nearest to its decimal text. */
  price(ticks: number): number;
}

/** `tickSize` is a positive plain decimal ("0.00001", "0.25"). */
export function tickGrid(tickSize: DecimalText): TickGrid {
  const [whole = '0', fraction = ''] = tickSize.split('.');
  const decimals = fraction.length;
  const unitsPerTick = Number(whole + fraction);
  const scale = 10 ** decimals;
  if (!(unitsPerTick > 0)) throw new RangeError(`tick size must be positive: ${tickSize}`);
  return {
    ticks: (price) => Math.round((price * scale) / unitsPerTick),
    text: (ticks) => scaledText(ticks * unitsPerTick, decimals),
    price: (ticks) => (ticks * unitsPerTick) / scale,
  };
}

function scaledText(units: number, decimals: number): DecimalText {
  if (!Number.isSafeInteger(units)) throw new RangeError(`price outside the exact range: ${units}e-${decimals}`);
  if (units < 0) return `-${scaledText(-units, decimals)}`;
  if (decimals === 0) return String(units);
  const digits = String(units).padStart(decimals + 1, '0');
  let end = digits.length;
  const point = digits.length - decimals;
  while (end > point && digits.charCodeAt(end - 1) === 48) end -= 1;
  return end === point ? digits.slice(0, point) : `${digits.slice(0, point)}.${digits.slice(point, end)}`;
}
