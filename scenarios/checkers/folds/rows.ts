/** Agents' rows as a checker reads them: parsed, by entity, and compared field by field with what the records say. */
import { isDeepStrictEqual } from 'node:util';
import type { EntityRow } from '../../../runtime/store.ts';
import type { Report, Rest } from '../checker.ts';

export type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parts of a row that are not there have no fields. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** By what is stored and by agent: every checker that asks is given the same. */
const statesBy = new WeakMap<Rest['stored'], Map<string, ReadonlyMap<string, Fields>>>();
/** A row never changes: another state is another row. So each is parsed once, however often it is looked at. */
const parsed = new WeakMap<EntityRow, Fields>();

/** The state that a row holds; undefined for one that removes its entity. */
export function stateIn(row: EntityRow): Fields | undefined {
  const known = parsed.get(row);
  if (known) return known;
  const { state: text } = row;
  if (text === null) return undefined;
  const state = fieldsOf(fieldsOf(JSON.parse(text)).state);
  parsed.set(row, state);
  return state;
}

/** State of each entity of an agent; the shared part has the entity ''. */
export function statesOf({ stored }: Pick<Rest, 'stored'>, agent: string): ReadonlyMap<string, Fields> {
  const byAgent = statesBy.get(stored) ?? new Map<string, ReadonlyMap<string, Fields>>();
  statesBy.set(stored, byAgent);
  const known = byAgent.get(agent);
  if (known) return known;
  const states = new Map<string, Fields>();
  for (const row of stored.rows) {
    if (row.agent !== agent) continue;
    const state = stateIn(row);
    if (state) states.set(row.entity, state);
  }
  byAgent.set(agent, states);
  return states;
}

/**
 * Has the agent not yet stored what it made of a record? While faults last that is allowed: it may be down, and reads on by its
 * cursor. In a healed world it is nothing that excuses a difference.
 */
export function isBehind({ stored, healed }: Rest, agent: string, sequence: number): boolean {
  if (healed) return false;
  const cursor = stored.cursors.find((row) => row.agent === agent);
  return (cursor?.sequence ?? 0) < sequence;
}

/** As JSON gives it back: what is undefined is absent. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** True: JSON gives back for `expected` what `actual` is. False: it may do so all the same. */
function isPlainly(actual: unknown, expected: unknown): boolean {
  if (actual === expected) return true;
  if (Array.isArray(actual))
    return (
      Array.isArray(expected) &&
      actual.length === expected.length &&
      actual.every((one, index) => isPlainly(one, expected[index]))
    );
  if (!isFields(actual) || !isFields(expected) || 'toJSON' in expected) return false;
  let told = 0;
  for (const field in expected) {
    if (expected[field] === undefined) continue;
    if (!isPlainly(actual[field], expected[field])) return false;
    told += 1;
  }
  return told === Object.keys(actual).length;
}

/** Each field of `expected` against the same field of `actual`. */
export function compareFields(what: string, expected: Fields, actual: Fields, report: Report): void {
  for (const field in expected) {
    const value = expected[field];
    if (isPlainly(actual[field], value) || isDeepStrictEqual(actual[field], plain(value))) continue;
    report(`${what}: ${field} is ${JSON.stringify(actual[field])}, the records say ${JSON.stringify(value)}`);
  }
}
