/** Numbers, times and names as people read them, and text made safe for HTML. Nothing from outside reaches a page unescaped. */
import type { Figure, Unit } from '../figures/figure.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign]!);

const grouped = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** `2026-01-05 10:00:00`, UTC. */
export const timeText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
export const priceText = (price: number): string => String(Number(price.toFixed(8)));
export const percentText = (ratio: number): string => `${grouped(ratio * 100, 2)} %`;
export const moneyText = (amount: number): string => grouped(amount, 2);

/** The two largest parts: `2 d 3 h`, `4 min 5 s`, `20 ms`. */
export function durationText(ms: number): string {
  const parts: string[] = [];
  let left = Math.round(ms);
  for (const [size, name] of [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1_000, 's'],
  ] as const) {
    const whole = Math.floor(left / size);
    left -= whole * size;
    if (whole > 0) parts.push(`${whole} ${name}`);
  }
  return parts.length > 0 ? parts.slice(0, 2).join(' ') : `${left} ms`;
}

const BY_UNIT: Readonly<Record<Unit, (value: number) => string>> = {
  count: (value) => grouped(value, 0),
  ratio: percentText,
  money: moneyText,
  points: (value) => grouped(value, 4),
  ms: durationText,
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
