/** Makes a failing drawn world small: what is left of its script still breaks one of the promises that the whole has broken. */
import { openMemory } from '../../db/memory/open.ts';
import { withoutAmbient } from '../ambient.ts';
import { type DrawnOptions, runDrawn } from '../drawn.ts';
import type { Script } from '../people/script.ts';
import { checkerIn } from '../planted/checker-in.ts';
import { simulatedSettings } from '../settings.ts';
import { partOf, wholeOf } from './part.ts';
import { type Shrunk, shrink } from './shrink.ts';
import { type Left, scriptLeft } from './told.ts';

export interface SmallWorld extends Shrunk {
  readonly left: Left;
  /** Just what is left. */
  readonly script: Script;
}

/** What the script breaks first in a world of that seed. */
export async function failuresOf(
  seed: string,
  script: Script,
  more: Pick<DrawnOptions, 'burst'> = {},
): Promise<readonly string[]> {
  const settings = simulatedSettings();
  const { virtualMs } = script;
  const run = { seed, place: openMemory(), settings, virtualMs, faults: true, script, stopAtFinding: true, ...more };
  try {
    return (await withoutAmbient(() => runDrawn(run))).failures;
  } catch (error) {
    return [`the run broke: ${String(error)}`];
  }
}

/** `failures`: of the whole. Undefined when the whole does not fail so any more. */
export async function smallWorld(
  seed: string,
  script: Script,
  failures: readonly string[],
  runsMax: number,
): Promise<SmallWorld | undefined> {
  const seen = new Set(failures.map(checkerIn));
  const shrunk = await shrink(wholeOf(script), {
    failuresOf: (part) => failuresOf(seed, partOf(script, part)),
    isSame: (failure) => seen.has(checkerIn(failure)),
    runsMax,
  });
  return shrunk && { ...shrunk, left: scriptLeft(script, shrunk), script: partOf(script, shrunk.part) };
}
