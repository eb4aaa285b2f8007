/** Orders as the tables do: text by code point, decimals by value, null as the largest. */
import { compare as compareDecimals } from '../../domain/decimal.ts';

export type Value = string | number | boolean | null;

/** By code point, not by UTF-16 unit: the two differ above the surrogates. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others. */
const codePointRank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/** Columns that hold decimals as text; all other text is ordered as text. */
const DECIMALS: ReadonlySet<string> = new Set([
  'quantity',
  'price',
  'amount',
  'filledQuantity',
  'averagePrice',
  'commission',
  'bandLow',
  'bandHigh',
  'realizedPnl',
  'cost',
]);

export function compareValues(column: string, a: Value, b: Value): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (DECIMALS.has(column)) return compareDecimals(String(a), String(b));
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return Number(a) - Number(b);
}
