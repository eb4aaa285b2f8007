/** Names in a scenario that have to exist, and fields that have to be there: what a schema of the file alone cannot tell. */
import { namesOf } from './answers.ts';
import { Check, type Declared } from './check.ts';
import { checkExpectations, checkScript } from './check-story.ts';
import { checkCatches, checkWorld } from './check-world.ts';
import type { Problem } from './problems.ts';
import type { Scenario } from './schema.ts';

type Data = Readonly<Record<string | number, unknown>>;

const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null;
const inside = (value: unknown, key: string): unknown => (isData(value) ? value[key] : undefined);
const namesIn = (value: unknown): string[] => (isData(value) && !Array.isArray(value) ? Object.keys(value) : []);
const texts = (values: unknown): string[] =>
  Array.isArray(values) ? values.filter((value): value is string => typeof value === 'string') : [];
const each = (list: unknown, key: string): string[] =>
  texts(Array.isArray(list) ? list.map((item) => inside(item, key)) : []);

/** Names that the data gives, even where something else about them is wrong: nobody is told of a name that is there. */
function declaredIn(data: unknown, { world }: Scenario): Declared {
  const part = inside(data, 'world');
  return {
    instruments: [...new Set([...texts(inside(part, 'instruments')), ...world.instruments])],
    people: namesIn(inside(part, 'people')),
    traders: namesIn(inside(part, 'traders')),
    accounts: namesIn(inside(part, 'accounts')),
    kept: each(inside(data, 'script'), 'as'),
    told: each(inside(data, 'expect'), 'what'),
  };
}

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
