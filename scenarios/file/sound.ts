/**
 * What is left of a file when all that has not its form is taken out, so that the rest can be looked at too. What is taken out leaves its
 * place in a list empty: every place that is told is the one in the file.
 */
import type { z } from 'zod';
import type { Path } from './problems.ts';
import { type Scenario, scenarioSchema } from './schema.ts';

export interface Sound {
  readonly scenario: Scenario;
  /** The place in the file of what is told about the scenario. */
  placeOf(path: Path): Path;
}

/** Each round takes out at least one level of what is wrong. */
const ROUNDS_MAX = 12;
const ISSUES_MAX = 1_000;
/** Stands for a name and an end that cannot be read: nothing is behind this end. */
const NEEDED: Readonly<Record<string, unknown>> = { name: 'unnamed', until: '31d' };

type Holder = Readonly<Record<string | number, unknown>>;
type Places = ReadonlyMap<string, readonly number[]>;
const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null;

/** A copy without what lies at the path. In a list a hole stays. */
function without(data: unknown, [part, ...rest]: Path): unknown {
  if (part === undefined || !isHolder(data)) return undefined;
  if (Array.isArray(data))
    return data.map((item, index) => (index === part ? (rest.length > 0 ? without(item, rest) : undefined) : item));
  if (rest.length > 0) return part in data ? { ...data, [part]: without(data[part], rest) } : data;
  return Object.fromEntries(Object.entries(data).filter(([key]) => key !== part));
}

/** The data without its holes, and for each list the places of what is left. */
function closed(data: unknown, path: string, places: Map<string, readonly number[]>): unknown {
  if (Array.isArray(data)) {
    const left = data.flatMap((item, index) => (item === undefined ? [] : [index]));
    if (left.length < data.length) places.set(path, left);
    return left.map((index, place) => closed(data[index], `${path}/${place}`, places));
  }
  if (!isHolder(data)) return data;
  return Object.fromEntries(Object.entries(data).map(([key, item]) => [key, closed(item, `${path}/${key}`, places)]));
}

const opened = (path: Path, places: Places): Path =>
  path.map((part, depth) => {
    const left = typeof part === 'number' ? places.get(['', ...path.slice(0, depth)].join('/')) : undefined;
    return left?.[part as number] ?? part;
  });

/** What has to go: the thing that is wrong, or when something is missing what it is missing from. */
function wrongIn(data: unknown, path: Path): Path {
  let value = data;
  for (const [depth, part] of path.entries()) {
    const next = isHolder(value) ? value[part] : undefined;
    if (next === undefined) return path.slice(0, depth);
    value = next;
  }
  return path;
}

/** The data without what these issues are about; undefined when nothing would be left. */
function mended(data: unknown, issues: readonly z.core.$ZodIssue[], places: Places): unknown {
  let left = data;
  for (const issue of issues) {
    const path = opened(issue.path as (string | number)[], places);
    const wrong = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [wrongIn(data, path)];
    for (const place of wrong) left = without(left, place);
  }
  return left;
}

/** Undefined when nothing can be made of it. */
export function soundPart(data: unknown): Sound | undefined {
  let left = data;
  for (let round = 0; round < ROUNDS_MAX && isHolder(left) && !Array.isArray(left); round += 1) {
    const places = new Map<string, readonly number[]>();
    const whole = { ...NEEDED, ...left };
    const parsed = scenarioSchema.safeParse(closed(whole, '', places));
    if (parsed.success) return { scenario: parsed.data, placeOf: (path) => opened(path, places) };
    const { issues } = parsed.error;
    left = issues.length > ISSUES_MAX ? undefined : mended(whole, issues, places);
  }
  return undefined;
}
