/** Numbers and names as people read them. */
import { duration } from '../../drawing/scale.ts';
import type { Costs } from '../engine/terms.ts';
import type { Figure, Unit } from '../figures/figure.ts';

/** What rounds to nothing has no sign. */
const grouped = (value: number, digits: number): string =>
  value
    .toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replace(/^-(?=[0.]+$)/, '');

export const priceText = (price: number): string => String(Number(price.toFixed(8)));
export const percentText = (ratio: number): string => `${grouped(ratio * 100, 2)} %`;
export const moneyText = (amount: number): string => grouped(amount, 2);

/** A tenth of a pip of a currency, and one digit of its mean. */
const POINT_DIGITS = 6;

const BY_UNIT: Readonly<Record<Unit, (value: number) => string>> = {
  count: (value) => grouped(value, 0),
  ratio: percentText,
  money: moneyText,
  points: (value) => value.toLocaleString('en-US', { maximumFractionDigits: POINT_DIGITS }),
  ms: duration,
  number: (value) => grouped(value, 3),
};

export const figureText = ({ value, unit, reason }: Figure): string =>
  value === null ? `n/a (${reason})` : BY_UNIT[unit](value);

/** `drawdownRatioMax` as `Drawdown max`: the unit shows in the value. */
export function figureLabel(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z0-9])/g, '$1 $2')
    .replace(/([A-Z0-9])([A-Z][a-z])/g, '$1 $2')
    .split(' ')
    .filter((word, index) => index === 0 || !['Ms', 'Points'].includes(word))
    .map((word, index) => (index === 0 ? word[0]!.toUpperCase() + word.slice(1) : word.toLowerCase()));
  return words.join(' ');
}

/** `fast 10, slow 30`. */
export const pairsText = (values: object): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');

/** Those that cost something. */
export const costsText = (costs: Costs): string =>
  pairsText(Object.fromEntries(Object.entries(costs).filter(([, cost]) => cost > 0))) || 'none';
