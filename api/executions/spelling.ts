/** How the contract writes instruments and figures: `EUR_USD`, decimal strings. */
import { type Exact, exact, isZero, text } from '../../domain/decimal.ts';
import { paired } from '../kit/paired.ts';

export const spelled = (symbol: string): string => paired(symbol, '_');

/** With so many places, half to even as money is rounded; never -0. Of a float its shortest text counts, not the binary number behind it. */
export const fixed = (value: number | Exact, places = 2): string => {
  const rounded = text(exact(value).toDecimalPlaces(places));
  const [whole, fraction = ''] = (isZero(rounded) ? '0' : rounded).split('.');
  return `${whole}.${fraction.padEnd(places, '0')}`;
};

export const percent = (ratio: number): string => fixed(exact(ratio).times(100));

/** A price as its shortest decimal text. */
export const priceText = (price: number): string => {
  const text = String(price);
  return text.includes('e') ? price.toFixed(8).replace(/0+$/, '') : text;
};
