/** The parts of a schema: what lies below a path, which keys may stand there, and what a value may be. */
import { z } from 'zod';
import type { Scalar } from './fields.ts';
import { suggestion } from './problems.ts';

export type Schema = z.core.$ZodType;

/** What of a schema's definition leads further down, or says what a value is. */
interface Definition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly options?: readonly Schema[];
  readonly left?: Schema;
  readonly right?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly values?: readonly unknown[];
  readonly catchall?: Schema;
}

const definitionOf = (schema: Schema): Definition => schema._zod.def as unknown as Definition;

/** What a value may be, without the wrapping of defaults and conversions. */
function bare(schema: Schema): readonly Schema[] {
  const definition = definitionOf(schema);
  const inner = definition.innerType ?? (definition.type === 'pipe' ? definition.in : undefined);
  if (inner) return bare(inner);
  const { left, right, options } = definition;
  const parts = left && right ? [left, right] : options;
  return parts ? parts.flatMap(bare) : [schema];
}
const plain = (schema: Schema): readonly Definition[] => bare(schema).map(definitionOf);

const ANYTHING = new Set(['unknown', 'any', 'lazy', 'custom', 'transform', 'tuple']);

/** Schemas of a key or a place in a list. */
export const below = (schema: Schema, part: string | number): readonly Schema[] =>
  plain(schema).flatMap(({ shape, element, valueType, catchall }) => {
    const isPlace = typeof part === 'number' || /^\d+$/.test(part);
    const next = (isPlace ? element : undefined) ?? shape?.[part] ?? valueType ?? catchall;
    return next && definitionOf(next).type !== 'never' ? [next] : [];
  });

export const keysOf = (schemas: readonly Schema[]): string[] =>
  schemas.flatMap(plain).flatMap(({ shape }) => Object.keys(shape ?? {}));

/** What may lie at a path such as `gates[0].allowed`: nothing when nothing can; `anything` where the schema says no more. */
export function at(schemas: readonly Schema[], path: string): readonly Schema[] | 'anything' {
  let found = schemas;
  for (const [part] of path.matchAll(/[^.[\]]+/g)) {
    if (found.flatMap(plain).some(({ type }) => ANYTHING.has(type))) return 'anything';
    found = found.flatMap((schema) => below(schema, part));
  }
  return found;
}

const MAY_BE_NOTHING = new Set(['optional', 'nullable', 'undefined', 'null', ...ANYTHING]);

function mayBeNothing(schema: Schema): boolean {
  const { type, innerType, in: before, options } = definitionOf(schema);
  if (MAY_BE_NOTHING.has(type)) return true;
  const inner = [...(innerType ? [innerType] : []), ...(before ? [before] : []), ...(options ?? [])];
  return inner.some(mayBeNothing);
}

/** Whoever looks at such a path finds something: it lies in no list and no record, and nothing on the way to it may be absent or null. */
export function isAlwaysThere(schemas: readonly Schema[], path: string): boolean {
  let found = schemas;
  for (const [part] of path.matchAll(/[^.[\]]+/g)) {
    const next = found.flatMap(plain).map(({ shape }) => shape?.[part]);
    const sure = next.filter((one): one is Schema => one !== undefined && !mayBeNothing(one));
    if (sure.length < next.length || sure.length === 0) return false;
    found = sure;
  }
  return true;
}

const DEPTH_MAX = 4;

/** Every path that ends in a value. */
export function pathsOf(schema: Schema, depth = 0): string[] {
  if (depth === DEPTH_MAX) return [];
  const inner = (name: string, next: Schema): string[] => {
    const further = pathsOf(next, depth + 1).map((path) =>
      path.startsWith('[') ? `${name}${path}` : `${name}.${path}`,
    );
    return further.length === 0 ? [name] : further;
  };
  const paths = plain(schema).flatMap(({ shape, element }) => [
    ...Object.entries(shape ?? {}).flatMap(([key, next]) => inner(key, next)),
    ...(element ? inner('[0]', element) : []),
  ]);
  return [...new Set(paths)];
}

const lastOf = (path: string): string => path.split('.').at(-1) ?? path;

