/**
 * Makes a failing script smaller with fast-check until no step and no kind of fault can be left out: what is left still breaks the same
 * promise. Bounded by a number of runs; the smallest so far counts when it is used up.
 */
import { everyTime, type Part } from './part.ts';

export interface Shrunk {
  readonly part: Part;
  readonly failures: readonly string[];
  /** How often a world was run. */
  readonly runs: number;
  /** fast-check's way to it. */
  readonly path: string;
}

export interface ShrinkOptions {
  /** What a part breaks; the same answer for the same part. */
  readonly failuresOf: (part: Part) => Promise<readonly string[]>;
  /** Tells whether a failure is the one that is looked for. */
  readonly isSame: (failure: string) => boolean;
  readonly runsMax: number;
}

/** Undefined when the whole does not fail. */
export async function shrink(all: Part, { failuresOf, isSame, runsMax }: ShrinkOptions): Promise<Shrunk | undefined> {
  const { default: fc } = await import('fast-check');
  let runs = 0;
  let smallest: { readonly part: Part; readonly failures: readonly string[] } | undefined;
  const fails = async (part: Part): Promise<boolean> => {
    if (runs >= runsMax) return false;
    runs += 1;
    const failures = await failuresOf(part);
    if (!failures.some(isSame)) return false;
    smallest = { part, failures };
    return true;
  };
  const whole = await single(await halve(all, fails), fails);
  if (!smallest) return undefined;
  const property = fc.asyncProperty(
    fc.subarray([...whole.faults]),
    fc.subarray([...whole.steps]),
    async (faults, steps) => !(await fails({ faults, steps })),
  );
  const examples: [string[], number[]][] = [[[...whole.faults], [...whole.steps]]];
  const { counterexamplePath } = await fc.check(property, { examples, numRuns: 1, seed: 1 });
  const { part, failures } = smallest;
  // What else is missing in a part is missing because of what was left out.
  return { part, failures: failures.filter(isSame), runs, path: counterexamplePath ?? '' };
}

/**
 * Leaves out as much at once as goes, halves first: fast-check then goes on step by step. Most steps of a crowd have nothing to do with
 * what went wrong.
 */
async function halve(whole: Part, fails: (part: Part) => Promise<boolean>): Promise<Part> {
  let part = whole;
  if (!(await fails(part))) return part;
  if (await fails({ ...part, faults: [] })) part = { ...part, faults: [] };
  for (const kind of part.faults) {
    const others = part.faults.filter((known) => known !== kind);
    if (await fails({ ...part, faults: others })) part = { ...part, faults: others };
  }
  // A fault that happens every time does not move elsewhere when a step is left out.
  for (const kind of part.faults) {
    const faults = everyTime(part.faults, kind);
    if (faults && (await fails({ ...part, faults }))) part = { ...part, faults };
  }
  for (let size = Math.ceil(part.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < part.steps.length; ) {
      const steps = [...part.steps.slice(0, from), ...part.steps.slice(from + size)];
      if (await fails({ ...part, steps })) part = { ...part, steps };
      else from += size;
    }
  }
  return part;
}

/** Steps of which each alone, or with one other, is worth a run. */
const FEW = 16;

/**
 * Which faults happen depends on everything before them, so that leaving one step out can hide a failure that fewer steps show again:
 * what is left is tried one by one and two by two.
 */
async function single(part: Part, fails: (part: Part) => Promise<boolean>): Promise<Part> {
  const { steps } = part;
  if (steps.length < 2 || steps.length > FEW) return part;
  for (const step of steps) if (await fails({ ...part, steps: [step] })) return { ...part, steps: [step] };
  for (const [at, first] of steps.entries())
    for (const second of steps.slice(at + 1))
      if (await fails({ ...part, steps: [first, second] })) return { ...part, steps: [first, second] };
  return part;
}
