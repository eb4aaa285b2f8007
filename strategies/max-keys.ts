/** Orca's keys of `max`: `15_7_5_2` says impulse, pullback, confirmation and entries, `15_15` target and stop. Bounds are the schema's. */
import type { MaxParameters } from './max.ts';

type PointKey = Pick<MaxParameters, 'impulse' | 'pullback' | 'confirmation' | 'entriesPerImpulse'>;
type ExitKey = Pick<MaxParameters, 'target' | 'stop'>;

/** Plain positive decimals between single underscores; undefined for anything else. */
function numbersOf(key: string, count: number): readonly number[] | undefined {
  const parts = key.split('_');
  if (parts.length !== count || !parts.every((part) => /^\d{1,9}(\.\d{1,6})?$/.test(part))) return undefined;
  const numbers = parts.map(Number);
  return numbers.every((number) => number > 0) ? numbers : undefined;
}

export function readPointKey(key: string): PointKey | undefined {
  const [impulse, pullback, confirmation, entriesPerImpulse] = numbersOf(key, 4) ?? [];
  if (impulse === undefined || pullback === undefined || confirmation === undefined) return undefined;
  return Number.isInteger(entriesPerImpulse)
    ? { impulse, pullback, confirmation, entriesPerImpulse: entriesPerImpulse as number }
    : undefined;
}

export function readExitKey(key: string): ExitKey | undefined {
  const [target, stop] = numbersOf(key, 2) ?? [];
  return target === undefined || stop === undefined ? undefined : { target, stop };
}
