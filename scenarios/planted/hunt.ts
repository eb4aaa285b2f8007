/**
 * Runs seed after seed until one breaks a promise, and says which as one line of JSON; on demand the failure is made small first. Built
 * once for each planted bug, and run in a process of its own: `<from> <seeds> <minutes> <runs for shrinking>`.
 */
import { openMemory } from '../../db/memory/open.ts';
import { withoutAmbient } from '../ambient.ts';
import { type DrawnOptions, runDrawn } from '../drawn.ts';
import { drawScript } from '../people/draw-script.ts';
import { simulatedSettings } from '../settings.ts';
import { partOf, wholeOf } from '../shrink/part.ts';
import { type Shrunk, shrink } from '../shrink/shrink.ts';
import { type Left, scriptLeft } from '../shrink/told.ts';
import { checkerIn } from './checker-in.ts';

export interface Catch {
  /** The seed that caught it; undefined: none did. */
  readonly seed: string | undefined;
  readonly seeds: number;
  readonly failures: readonly string[];
  readonly shrunk?: (Shrunk & { readonly left: Left }) | undefined;
}

const [from = 1, seeds = 1, minutes = 6, shrinkRuns = 0] = process.argv.slice(2).map(Number);
const virtualMs = minutes * 60_000;

async function failuresOf(seed: string, more: Partial<DrawnOptions> = {}): Promise<readonly string[]> {
  const settings = simulatedSettings();
  const options = { seed, place: openMemory(), settings, virtualMs, faults: true, stopAtFinding: true, ...more };
  try {
    return (await withoutAmbient(() => runDrawn(options))).failures;
  } catch (error) {
    return [`the run broke: ${String(error)}`];
  }
}

async function smallOf(seed: string, failures: readonly string[]): Promise<Catch['shrunk']> {
  const seen = new Set(failures.map(checkerIn));
  const script = drawScript(seed, virtualMs, true);
  const shrunk = await shrink(wholeOf(script), {
    failuresOf: (part) => failuresOf(seed, { script: partOf(script, part) }),
    isSame: (failure) => seen.has(checkerIn(failure)),
    runsMax: shrinkRuns,
  });
  return shrunk && { ...shrunk, left: scriptLeft(script, shrunk) };
}

async function hunt(): Promise<Catch> {
  for (let seed = from; seed < from + seeds; seed += 1) {
    const failures = await failuresOf(String(seed));
    if (failures.length === 0) continue;
    const shrunk = shrinkRuns > 0 ? await smallOf(String(seed), failures) : undefined;
    return { seed: String(seed), seeds: seed - from + 1, failures: failures.slice(0, 5), shrunk };
  }
  return { seed: undefined, seeds, failures: [] };
}

process.stdout.write(`${JSON.stringify(await hunt())}\n`);
process.exit(0);
