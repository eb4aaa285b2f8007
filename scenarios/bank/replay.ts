/** Runs an entry of the bank again, exactly as it was: the same script or text, faults and limits, whatever seeds draw today. */
import { resolve } from 'node:path';
import { CHECKOUT_DIRECTORY } from '../../db/client/package-root.ts';
import type { SimulatedPlace } from '../../db/simulated/database.ts';
import { type DrawnOptions, runDrawn } from '../drawn.ts';
import { parseScenario } from '../file/load.ts';
import { runScenario } from '../run/scenario.ts';
import { simulatedSettings } from '../settings.ts';
import { failuresIn, scenarioPart } from '../shrink/scenario-part.ts';
import { type DrawnEntry, type Entry, scriptOf } from './entry.ts';

/** Everything that a run of a drawn entry is made of, but its place. */
export function drawnOptions(entry: DrawnEntry): Omit<DrawnOptions, 'place'> {
  const script = scriptOf(entry);
  const { seed, burst = false } = entry;
  return { seed, script, virtualMs: script.virtualMs, faults: true, burst, settings: simulatedSettings() };
}

/** What is broken: nothing, as long as what it once found stays mended. */
export async function replay(entry: Entry, place: SimulatedPlace): Promise<readonly string[]> {
  if (entry.kind === 'drawn') return (await runDrawn({ ...drawnOptions(entry), place })).failures;
  const { seed, file, text, untilMs, keep } = entry;
  const loaded = parseScenario(text, resolve(CHECKOUT_DIRECTORY, file));
  const part = keep ? scenarioPart(loaded, keep) : loaded;
  const options = { place, seed, ...(untilMs !== undefined && { untilMs }) };
  return failuresIn((await runScenario(part, options)).result);
}
