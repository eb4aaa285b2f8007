/** Agents' rows as a checker reads them: parsed, by entity, and compared field by field with what the records say. */
import { isDeepStrictEqual } from 'node:util';
import type { Report, Rest } from '../checker.ts';

export type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parts of a row that are not there have no fields. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** State of each entity of an agent; the shared part has the entity ''. */
export function statesOf({ stored }: Rest, agent: string): ReadonlyMap<string, Fields> {
  const states = new Map<string, Fields>();
  for (const row of stored.rows) {
    if (row.agent !== agent || row.state === null) continue;
    states.set(row.entity, fieldsOf(fieldsOf(JSON.parse(row.state)).state));
  }
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

/** Each field of `expected` against the same field of `actual`. */
export function compareFields(what: string, expected: Fields, actual: Fields, report: Report): void {
  for (const field in expected) {
    const value = expected[field];
    if (actual[field] === value || isDeepStrictEqual(actual[field], plain(value))) continue;
    report(`${what}: ${field} is ${JSON.stringify(actual[field])}, the records say ${JSON.stringify(value)}`);
  }
}
