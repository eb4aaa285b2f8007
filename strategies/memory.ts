/**
 * What a strategy or a book remembers, as plain JSON: its own numeric fields, columns and parts, whatever they are called. So no
 * field can be forgotten in a checkpoint, and one of another version is refused by name instead of half read.
 */
export type Memory = number | boolean | string | null | readonly Memory[] | { readonly [field: string]: Memory };

/** Throws for a number that JSON can't hold: a NaN in a state is a bug. */
export function remember(value: object): Memory {
  return captured(value, 'state');
}

function captured(value: unknown, path: string): Memory {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error(`Invariant: ${path} is a finite number, not ${value}`);
    return value;
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof Float64Array || Array.isArray(value))
    return Array.from(value as ArrayLike<unknown>, (item, index) => captured(item, `${path}[${index}]`));
  const fields = Object.entries(value as object).filter(([, field]) => isState(field));
  return Object.fromEntries(fields.map(([name, field]) => [name, captured(field, `${path}.${name}`)]));
}

/** Functions are code; undefined is an option that was not given. */
const isState = (field: unknown): boolean => typeof field !== 'function' && field !== undefined;

/** Puts a memory back into an object that was made with the same parameters. Throws where the two don't have the same fields. */
export function recall(target: object, memory: Memory): void {
  restore(target as Record<string, unknown>, memory, 'state');
}

function restore(target: Record<string, unknown>, memory: Memory, path: string): void {
  const saved = memory as Readonly<Record<string, Memory>>;
  const fields = Object.keys(target).filter((name) => isState(target[name]));
  const names = [...new Set([...fields, ...Object.keys(saved)])];
  const foreign = names.find((name) => !fields.includes(name) || !(name in saved));
  if (foreign !== undefined) throw new Error(`a checkpoint of another version: ${path}.${foreign}`);
  for (const name of fields) restoreField(target, name, saved[name] as Memory, `${path}.${name}`);
}

function restoreField(target: Record<string, unknown>, name: string, memory: Memory, path: string): void {
  const present = target[name];
  if (present instanceof Float64Array) {
    const values = memory as readonly number[];
    if (values.length !== present.length) throw new Error(`a checkpoint of another version: the length of ${path}`);
    present.set(values);
  } else if (Array.isArray(present)) target[name] = structuredClone(memory);
  else if (typeof present === 'object' && present !== null) restore(present as Record<string, unknown>, memory, path);
  else target[name] = memory;
}
