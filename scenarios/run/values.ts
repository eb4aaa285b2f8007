/** How a scenario reaches into values: `portfolio.positions[0].quantity`, `${order1.id}` in texts, and what a value has to be. */
import { durationText, type Scalar, type Wanted, type WantedFields } from '../file/fields.ts';

/** What names in `${…}` stand for. */
export type Scope = ReadonlyMap<string, unknown>;

/** Undefined where nothing is. */
export function pick(value: unknown, path: string): unknown {
  let found = value;
  for (const [part] of path.matchAll(/[^.[\]]+/g)) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[part];
  }
  return found;
}

const REFERENCE = /\$\{([^}]*)\}/g;
const WHOLE = /^\$\{([^}]*)\}$/;

const HELD_SHOWN_MAX = 12;

/** A refusal is an answer too, and holds something else than what was asked for. */
function whyUnknown(name: string, reference: string, scope: Scope): string {
  const held = scope.get(name);
  if (typeof held !== 'object' || held === null) return ' (yet)';
  const keys = Object.keys(held).slice(0, HELD_SHOWN_MAX).join(', ');
  return `: "${name}" holds ${keys || 'nothing'}, and no ${reference.slice(name.length).replace(/^\./, '')}`;
}

function resolve(reference: string, scope: Scope): unknown {
  const name = /^[\w-]*/.exec(reference)?.[0] ?? '';
  const found = pick(scope.get(name), reference.slice(name.length));
  if (found === undefined) throw new Error(`\${${reference}} is not known${whyUnknown(name, reference, scope)}`);
  return reference === name ? scope.get(name) : found;
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** The value with every reference in it replaced; a text that is one reference becomes the value itself. Throws when one is unknown. */
export function fillIn(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') {
    const whole = WHOLE.exec(value)?.[1];
    if (whole !== undefined) return resolve(whole, scope);
    return value.replace(REFERENCE, (_, reference: string) => textOf(resolve(reference, scope)));
  }
  if (Array.isArray(value)) return value.map((item) => fillIn(item, scope));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, scope)]));
  return value;
}

export const filledText = (text: string, scope: Scope): string => textOf(fillIn(text, scope));

const DECIMAL = /^-?\d+(\.\d+)?$/;
const numberOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && DECIMAL.test(value) ? Number(value) : undefined;
};

/** Decimal text and a number are equal when they are the same number; two texts only when they are the same text. What is absent is null. */
function isEqual(value: unknown, wanted: Scalar): boolean {
  if (value === wanted || (value === undefined && wanted === null)) return true;
  return typeof wanted === 'number' && numberOf(value) === wanted;
}

const shown = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));

/** Why the value is not what is wanted; undefined when it is. */
export function mismatch(value: unknown, wanted: Wanted): string | undefined {
  if (typeof wanted !== 'object' || wanted === null)
    return isEqual(value, wanted) ? undefined : `is ${shown(value)}, not ${shown(wanted)}`;
  const { min, max, not, in: choices, matches, exists } = wanted;
  const number = numberOf(value);
  if (exists !== undefined && (value !== undefined && value !== null) !== exists)
    return exists ? 'is absent' : `is there: ${shown(value)}`;
  if (min !== undefined && !(number !== undefined && number >= min)) return `is ${shown(value)}, not at least ${min}`;
  if (max !== undefined && !(number !== undefined && number <= max)) return `is ${shown(value)}, not at most ${max}`;
  if (not !== undefined && isEqual(value, not)) return `is ${shown(not)}`;
  if (choices && !choices.some((choice) => isEqual(value, choice)))
    return `is ${shown(value)}, none of ${choices.map(shown).join(', ')}`;
  if (matches !== undefined && !(typeof value === 'string' && new RegExp(matches, 'u').test(value)))
    return `is ${shown(value)}, which does not match ${matches}`;
  return undefined;
}

/** Why a value can't be filled in yet, in words; undefined when it can. */
export function unknownIn(value: unknown, scope: Scope): string | undefined {
  try {
    fillIn(value, scope);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The first field that is not as wanted, in words. A reference that nobody knows yet is a mismatch. */
export function fieldMismatch(value: unknown, fields: WantedFields, scope: Scope): string | undefined {
  for (const [path, wanted] of Object.entries(fields)) {
    const unknown = unknownIn(wanted, scope);
    if (unknown !== undefined) return unknown;
    const why = mismatch(pick(value, path), fillIn(wanted, scope) as Wanted);
    if (why !== undefined) return `${path} ${why}`;
  }
  return undefined;
}

/** `symbol AAPL, quantity {"min":5}`; nothing for no conditions. */
export const fieldsText = (fields: WantedFields): string =>
  Object.entries(fields)
    .map(([path, wanted]) => `${path} ${typeof wanted === 'string' ? wanted : JSON.stringify(wanted)}`)
    .join(', ');

export const momentText = (atMs: number): string => (atMs === 0 ? 'the start' : durationText(Math.round(atMs)));