/** The field that may have been meant: one that ends alike, or is spelled alike. */
export function fieldNear(field: string, choices: readonly string[]): string {
  const alike = choices.filter((choice) => lastOf(choice) === lastOf(field));
  const isAsWritten = choices.includes(field) || alike.length === 0;
  if (!isAsWritten) return suggestion(field, alike);
  // What holds something may be meant, too, but is not listed beside what it holds.
  const holders = choices.map((choice) => choice.replace(/[.[].*$/u, ''));
  const near = suggestion(field, [...new Set([...choices, ...holders])]);
  return near.startsWith('there is') ? suggestion(field, [...new Set(choices)]) : near;
}

const NOTHING = new Set(['null', 'undefined']);
const HOLDERS: Readonly<Record<string, string>> = { object: 'a mapping', record: 'a mapping', array: 'a list' };
const isNumber = (type: string): boolean => type === 'number' || type === 'int' || type === 'bigint';

/** Why it can't be, in words of the schema's own; undefined when it can. */
function objection(schema: Schema, value: Scalar): string | undefined {
  const { type } = definitionOf(schema);
  if (ANYTHING.has(type) || type === 'date') return undefined;
  const parsed = z.safeParse(schema, type === 'string' && typeof value === 'number' ? String(value) : value);
  const { message = '' } = parsed.error?.issues[0] ?? {};
  return parsed.success ? undefined : message;
}

/** Values of a closed set; undefined when it is open. */
function choicesIn(definitions: readonly Definition[]): readonly string[] | undefined {
  if (definitions.some(({ type }) => type === 'string' || ANYTHING.has(type))) return undefined;
  return definitions.flatMap(({ entries, values }) => [...Object.values(entries ?? {}), ...(values ?? [])]).map(String);
}

export interface Kind {
  /** In words, such as `a number`. */
  readonly name: string;
  readonly choices: readonly string[] | undefined;
  readonly isHolder: boolean;
  readonly isOrdered: boolean;
  readonly isText: boolean;
  readonly isBoolean: boolean;
  /** Nothing is known of it. */
  readonly isOpen: boolean;
  /** Why it can never be this value, in words; undefined when it can. */
  refuses(value: Scalar): string | undefined;
}

/** May the one ever have the value of the other? Decimal text and a number can be equal. */
export function canEqual(a: Kind, b: Kind): boolean {
  if (a.isOpen || b.isOpen) return true;
  if (a.isHolder || b.isHolder) return false;
  if (a.isBoolean || b.isBoolean) return a.isBoolean && b.isBoolean;
  const [closed, other] = a.choices?.length ? [a, b] : [b, a];
  return !closed.choices?.length || closed.choices.some((choice) => other.refuses(choice) === undefined);
}

/** What stands at the end of a path. A number stands for decimal text, too. */
export function kindOf(schemas: readonly Schema[]): Kind {
  const possible = schemas.flatMap(bare).filter((schema) => !NOTHING.has(definitionOf(schema).type));
  const definitions = possible.map(definitionOf);
  const isOpen = definitions.some(({ type }) => ANYTHING.has(type));
  const holder = definitions.map(({ type }) => HOLDERS[type]).find((name) => name !== undefined);
  const has = (isMeant: (type: string) => boolean): boolean => definitions.some(({ type }) => isMeant(type));
  const name = has(isNumber) ? 'a number' : has((type) => type === 'boolean') ? 'true or false' : 'a text';
  const choices = choicesIn(definitions);
  return {
    name: holder ?? name,
    choices,
    isHolder: !isOpen && holder !== undefined && definitions.every(({ type }) => type in HOLDERS),
    isOrdered:
      has((type) => ANYTHING.has(type) || isNumber(type) || type === 'date') ||
      possible.some((schema) => definitionOf(schema).type === 'string' && objection(schema, 1) === undefined),
    isOpen,
    isBoolean: has((type) => type === 'boolean'),
    isText: isOpen || has((type) => type === 'string' || type === 'enum' || type === 'literal'),
    refuses(value) {
      const objections = possible.map((schema) => objection(schema, value));
      if (objections.includes(undefined)) return undefined;
      if (choices?.length) return suggestion(String(value), choices);
      const told = objections.find((text): text is string => text !== undefined && !/^Invalid/.test(text));
      return `it ${told ?? `is ${holder ?? name}`}`;
    },
  };
}
