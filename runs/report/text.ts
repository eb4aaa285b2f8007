/** Numbers and names as people read them. */
import { duration } from '../../drawing/scale.ts';
import type { Figure, Unit } from '../figures/figure.ts';

const grouped = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

export const priceText = (price: number): string => String(Number(price.toFixed(8)));
export const percentText = (ratio: number): string => `${grouped(ratio * 100, 2)} %`;
export const moneyText = (amount: number): string => grouped(amount, 2);

const BY_UNIT: Readonly<Record<Unit, (value: number) => string>> = {
  count: (value) => grouped(value, 0),
  ratio: percentText,
  money: moneyText,
  points: (value) => grouped(value, 4),
  ms: duration,
  number: (value) => grouped(value, 3),
};

export const figureText = ({ value, unit, reason }: Figure): string =>
  value === null ? `n/a (${reason})` : BY_UNIT[unit](value);

/** `drawdownRatioMax` as `Drawdown max`: the unit shows in the value. */
export function figureLabel(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z0-9])/g, '$1 $2')
    .split(' ')
    .filter((word, index) => index === 0 || !['Ms', 'Points'].includes(word))
    .map((word, index) => (index === 0 ? word[0]!.toUpperCase() + word.slice(1) : word.toLowerCase()));
  return words.join(' ');
}
