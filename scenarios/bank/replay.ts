/** Runs an entry of the bank again: a drawn world exactly as it was, whatever seeds draw today; a seed of a file with the file as it is now. */
import type { SimulatedPlace } from '../../db/simulated/database.ts';
import { type DrawnOptions, runDrawn } from '../drawn.ts';
import { type LoadedScenario, loadScenario, parseScenario } from '../file/load.ts';
import { runScenario } from '../run/scenario.ts';
import { simulatedSettings } from '../settings.ts';
import { failuresIn, scenarioPart } from '../shrink/scenario-part.ts';
import { type DrawnEntry, type Entry, type FileEntry, scriptOf } from './entry.ts';
import { hashOf, isGone, pathOf } from './file-entry.ts';

/** Resolves with what is broken: nothing, as long as what it once found stays mended. */
export type Replay = (place: SimulatedPlace) => Promise<readonly string[]>;

/** Everything that a run of a drawn entry is made of, but its place. */
export function drawnOptions(entry: DrawnEntry): Omit<DrawnOptions, 'place'> {
  const script = scriptOf(entry);
  const { seed, burst = false } = entry;
  return { seed, script, virtualMs: script.virtualMs, faults: true, burst, settings: simulatedSettings() };
}

const replayFile =
  (loaded: LoadedScenario, seed: string, untilMs?: number): Replay =>
  async (place) =>
    failuresIn((await runScenario(loaded, { place, seed, ...(untilMs !== undefined && { untilMs }) })).result);

/** Says of a failure that the file is not the one any more that has failed then. */
async function ofItsFile(entry: FileEntry): Promise<Replay> {
  const path = pathOf(entry);
  const hasChanged = hashOf(path) !== entry.hash;
  const run = replayFile(await loadScenario(path), entry.seed);
  return async (place) => {
    const failures = await run(place);
    return hasChanged && failures.length > 0
      ? [...failures, `${entry.file} has changed since it was banked`]
      : failures;
  };
}

/** Reads what the entry needs; throws what keeps a file from being read. */
export async function replayOf(entry: Entry): Promise<Replay> {
  if (entry.kind === 'drawn') return async (place) => (await runDrawn({ ...drawnOptions(entry), place })).failures;
  if (isGone(entry)) return async () => [`${entry.file} is gone: npm run scenario drops its entry`];
  if (entry.kind === 'scenario') return ofItsFile(entry);
  const { seed, text, untilMs, keep } = entry;
  const loaded = parseScenario(text, pathOf(entry));
  return replayFile(keep ? scenarioPart(loaded, keep) : loaded, seed, untilMs);
}
