/** Holds data against the schema and says what is wrong with it: each problem with its path, unknown keys with what may have been meant. */
import type { z } from 'zod';
import { below, keysOf, type Schema } from './parts.ts';
import { type Path, type Problem, suggestion } from './problems.ts';
import { type Scenario, scenarioSchema } from './schema.ts';

type Issue = z.core.$ZodIssue;

/** Keys that may stand at a path. */
function keysAt(path: Path): string[] {
  let schemas: readonly Schema[] = [scenarioSchema];
  for (const part of path) schemas = schemas.flatMap((schema) => below(schema, part));
  return keysOf(schemas);
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) value = (value as Readonly<Record<string | number, unknown>> | null | undefined)?.[part];
  return value;
}

const kindOf = (value: unknown): string =>
  value === null ? 'nothing' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a mapping' : `${value}`;

const KINDS: Readonly<Record<string, string>> = {
  ...{ object: 'a mapping', record: 'a mapping', array: 'a list', string: 'a text' },
  ...{ number: 'a number', int: 'a whole number', boolean: 'true or false' },
};

type OutOfBounds = z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig;

/** Of a number, or of the length of a list. */
function boundText(issue: OutOfBounds): string {
  const isLow = issue.code === 'too_small';
  const bound = isLow ? issue.minimum : issue.maximum;
  const side = isLow ? ['above', 'at least'] : ['below', 'at most'];
  const most = `${side[issue.inclusive === false ? 0 : 1]} ${bound}`;
  return issue.origin === 'array' ? `must have ${most} entr${Number(bound) === 1 ? 'y' : 'ies'}` : `must be ${most}`;
}

function sentence(issue: Issue, value: unknown): string {
  if (value === undefined && issue.code !== 'custom') return 'is missing';
  const isOurs = !/^Invalid/.test(issue.message);
  if (issue.code === 'invalid_value' && !isOurs) {
    const choices = issue.values.map(String);
    if (typeof value === 'string') return `is "${value}": ${suggestion(value, choices)}`;
    return `must be one of ${choices.join(', ')}`;
  }
  const isText = issue.code === 'invalid_type' && issue.expected === 'string' && !isOurs;
  if (isText && (typeof value === 'number' || typeof value === 'boolean'))
    return `must be a text, is ${value}: write it in quotes, "${value}"`;
  if (issue.code === 'invalid_type' && !isOurs)
    return `must be ${KINDS[issue.expected] ?? issue.expected}, is ${kindOf(value)}`;
  if ((issue.code === 'too_small' || issue.code === 'too_big') && /^Too (small|big)/.test(issue.message))
    return boundText(issue);
  const { message } = issue;
  return message.charAt(0).toLowerCase() + message.slice(1);
}

const isWrongName = (errors: readonly Issue[]): boolean =>
  errors.some(
    (issue) =>
      issue.code === 'invalid_value' &&
      issue.values.length > 1 &&
      issue.path.length === 0 &&
      !/^Invalid/.test(issue.message),
  );

/** Of a union's branches, the one that fits best tells; without one, the union itself does. */
function problemsOf(issue: Issue, data: unknown, before: Path = []): Problem[] {
  const path = [...before, ...(issue.path as (string | number)[])];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key],
      atKey: true,
      message: `is unknown here: ${suggestion(key, keysAt(path))}`,
    }));
  const value = valueAt(data, path);
  if (issue.code === 'invalid_union' && typeof value === 'object' && value !== null) {
    const branch = issue.errors.find((errors) =>
      errors.some((inner) => inner.code === 'unrecognized_keys' || inner.path.length > 0),
    );
    if (branch) return branch.flatMap((inner) => problemsOf(inner, data, path));
  }
  // A name that is none is told as such, whatever else might stand there.
  const name = issue.code === 'invalid_union' && typeof value === 'string' && issue.errors.find(isWrongName);
  if (name) return name.flatMap((inner) => problemsOf(inner, data, path));
  if (issue.code === 'invalid_key') return [{ path, atKey: true, message: issue.issues[0]?.message ?? issue.message }];
  return [{ path, message: sentence(issue, value) }];
}

export type Shaped = { readonly scenario: Scenario } | { readonly problems: readonly Problem[] };

export function shape(data: unknown): Shaped {
  const parsed = scenarioSchema.safeParse(data);
  if (parsed.success) return { scenario: parsed.data };
  return { problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, data)) };
}
