/** A scenario file as a test: `scenarioTest('scenarios/library/01-first-trade.yaml')`. Runs in this thread, under the ambient guard. */
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { openMemory } from '../../db/memory/open.ts';
import { withoutAmbient } from '../ambient.ts';
import { type Repeated, repeatCommand } from '../cli/repeat.ts';
import { problemsOf } from '../cli/show.ts';
import { type LoadedScenario, loadScenario, parseScenario } from '../file/load.ts';
import type { Recording, ScenarioResult } from '../recording.ts';
import { bugText, caughtBy, withBug } from '../run/caught.ts';
import { type RunOptions, runScenario } from '../run/scenario.ts';

/** Only the patience of the test runner: what is simulated knows no real clock. */
const TIMEOUT_MS = 120_000;

export const runLoaded = (loaded: LoadedScenario, options: Omit<RunOptions, 'place'> = {}): Promise<Recording> =>
  withoutAmbient(() => runScenario(loaded, { place: openMemory(), ...options }));

/** Runs a scenario that is written in a test. */
export const runText = (yaml: string, options: Omit<RunOptions, 'place'> = {}): Promise<Recording> =>
  runLoaded(parseScenario(yaml, 'test.yaml'), options);

/** Runs it with one of the bugs that it says it catches; what comes back tells whether the bug was seen. */
export async function runWithBug(loaded: LoadedScenario, index: number): Promise<Recording> {
  return caughtBy(await runLoaded(withBug(loaded, index)), loaded.scenario.catches[index]!);
}

/** What went wrong, with the seed and the line that repeats it; nothing when all held. */
export function toldOf(
  result: ScenarioResult,
  file: string,
  more: Pick<Repeated, 'untilMs' | 'planted'> = {},
): readonly string[] {
  const { seed } = result;
  const problems = problemsOf(result);
  if (problems.length === 0) return [];
  return [...problems, `seed ${seed}`, `repeat with: ${repeatCommand({ file, seed, ...more })}`];
}

/** The scenario as it is, which has to hold, and with each bug that it says it catches, which has to be seen. */
export function scenarioTest(file: string, options: Omit<RunOptions, 'place'> = {}): void {
  test(
    `scenario ${basename(file)}`,
    async () => {
      const { result } = await runLoaded(await loadScenario(file), options);
      expect(toldOf(result, file, { untilMs: options.untilMs })).toEqual([]);
      expect(result.passed).toBe(true);
    },
    TIMEOUT_MS,
  );
  test(
    `scenario ${basename(file)} sees the bugs it names`,
    async () => {
      const loaded = await loadScenario(file);
      for (const [index, bug] of loaded.scenario.catches.entries()) {
        const { result } = await runWithBug(loaded, index);
        const unseen = toldOf(result, file, { planted: true });
        expect({ bug: bugText(bug), unseen }).toEqual({ bug: bugText(bug), unseen: [] });
      }
    },
    TIMEOUT_MS,
  );
}
