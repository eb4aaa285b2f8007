/**
 * A scenario with one of the bugs that it says it catches: the bug is planted into the whole run, and what counts is whether the run
 * sees it in the way the file names. Without the bug nothing of this is in a run.
 */
import type { LoadedScenario } from '../file/load.ts';
import type { Caught, Defect } from '../file/schema.ts';
import type { ExpectationResult, Recording, ScenarioResult } from '../recording.ts';
import { promiseOf } from './broken.ts';

/** `risk throws at risk.reserve`, or the name of a planted bug. */
export const bugText = ({ planted, agent, types = [] }: Defect): string =>
  planted ?? `${agent} throws at ${types.join(', ')}`;

/** The same scenario with the bug in it; `index` counts the entries of `catches` from 0. */
export function withBug(loaded: LoadedScenario, index: number): LoadedScenario {
  const bug = loaded.scenario.catches[index];
  if (!bug) throw new Error(`Invariant: ${loaded.file} names no bug ${index}`);
  return { ...loaded, scenario: { ...loaded.scenario, defect: bug } };
}

/** The result of such a run, told as what was caught: it has passed when the bug was seen in every way that is named. */
export function caughtBy(recording: Recording, bug: Caught): Recording {
  const { result } = recording;
  const expectations = seen(result, bug);
  const caught: ScenarioResult = {
    ...result,
    name: `${result.name}, with ${bugText(bug)}`,
    expectations,
    findings: [],
    failures: [],
    passed: expectations.every(({ held }) => held),
  };
  return { ...recording, name: caught.name, result: caught };
}

function seen({ expectations, findings, failures }: ScenarioResult, bug: Caught): ExpectationResult[] {
  const { broken, unmet, fails } = bug;
  const finding = findings.find(({ checker }) => promiseOf(checker) === broken);
  const missed = expectations.find(({ what, held }) => what === unmet && !held);
  const failure = failures.find((one) => fails !== undefined && one.includes(fails));
  const told = (what: string, why: string | undefined, atMs?: number): ExpectationResult => ({
    what: `the bug is seen: ${what}`,
    held: why !== undefined,
    why: why ?? 'it was not seen so',
    ...(atMs !== undefined && { atMs }),
  });
  return [
    ...(broken === undefined ? [] : [told(`the promise ${broken} is broken`, finding?.what)]),
    ...(unmet === undefined ? [] : [told(`"${unmet}" does not hold`, missed?.why, missed?.atMs)]),
    ...(fails === undefined ? [] : [told(`a failure says "${fails}"`, failure)]),
  ];
}
