/** What a worker thread can be asked for, and what it answers. Both cross the thread's border, so that they are plain data. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemory } from '../../db/memory/open.ts';
import { openEmbedded } from '../../db/open.ts';
import { liveClock } from '../../runtime/live/clock.ts';
import { withoutAmbient } from '../ambient.ts';
import type { Entry } from '../bank/entry.ts';
import { replayOf } from '../bank/replay.ts';
import { type DrawnOptions, type DrawnResult, runDrawn } from '../drawn.ts';
import { type LoadedScenario, reloadScenario } from '../file/load.ts';
import { drawScript } from '../people/draw-script.ts';
import type { Recording } from '../recording.ts';
import { caughtBy, withBug } from '../run/caught.ts';
import { runScenario } from '../run/scenario.ts';
import { simulatedSettings } from '../settings.ts';
import type { Part } from '../shrink/part.ts';
import { type SmallScenario, smallScenario } from '../shrink/scenario.ts';
import { scenarioPart, wholeScenario } from '../shrink/scenario-part.ts';
import { type SmallWorld, smallWorld } from '../shrink/world.ts';

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
  /** Its report also shows what agents say to each other. */
  readonly overheard?: boolean;
  /** Only these of its steps and fault windows. */
  readonly keep?: Part;
}

/** Makes a failing run of a scenario small. */
export interface ShrinkTask extends Pick<ScenarioTask, 'file' | 'seed' | 'untilMs' | 'keep'> {
  readonly kind: 'shrink';
  /** What the run broke, as `failuresIn` tells it. */
  readonly failures: readonly string[];
  readonly runsMax: number;
}

/** Makes a failing drawn world small. */
export interface SmallTask extends Pick<DrawnTask, 'seed' | 'virtualMs' | 'faults'> {
  readonly kind: 'small';
  /** What the whole broke. */
  readonly failures: readonly string[];
  readonly runsMax: number;
}

/** Runs what once failed again. */
export interface BankTask {
  readonly kind: 'bank';
  readonly entry: Entry;
}

export type Task = DrawnTask | ScenarioTask | ShrinkTask | SmallTask | BankTask;

export interface Done {
  readonly drawn: DrawnResult;
  readonly scenario: Recording;
  /** Undefined when it did not fail. */
  readonly shrink: SmallScenario | undefined;
  readonly small: SmallWorld | undefined;
  /** What is broken again. */
  readonly bank: readonly string[];
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

async function loadPart(file: string, keep: Part | undefined): Promise<LoadedScenario> {
  const loaded = await reloadScenario(file);
  return keep ? scenarioPart(loaded, keep) : loaded;
}

async function scenario({ file, repeat, commit, bug, keep, ...options }: ScenarioTask): Promise<Recording> {
  const whole = await loadPart(file, keep);
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

async function smaller({ file, keep, failures, runsMax, ...options }: ShrinkTask): Promise<SmallScenario | undefined> {
  const loaded = await reloadScenario(file);
  const run = (part: LoadedScenario) => inPlace(false, (place) => runScenario(part, { place, ...options }));
  return smallScenario(loaded, { whole: keep ?? wholeScenario(loaded), failures, run, runsMax });
}

export function perform(task: Task): Promise<Done[Task['kind']]> {
  switch (task.kind) {
    case 'drawn':
      return drawn(task);
    case 'scenario':
      return scenario(task);
    case 'shrink':
      return smaller(task);
    case 'small':
      return smallWorld(task.seed, drawScript(task.seed, task.virtualMs, task.faults), task.failures, task.runsMax);
    case 'bank':
      return replayOf(task.entry).then((replay) => inPlace(false, replay));
  }
}
