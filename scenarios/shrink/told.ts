/** A shrunk failure for a person: the steps and faults that are left, what they break, and one line that runs it again. */
import { InvalidArgumentError } from 'commander';
import type { Deed, Script, Step } from '../people/script.ts';
import { type Part, partOf } from './part.ts';
import type { Shrunk } from './shrink.ts';

function deedText({ do: what, ...rest }: Deed): string {
  const details = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
  return [what, ...details].join(' ');
}

const stepText = ({ atMs, who, deed }: Step): string => `${(atMs / 1_000).toFixed(3)} s  ${who}: ${deedText(deed)}`;

/** What is left, in words. */
export interface Left {
  readonly steps: readonly string[];
  readonly faults: readonly string[];
  /** Where something did not happen: types of the records that stay, because the whole has them of the same thing. */
  readonly stays?: readonly string[];
}

/** Of a drawn script. */
export const scriptLeft = (script: Script, { part }: Shrunk): Left => ({
  steps: partOf(script, part).steps.map(stepText),
  faults: part.faults,
});

const NOTHING = '-';
const listed = (all: readonly (number | string)[]): string => all.join(',') || NOTHING;

/** The options that run just this part. */
export const partOptions = ({ steps, faults }: Part): string => `--keep ${listed(steps)} --with ${listed(faults)}`;

/** The words of one of these options, as commander asks for it. */
export const wordsIn = (text: string): string[] => (text === NOTHING ? [] : text.split(','));

/** The same with places of steps, counted from `first`. */
export const placesFrom =
  (first: 0 | 1) =>
  (text: string): number[] => {
    const found = wordsIn(text).map(Number);
    if (!found.every((place) => Number.isSafeInteger(place) && place >= first))
      throw new InvalidArgumentError(`It must be places of steps from ${first}, such as 3,17, or ${NOTHING}.`);
    return found;
  };

const FAILURES_SHOWN = 3;

/** `again`: the command that shows it once more. */
export function shrunkLines(
  { failures, runs, path }: Shrunk,
  { steps, faults, stays }: Left,
  again: string,
): readonly string[] {
  return [
    `shrunk to ${steps.length} steps and ${faults.length} faults in ${runs} runs (path ${path})`,
    ...steps.map((step) => `  ${step}`),
    ...faults.map((fault) => `  fault ${fault}`),
    ...failures.slice(0, FAILURES_SHOWN).map((failure) => `  breaks ${failure}`),
    ...(stays ? [`  without any step it fails alike; on record stays ${stays.join(', ') || 'nothing'}`] : []),
    `  again: ${again}`,
  ];
}
