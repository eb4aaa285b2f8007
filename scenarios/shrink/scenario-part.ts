/**
 * A part of a scenario file: some of its steps and fault windows, by their place from 1. Small enough to stand in a command line. What counts
 * as the same failure is told without moments, which move with everything that is left out.
 */
import { type Problematic, problemsOf } from '../cli/show.ts';
import { durationText, given } from '../file/fields.ts';
import type { LoadedScenario } from '../file/load.ts';
import type { Scenario } from '../file/schema.ts';
import { DEEDS, type Step } from '../file/script-part.ts';
import type { Part } from './part.ts';
import type { Left } from './told.ts';

const places = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

export const wholeScenario = ({ scenario: { script, faults } }: LoadedScenario): Part => ({
  steps: places(script.length),
  faults: places(faults.length).map(String),
});

/** Steps keep the names that they have in the whole file. Places that the file does not have are left out. */
export function scenarioPart(loaded: LoadedScenario, { steps, faults }: Part): LoadedScenario {
  const { scenario } = loaded;
  const kept = places(scenario.script.length).filter((place) => steps.includes(place));
  const script = kept.map((place) => scenario.script[place - 1]!);
  const windows = scenario.faults.filter((_, index) => faults.includes(String(index + 1)));
  return { ...loaded, scenario: { ...scenario, script, faults: windows }, places: kept };
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** What a part names that its file does not have, in words. */
export function strayPlaces({ file, scenario: { script, faults } }: LoadedScenario, part: Part): string[] {
  const has = (place: number, count: number) => Number.isSafeInteger(place) && place >= 1 && place <= count;
  const step = part.steps.find((place) => !has(place, script.length));
  const window = part.faults.find((place) => !has(Number(place), faults.length));
  return [
    ...(step === undefined ? [] : [`--keep ${step}: ${file} has ${counted(script.length, 'step')}`]),
    ...(window === undefined ? [] : [`--with ${window}: ${file} has ${counted(faults.length, 'window')} of faults`]),
  ];
}

const MOMENTS = [
  /,? (last )?at (the start|\d[\dhms.]*)( \(record \d+\))?/g,
  / at \d+(?=:)/g,
  / record \d+/g,
  /[0-9a-f]{8}-[0-9a-f-]{27,}/g,
  /\b1[0-9]{12}\b/g,
  /\d{4}-\d\d-\d\dT[\d:.]+Z/g,
];

const timeless = (text: string): string => MOMENTS.reduce((left, moment) => left.replace(moment, ''), text);

/** Everything that made it fail, so told that the same failure of a smaller part is told alike. */
export const failuresIn = (result: Problematic): readonly string[] => problemsOf(result).map(timeless);

function stepText(step: Step, place: number): string {
  const when = step.on ? `on ${step.on.event}` : `at ${durationText(step.at ?? 0)}`;
  const deed = given(step, DEEDS)[0]!;
  const by = step.by === undefined ? '' : `  by ${step.by}`;
  const what = step.call ?? `${deed} ${JSON.stringify(step[deed])}`;
  return `${place}: ${when}${by}  ${what}${step.body === undefined ? '' : ` ${JSON.stringify(step.body)}`}`;
}

function windowText({ from, until, ...kinds }: Scenario['faults'][number], place: number | string): string {
  const end = until === undefined ? 'to the end' : `until ${durationText(until)}`;
  return `${place}: from ${durationText(from)} ${end}  ${JSON.stringify(kinds)}`;
}

/** The steps and fault windows of a part, in words. */
export const scenarioLeft = ({ scenario }: LoadedScenario, { steps, faults }: Part): Left => ({
  steps: steps.flatMap((place) => {
    const step = scenario.script[place - 1];
    return step ? [stepText(step, place)] : [];
  }),
  faults: faults.flatMap((place) => {
    const window = scenario.faults[Number(place) - 1];
    return window ? [windowText(window, place)] : [];
  }),
});
