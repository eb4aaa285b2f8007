/**
 * A part of a script: some of its steps, by their place, and some of its kinds of faults. Small enough to stand in a command line, and
 * with the seed enough to run it again.
 */

import { ratesOf, type WorldFaults } from '../faults.ts';
import type { Script } from '../people/script.ts';

export interface Part {
  /** Places in the script's list of steps, ascending. */
  readonly steps: readonly number[];
  /** `venue.dropRatio`, `database.crashRatio`, …; with `!` behind it the fault happens every time. */
  readonly faults: readonly string[];
}

/** After the last step that is left, so that what it set off can show. */
const TAIL_MS = 30_000;

const EVERY_TIME = '!';

/** The same kinds, but this one happens every time; undefined when it is no chance. */
export const everyTime = (faults: readonly string[], kind: string): readonly string[] | undefined =>
  kind.endsWith('Ratio') ? faults.map((known) => (known === kind ? `${kind}${EVERY_TIME}` : known)) : undefined;

/** Kinds that can happen; how long one lasts is no kind of its own. */
export const faultsIn = (faults: WorldFaults): readonly string[] =>
  Object.entries(ratesOf(faults)).flatMap(([port, rates]) =>
    Object.entries(rates)
      .filter(([, rate]) => rate !== 0 && rate !== false)
      .map(([kind]) => `${port}.${kind}`),
  );

export const wholeOf = ({ steps, faults }: Script): Part => ({
  steps: steps.map((_, index) => index),
  faults: faultsIn(faults),
});

const off = (rate: number | boolean): number | boolean => (typeof rate === 'number' ? 0 : false);

function faultsWith(faults: WorldFaults, kept: readonly string[]): WorldFaults {
  const ports = Object.entries(ratesOf(faults)).map(([port, rates]) => {
    const left = Object.entries(rates).map(([kind, rate]) => {
      if (kept.includes(`${port}.${kind}${EVERY_TIME}`)) return [kind, 1];
      return [kind, kept.includes(`${port}.${kind}`) ? rate : off(rate)];
    });
    return [port, Object.fromEntries(left)];
  });
  return Object.fromEntries(ports) as unknown as WorldFaults;
}

/** Places that the script does not have are left out. The world lasts until a little after its last step. */
export function partOf(script: Script, part: Part): Script {
  const steps = part.steps.flatMap((index) => script.steps[index] ?? []);
  const lastMs = steps.at(-1)?.atMs ?? 0;
  return {
    ...script,
    steps,
    faults: faultsWith(script.faults, part.faults),
    virtualMs: Math.min(script.virtualMs, lastMs + TAIL_MS),
  };
}
