/** What a worker thread can be asked for, and what it answers. Both cross the thread's border, so that they are plain data. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemory } from '../../db/memory/open.ts';
import { openEmbedded } from '../../db/open.ts';
import { liveClock } from '../../runtime/live/clock.ts';
import { withoutAmbient } from '../ambient.ts';
import { type DrawnOptions, type DrawnResult, runDrawn } from '../drawn.ts';
import { loadScenario } from '../file/load.ts';
import type { Recording } from '../recording.ts';
import { caughtBy, withBug } from '../run/caught.ts';
import { runScenario } from '../run/scenario.ts';
import { simulatedSettings } from '../settings.ts';

export interface DrawnTask {
  readonly kind: 'drawn';
  readonly seed: string;
  readonly virtualMs: number;
  readonly faults: boolean;
  readonly burst: boolean;
  readonly embedded: boolean;
  /** Runs it so often and compares the hashes. */
  readonly repeat: number;
}

export interface ScenarioTask {
  readonly kind: 'scenario';
  readonly file: string;
  readonly seed?: string;
  readonly untilMs?: number;
  /** Place of one of the bugs that it catches: planted into the run, which passes when the bug is seen. */
  readonly bug?: number;
  readonly repeat: number;
  readonly commit?: string;
}

export type Task = DrawnTask | ScenarioTask;

export interface Done {
  readonly drawn: DrawnResult;
  readonly scenario: Recording;
}

type Place = DrawnOptions['place'];

async function inPlace<T>(embedded: boolean, work: (place: Place) => Promise<T>): Promise<T> {
  const directory = embedded ? mkdtempSync(join(tmpdir(), 'pitwall-simulate-')) : undefined;
  const place = directory === undefined ? openMemory() : openEmbedded({ directory });
  try {
    return await withoutAmbient(() => work(place));
  } finally {
    await place.close();
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  }
}

/** What is wrong when a further run gives another hash. */
async function differences(hash: string, repeat: number, again: () => Promise<string>): Promise<string[]> {
  const found: string[] = [];
  for (let time = 2; time <= repeat; time += 1) {
    const other = await again();
    if (other !== hash) found.push(`run ${time} gave another hash: ${other}`);
  }
  return found;
}

async function drawn({ seed, virtualMs, faults, burst, embedded, repeat }: DrawnTask): Promise<DrawnResult> {
  const settings = simulatedSettings();
  const once = () => inPlace(embedded, (place) => runDrawn({ seed, place, settings, virtualMs, faults, burst }));
  const first = await once();
  const other = await differences(first.hash, repeat, async () => (await once()).hash);
  return { ...first, failures: [...first.failures, ...other] };
}

async function scenario({ file, repeat, commit, bug, ...options }: ScenarioTask): Promise<Recording> {
  const whole = await loadScenario(file);
  const loaded = bug === undefined ? whole : withBug(whole, bug);
  const { monotonic } = liveClock();
  const once = () =>
    inPlace(false, (place) =>
      runScenario(loaded, { place, monotonic, ...options, ...(commit !== undefined && { commit }) }),
    );
  const ran = await once();
  const first = bug === undefined ? ran : caughtBy(ran, whole.scenario.catches[bug]!);
  const other = await differences(first.result.hash, repeat, async () => (await once()).result.hash);
  if (other.length === 0) return first;
  const failures = [...first.result.failures, ...other];
  return { ...first, result: { ...first.result, failures, passed: false } };
}

export const perform = (task: Task): Promise<DrawnResult | Recording> =>
  task.kind === 'drawn' ? drawn(task) : scenario(task);
