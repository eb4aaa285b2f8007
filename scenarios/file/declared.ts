/** What a scenario file names by itself, whether or not everything else about it is right: nobody is told of a name that is there. */
import { DEMO_ACCOUNTS } from '../../system/demo-accounts.ts';
import type { Scenario } from './schema.ts';

export interface Declared {
  readonly instruments: readonly string[];
  readonly people: readonly string[];
  readonly traders: readonly string[];
  /** Ids of those in `world.accounts`. */
  readonly accounts: readonly string[];
  /** With `as`, by its steps. */
  readonly kept: readonly string[];
  /** `what` of expectations. */
  readonly told: readonly string[];
  readonly hasDefect: boolean;
  /** Every text in what steps send: the product may know it from there. */
  readonly said: ReadonlySet<string>;
  /** The keys that steps choose themselves. */
  readonly keys: readonly string[];
}

type Data = Readonly<Record<string | number, unknown>>;

const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null;
const inside = (value: unknown, key: string): unknown => (isData(value) ? value[key] : undefined);
const namesIn = (value: unknown): string[] => (isData(value) && !Array.isArray(value) ? Object.keys(value) : []);
const texts = (values: unknown): string[] =>
  Array.isArray(values) ? values.filter((value): value is string => typeof value === 'string') : [];
const each = (list: unknown, key: string): string[] =>
  texts(Array.isArray(list) ? list.map((item) => inside(item, key)) : []);

/** As deep as anybody writes; aliases of YAML may be nested without end. */
const DEPTH_MAX = 12;

function collect(value: unknown, into: Set<string>, depth = 0): void {
  if (typeof value === 'string' || typeof value === 'number') into.add(String(value));
  else if (isData(value) && depth < DEPTH_MAX) for (const item of Object.values(value)) collect(item, into, depth + 1);
}

function saidIn(script: unknown): ReadonlySet<string> {
  const said = new Set<string>();
  for (const step of Array.isArray(script) ? script : [])
    for (const part of ['body', 'form', 'say']) collect(inside(step, part), said);
  return said;
}

/** `data`: the file as it is written; the scenario is that of it which has its form. */
export function declaredIn(data: unknown, { world }: Scenario): Declared {
  const part = inside(data, 'world');
  const script = inside(data, 'script');
  return {
    instruments: [...new Set([...texts(inside(part, 'instruments')), ...world.instruments])],
    people: namesIn(inside(part, 'people')),
    traders: namesIn(inside(part, 'traders')),
    accounts: namesIn(inside(part, 'accounts')),
    kept: each(script, 'as'),
    told: each(inside(data, 'expect'), 'what'),
    hasDefect: inside(data, 'defect') !== undefined,
    said: saidIn(script),
    keys: each(script, 'key'),
  };
}

/** What the development profile opens, where a world asks for it. */
export const demoAccountsOf = ({ world: { settings } }: Scenario): typeof DEMO_ACCOUNTS =>
  settings.demoAccounts ? DEMO_ACCOUNTS : [];

/** That the house opens, by id: those of the file, and those of the development profile where they are asked for. */
export const accountsOf = (declared: Declared, scenario: Scenario): string[] => [
  ...declared.accounts,
  ...demoAccountsOf(scenario).map((account) => account.accountId),
];
