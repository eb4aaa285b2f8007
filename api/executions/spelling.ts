/** How the contract writes instruments and figures: `EUR_USD`, decimal strings. */
import { paired } from '../kit/paired.ts';

export const spelled = (symbol: string): string => paired(symbol, '_');

/** A float as decimal text; never -0. */
export const fixed = (value: number, places = 2): string => {
  const text = value.toFixed(places);
  return Number(text) === 0 ? (0).toFixed(places) : text;
};

export const percent = (ratio: number): string => fixed(ratio * 100);

/** A price as its shortest decimal text. */
export const priceText = (price: number): string => {
  const text = String(price);
  return text.includes('e') ? price.toFixed(8).replace(/0+$/, '') : text;
};
