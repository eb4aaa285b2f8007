/** How the contract writes instruments and figures: `EUR_USD`, decimal strings. */
import { type Exact, exact, isZero, text } from '../../domain/decimal.ts';
import { paired } from '../kit/paired.ts';

export const spelled = (symbol: string): string => paired(symbol, '_');

/** Digits that a float holds for certain; behind them is the dust of a division. */
const DIGITS = 15;

/** The decimal that a float means: of what was divided the last digit is anything, and at a half that would decide. */
const meant = (value: number): Exact => exact(Number(value.toPrecision(DIGITS)));

/** With so many places, half to even as money is rounded; never -0. */
export const fixed = (value: number | Exact, places = 2): string => {
  const rounded = text((typeof value === 'number' ? meant(value) : value).toDecimalPlaces(places));
  const [whole, fraction = ''] = (isZero(rounded) ? '0' : rounded).split('.');
  return `${whole}.${fraction.padEnd(places, '0')}`;
};

export const percent = (ratio: number): string => fixed(meant(ratio).times(100));

/** A price as its shortest decimal text. */
export const priceText = (price: number): string => {
  const text = String(price);
  return text.includes('e') ? price.toFixed(8).replace(/0+$/, '') : text;
};
