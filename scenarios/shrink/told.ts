/** A shrunk failure for a person: the steps that are left, what they break, and one line that runs it again. */
import type { Deed, Step } from '../people/script.ts';
import type { Shrunk } from './shrink.ts';

function deedText({ do: what, ...rest }: Deed): string {
  const details = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
  return [what, ...details].join(' ');
}

const stepText = ({ atMs, who, deed }: Step): string => `  ${(atMs / 1_000).toFixed(3)} s  ${who}: ${deedText(deed)}`;

/** The options that make `npm run shrink` run just this part. */
export const partOptions = ({ part }: Shrunk): string =>
  `--keep ${part.steps.join(',') || '-'} --with ${part.faults.join(',') || '-'}`;

/** `again`: the command that shows it once more. */
export function shrunkLines({ script, part, failures, runs, path }: Shrunk, again: string): readonly string[] {
  return [
    `shrunk to ${script.steps.length} steps and ${part.faults.length} kinds of faults in ${runs} runs (path ${path})`,
    ...script.steps.map(stepText),
    ...part.faults.map((kind) => `  fault ${kind}`),
    ...failures.slice(0, 3).map((failure) => `  breaks ${failure}`),
    `  again: ${again}`,
  ];
}
