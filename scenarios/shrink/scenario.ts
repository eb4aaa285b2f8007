/**
 * Makes a failing scenario small. What fails only because something did not happen fails in an empty script too, which tells nobody
 * anything: there all stays that keeps on record what the whole has on record of it, so that whoever tried still tries.
 */
import type { LoadedScenario } from '../file/load.ts';
import type { Step } from '../file/script-part.ts';
import type { Recording } from '../recording.ts';
import { absencesIn, keptOf } from './absence.ts';
import type { Part } from './part.ts';
import { failuresIn, scenarioLeft, scenarioPart } from './scenario-part.ts';
import { type Shrunk, shrink } from './shrink.ts';
import type { Left } from './told.ts';

export interface ShrunkScenario extends Shrunk {
  readonly left: Left;
}

/** Or why nothing smaller tells more. */
export type SmallScenario = ShrunkScenario | { readonly whyNot: string };

export interface SmallOptions {
  readonly whole: Part;
  /** What the whole broke, as `failuresIn` tells it. */
  readonly failures: readonly string[];
  readonly run: (part: LoadedScenario) => Promise<Recording>;
  readonly runsMax: number;
}

/** Nobody does anything, and the whole. */
const RUNS_BEFORE = 2;

/** Undefined when the whole does not fail any more, or too few runs may be spent to leave anything out. */
export async function smallScenario(loaded: LoadedScenario, options: SmallOptions): Promise<SmallScenario | undefined> {
  const { whole, failures, runsMax } = options;
  if (runsMax <= RUNS_BEFORE) return undefined;
  const run = (part: Part) => options.run(scenarioPart(loaded, part));
  const stepsThat = (does: (step: Step) => boolean): number[] =>
    whole.steps.filter((place) => does(loaded.scenario.script[place - 1]!));
  // Who waits for an event does nothing either, where nobody else does.
  const idle = await run({ steps: stepsThat(({ on }) => on !== undefined), faults: [] });
  const all = await run(whole);

  /** `fixed`: steps that are not left out. */
  const shrunk = async (
    isSame: (failure: string, ran: Recording) => boolean,
    fixed: readonly number[] = [],
  ): Promise<ShrunkScenario | undefined> => {
    const free: Part = { ...whole, steps: whole.steps.filter((place) => !fixed.includes(place)) };
    const filled = ({ steps, faults }: Part): Part => ({
      steps: whole.steps.filter((place) => steps.includes(place) || fixed.includes(place)),
      faults,
    });
    const failuresOf = async (part: Part): Promise<readonly string[]> => {
      const ran = part === free ? all : await run(filled(part));
      return failuresIn(ran.result).filter((failure) => isSame(failure, ran));
    };
    const found = await shrink(free, { failuresOf, isSame: () => true, runsMax: runsMax - RUNS_BEFORE + 1 });
    if (!found) return undefined;
    const part = filled(found.part);
    return { ...found, part, runs: found.runs + RUNS_BEFORE - 1, left: scenarioLeft(loaded, part) };
  };

  const absences = absencesIn(loaded, all, idle);
  const missing = new Set(absences.map(({ failure }) => failure));
  const present = new Set(failures.filter((failure) => !missing.has(failure)));
  const [absence] = absences;
  if (present.size > 0 || !absence) return shrunk((failure) => present.has(failure));
  const { types: stays, isIn } = keptOf(absence, all, idle);
  // No record tells that the market moved or what others did at the venue: it may be what should have set it off.
  const fixed = stepsThat(({ shock, outside }) => shock !== undefined || outside !== undefined);
  if (stays.length + fixed.length === 0)
    return { whyNot: 'not made small: it fails alike without any step, and nothing that its steps did is on record' };
  const small = await shrunk((failure, ran) => failure === absence.failure && isIn(ran), fixed);
  return small && { ...small, left: { ...small.left, stays } };
}
