/** All combinations of some values of parameters, in a fixed order: the same axes give the same sets, on every machine. */

export type ParameterSet = Readonly<Record<string, unknown>>;

/** The values to try of each parameter by its name; others keep their defaults. */
export type Axes = Readonly<Record<string, readonly unknown[]>>;

export const GRID_SETS_MAX = 100_000;

/** How many sets the axes make; 0 where one of them has no value. */
export const gridSize = (axes: Axes): number => Object.values(axes).reduce((size, values) => size * values.length, 1);

/** The last axis moves fastest. Throws RangeError above the bound: nobody waits for more. */
export function gridOf(axes: Axes): readonly ParameterSet[] {
  const size = gridSize(axes);
  if (size > GRID_SETS_MAX) throw new RangeError(`${size} parameter sets are more than ${GRID_SETS_MAX}`);
  return Object.entries(axes).reduce<readonly ParameterSet[]>(
    (sets, [name, values]) => sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value }))),
    [{}],
  );
}

/** From `first` to `last` inclusive by `step`, as the decimals that are meant: 0.1, 0.2, 0.3. */
export function rangeOf(first: number, last: number, step: number): readonly number[] {
  if (!(step > 0 && Number.isFinite(last - first)))
    throw new RangeError(`no range from ${first} to ${last} by ${step}`);
  const count = Math.floor((last - first) / step + 1e-9) + 1;
  if (count > GRID_SETS_MAX) throw new RangeError(`${count} values are more than ${GRID_SETS_MAX}`);
  return Array.from({ length: Math.max(0, count) }, (_, index) => Number((first + index * step).toFixed(10)));
}
