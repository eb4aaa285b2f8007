/** The parts of a schema: what lies below a path, which keys may stand there, and what a value may be. */
import type { z } from 'zod';
import type { Scalar } from './fields.ts';

export type Schema = z.core.$ZodType;

/** What of a schema's definition leads further down, or says what a value is. */
interface Definition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly options?: readonly Schema[];
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly values?: readonly unknown[];
  readonly catchall?: Schema;
}

const definitionOf = (schema: Schema): Definition => schema._zod.def as unknown as Definition;

/** What a value may be, without the wrapping of defaults and conversions. */
function plain(schema: Schema): readonly Definition[] {
  const definition = definitionOf(schema);
  const inner = definition.innerType ?? (definition.type === 'pipe' ? definition.in : undefined);
  if (inner) return plain(inner);
  return definition.options ? definition.options.flatMap(plain) : [definition];
}

const ANYTHING = new Set(['unknown', 'any', 'lazy', 'custom', 'transform', 'intersection', 'tuple']);

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

const HOLDERS: Readonly<Record<string, string>> = { object: 'a mapping', record: 'a mapping', array: 'a list' };
const isNumber = (type: string): boolean => type === 'number' || type === 'int' || type === 'bigint';

function allows({ type, entries, values }: Definition, value: Scalar): boolean {
  if (entries) return Object.values(entries).includes(value);
  if (values) return values.includes(value);
  if (type === 'boolean') return typeof value === 'boolean';
  if (isNumber(type)) return typeof value === 'number';
  // Decimal text equals the same number.
  if (type === 'string') return typeof value === 'string' || typeof value === 'number';
  return ANYTHING.has(type) || type === 'date';
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
  allows(value: Scalar): boolean;
}

/** What stands at the end of a path. `null` is what an absent thing is compared with, and always allowed. */
export function kindOf(schemas: readonly Schema[]): Kind {
  const definitions = schemas.flatMap(plain).filter(({ type }) => type !== 'null' && type !== 'undefined');
  const isOpen = definitions.some(({ type }) => ANYTHING.has(type));
  const holder = definitions.map(({ type }) => HOLDERS[type]).find((name) => name !== undefined);
  const has = (isMeant: (type: string) => boolean): boolean => definitions.some(({ type }) => isMeant(type));
  const name = has(isNumber) ? 'a number' : has((type) => type === 'boolean') ? 'true or false' : 'a text';
  return {
    name: holder ?? name,
    choices: choicesIn(definitions),
    isHolder: !isOpen && holder !== undefined && definitions.every(({ type }) => type in HOLDERS),
    isOrdered: isOpen || has((type) => isNumber(type) || type === 'string' || type === 'date'),
    isText: isOpen || has((type) => type === 'string' || type === 'enum' || type === 'literal'),
    allows: (value) => value === null || definitions.some((definition) => allows(definition, value)),
  };
}
