/**
 * Runs seed after seed until one breaks a promise, and says which as one line of JSON. Built once for each planted bug, and run in a
 * process of its own: `<from> <seeds> <minutes>`.
 */
import { openMemory } from '../../db/memory/open.ts';
import { withoutAmbient } from '../ambient.ts';
import { runDrawn } from '../drawn.ts';
import { simulatedSettings } from '../settings.ts';

export interface Catch {
  /** The seed that caught it; undefined: none did. */
  readonly seed: string | undefined;
  readonly seeds: number;
  readonly failures: readonly string[];
}

const [from = 1, seeds = 1, minutes = 6] = process.argv.slice(2).map(Number);

async function failuresOf(seed: string): Promise<readonly string[]> {
  const settings = simulatedSettings();
  const options = { seed, place: openMemory(), settings, virtualMs: minutes * 60_000, faults: true };
  try {
    return (await withoutAmbient(() => runDrawn(options))).failures;
  } catch (error) {
    return [`the run broke: ${String(error)}`];
  }
}

async function hunt(): Promise<Catch> {
  for (let seed = from; seed < from + seeds; seed += 1) {
    const failures = await failuresOf(String(seed));
    if (failures.length > 0) return { seed: String(seed), seeds: seed - from + 1, failures: failures.slice(0, 5) };
  }
  return { seed: undefined, seeds, failures: [] };
}

process.stdout.write(`${JSON.stringify(await hunt())}\n`);
process.exit(0);
