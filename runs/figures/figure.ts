/** One figure of a run: a number with its unit, or no number and the reason why. Never a zero that stands for "unknown". */
export type Unit = 'count' | 'ratio' | 'money' | 'points' | 'ms' | 'number';

export interface Figure {
  /** Stable name for programs; people get it with its words apart. */
  readonly name: string;
  readonly unit: Unit;
  readonly value: number | null;
  /** Why there is no value. */
  readonly reason?: string;
}

/** `reason` is told where the value is no finite number. */
export function figureOf(name: string, unit: Unit, value: number | undefined, reason: string): Figure {
  return value !== undefined && Number.isFinite(value) ? { name, unit, value } : { name, unit, value: null, reason };
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
/** NaN of nothing. */
export const mean = (values: readonly number[]): number => sum(values) / values.length;
/** Sample standard deviation (n - 1); NaN of fewer than two. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  const centre = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - centre) ** 2)) / (values.length - 1));
}

/** The q-quantile with linear interpolation between the nearest ranks (Hyndman and Fan's type 7, numpy's default). NaN of nothing. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + ((sorted[below + 1] ?? low) - low) * (place - below);
}

/** Of any number of values; spreading a hundred thousand into arguments would overflow the stack. */
export const largestOf = (values: readonly number[]): number =>
  values.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY);
export const smallestOf = (values: readonly number[]): number =>
  values.reduce((smallest, value) => Math.min(smallest, value), Number.POSITIVE_INFINITY);
