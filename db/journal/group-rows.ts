/** A group by kinds of rows, as its statement takes them. Refuses text that no database here can hold. */
import type { TableName } from '../../projections/rows.ts';
import { CommitError, type EffectRow, type Group } from '../../runtime/store.ts';
import { TABLE_NAMES } from '../tables/all.ts';
import type { InputRow } from './input.ts';
import type { Part } from './statement.ts';

export function groupRows(group: Group): ReadonlyMap<Part, readonly InputRow[]> {
  const rows = new Map<Part, readonly InputRow[]>();
  const add = (part: Part, all: readonly object[]): void => {
    if (all.length > 0) rows.set(part, all as readonly InputRow[]);
  };
  const { opened, closed } = settleEffects(group);
  add('records', group.records);
  add(
    'rows',
    group.rows.filter(({ state }) => state !== null),
  );
  add(
    'ended',
    group.rows.filter(({ state }) => state === null),
  );
  add('cursors', group.cursors);
  add('opened', opened);
  add('closed', closed);
  for (const [table, all] of upsertsByTable(group)) add(table, all);
  return rows;
}

/** An effect that opens and closes in one group was never there. */
function settleEffects({ opened, closed }: Group): Pick<Group, 'opened' | 'closed'> {
  if (opened.length === 0 || closed.length === 0) return { opened, closed };
  const key = ({ sequence, agent }: EffectRow): string => `${sequence} ${agent}`;
  const done = new Set(closed.map(key));
  return { opened: opened.filter((effect) => !done.has(key(effect))), closed };
}

function upsertsByTable({ upserts }: Group): ReadonlyMap<TableName, readonly InputRow[]> {
  const byTable = new Map<TableName, InputRow[]>(TABLE_NAMES.map((table) => [table, []]));
  for (const { table, row } of upserts) {
    const rows = byTable.get(table as TableName);
    if (!rows) throw new Error(`Invariant: an upsert names a read table, not ${table}`);
    rows.push(row);
  }
  return byTable;
}

const SHORT = 32;
const SURROGATES_FROM = 0xd800;

/** Most texts are a few plain letters, which are looked at faster than the engine is asked. */
function holdable(text: string): boolean {
  const { length } = text;
  if (length > SHORT) return !text.includes('\0') && text.isWellFormed();
  for (let index = 0; index < length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === 0 || unit >= SURROGATES_FROM) return !text.includes('\0') && text.isWellFormed();
  }
  return true;
}
export const isHoldable = (value: unknown): boolean => typeof value !== 'string' || holdable(value);

/**
 * NUL and lone surrogates fail a whole group in one database and are quietly changed in another: here they are refused in all. An
 * agent's state is JSON, which spells both with escapes.
 */
export function assertHoldable(group: Group): void {
  const refuse = (what: string): never => {
    throw new CommitError('data', `text with NUL or a lone surrogate in ${what}`);
  };
  for (const { type, payload, source, correlationId, principal, sequence } of group.records) {
    const fine =
      holdable(payload) && holdable(correlationId) && holdable(principal) && holdable(type) && holdable(source);
    if (!fine) refuse(`record ${sequence}`);
  }
  for (const { agent, entity } of group.rows) if (!holdable(entity)) refuse(`a row of agent ${agent}`);
  for (const { table, row } of group.upserts) {
    for (const column in row) {
      if (!isHoldable(row[column])) refuse(`column ${column} of table ${table}`);
    }
  }
}
