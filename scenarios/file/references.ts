/** Names in a scenario that have to exist, and fields that have to be there: what a schema of the file alone cannot tell. */
import { namesOf } from './answers.ts';
import { Check } from './check.ts';
import { checkExpectations, checkScript } from './check-story.ts';
import { checkCatches, checkWorld } from './check-world.ts';
import { declaredIn } from './declared.ts';
import type { Problem } from './problems.ts';
import type { Scenario } from './schema.ts';

/** `data`: the file as it is written; the scenario is that of it which has its form. */
export function checkReferences(scenario: Scenario, data: unknown): readonly Problem[] {
  const declared = declaredIn(data, scenario);
  const check = new Check(scenario, declared);
  const names = namesOf(scenario, declared.traders, declared.kept);
  checkWorld(check, scenario);
  checkScript(check, scenario, names);
  checkExpectations(check, scenario, names);
  checkCatches(check, scenario);
  return check.problems;
}
