/** A shrunk failure for a person: the steps that are left, what they break, and one line that runs it again. */
import type { Deed, Script, Step } from '../people/script.ts';
import { type Part, partOf } from './part.ts';
import type { Shrunk } from './shrink.ts';

function deedText({ do: what, ...rest }: Deed): string {
  const details = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
  return [what, ...details].join(' ');
}

const stepText = ({ atMs, who, deed }: Step): string => `${(atMs / 1_000).toFixed(3)} s  ${who}: ${deedText(deed)}`;

/** The steps of a drawn script that are left. */
export const stepsLeft = (script: Script, { part }: Shrunk): readonly string[] =>
  partOf(script, part).steps.map(stepText);

const listed = (all: readonly (number | string)[]): string => all.join(',') || '-';

/** The options that run just this part. */
export const partOptions = ({ steps, faults }: Part): string => `--keep ${listed(steps)} --with ${listed(faults)}`;

const FAILURES_SHOWN = 3;

/** `steps`: those that are left, in words; `again`: the command that shows it once more. */
export function shrunkLines(
  { part, failures, runs, path }: Shrunk,
  steps: readonly string[],
  again: string,
): readonly string[] {
  return [
    `shrunk to ${steps.length} steps and ${part.faults.length} kinds of faults in ${runs} runs (path ${path})`,
    ...steps.map((step) => `  ${step}`),
    ...part.faults.map((kind) => `  fault ${kind}`),
    ...failures.slice(0, FAILURES_SHOWN).map((failure) => `  breaks ${failure}`),
    `  again: ${again}`,
  ];
}
