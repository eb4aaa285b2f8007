/** A strategy's parameters as they are given on the command line: `name=value`, and `max`'s keys that hold several of them. */
import { InvalidArgumentError } from 'commander';
import type { ParameterSet } from '../../../runs/optimize/grid.ts';
import { readExitKey, readPointKey } from '../../../strategies/max-keys.ts';
import type { StrategyDefinition } from '../../../strategies/strategy.ts';
import { badUsage } from '../outcome.ts';

type Value = string | number | boolean;

const KEYS: Readonly<Record<string, (key: string) => object | undefined>> = {
  point_key: readPointKey,
  exit_key: readExitKey,
  exit_strategy_key: readExitKey,
};

/** A number or a truth value where it is written as one. */
export function readValue(text: string): Value {
  if (/^-?\d{1,15}(\.\d{1,10})?$/.test(text)) return Number(text);
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

/** For options that may be given again and again. Throws InvalidArgumentError for what is no `name=text`, and for a name given twice. */
export function collectPairs(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [, name, value] = /^(\w{1,64})=(.{1,1000})$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It must be name=value.');
  if (name in before) throw new InvalidArgumentError(`${name} is given twice.`);
  return { ...before, [name]: value };
}

/** The keys of `max` replaced by what they hold. Ends the command for a key that can't be read. */
function expandKeys(strategy: StrategyDefinition, given: ParameterSet): ParameterSet {
  if (strategy.name !== 'max') return given;
  const expanded = Object.entries(given).map(([name, value]) => {
    const read = KEYS[name];
    if (!read) return { [name]: value };
    const found = read(String(value));
    if (!found)
      throw badUsage(`${name} can't be read: "${String(value)}" (15_7_5_2 is a point_key, 15_15 an exit_key)`);
    return found;
  });
  return Object.assign({}, ...expanded) as ParameterSet;
}

export type Checked = { readonly parameters: ParameterSet } | { readonly complaint: string };

/** With every default filled in. */
export function checkParameters(strategy: StrategyDefinition, given: ParameterSet): Checked {
  const parsed = strategy.parameters.safeParse(expandKeys(strategy, given));
  if (parsed.success) return { parameters: parsed.data };
  const complaints = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  return { complaint: complaints.join('; ') };
}

export function parametersOf(strategy: StrategyDefinition, pairs: Readonly<Record<string, string>>): ParameterSet {
  const given = Object.fromEntries(Object.entries(pairs).map(([name, text]) => [name, readValue(text)]));
  const checked = checkParameters(strategy, given);
  if ('complaint' in checked) throw badUsage(`parameters of ${strategy.name}: ${checked.complaint}`);
  return checked.parameters;
}

/** What a strategy takes, for its help. */
export function parametersText({ name, about, input, parameters }: StrategyDefinition): string {
  const lines = Object.entries(parameters.shape).map(([parameter, schema]) => {
    const { description = '' } = schema as { description?: string };
    const { data } = (schema as { safeParse(value: unknown): { data?: unknown } }).safeParse(undefined);
    return `    ${parameter}=${String(data)}  ${description}`;
  });
  return [`  ${name} (over ${input}): ${about}`, ...lines].join('\n');
}
