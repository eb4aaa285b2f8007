/** A scenario file as a test: `scenarioTest('scenarios/library/01-first-trade.yaml')`. Runs in this thread, under the ambient guard. */
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { openMemory } from '../../db/memory/open.ts';
import { withoutAmbient } from '../ambient.ts';
import { problemsOf } from '../cli/show.ts';
import { type LoadedScenario, loadScenario, parseScenario } from '../file/load.ts';
import type { Recording } from '../recording.ts';
import { type RunOptions, runScenario } from '../run/scenario.ts';

/** Only the patience of the test runner: what is simulated knows no real clock. */
const TIMEOUT_MS = 120_000;

export const runLoaded = (loaded: LoadedScenario, options: Omit<RunOptions, 'place'> = {}): Promise<Recording> =>
  withoutAmbient(() => runScenario(loaded, { place: openMemory(), ...options }));

/** Runs a scenario that is written in a test. */
export const runText = (yaml: string, options: Omit<RunOptions, 'place'> = {}): Promise<Recording> =>
  runLoaded(parseScenario(yaml, 'test.yaml'), options);

export function scenarioTest(file: string, options: Omit<RunOptions, 'place'> = {}): void {
  test(
    `scenario ${basename(file)}`,
    async () => {
      const { result } = await runLoaded(await loadScenario(file), options);
      expect(problemsOf(result)).toEqual([]);
      expect(result.passed).toBe(true);
    },
    TIMEOUT_MS,
  );
}
