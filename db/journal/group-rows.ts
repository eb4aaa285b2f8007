/** A group by kinds of rows, as its statement takes them. Refuses text and numbers that no database here can hold. */
import type { TableName } from '../../projections/rows.ts';
import { CommitError, type EffectRow, type EntityRow, type Group } from '../../runtime/store.ts';
import { readTables, TABLE_NAMES } from '../tables/all.ts';
import { columnsOf, type InputRow } from './input.ts';
import type { Part } from './statement.ts';

export function groupRows(group: Group): ReadonlyMap<Part, readonly InputRow[]> {
  const rows = new Map<Part, readonly InputRow[]>();
  const add = (part: Part, all: readonly object[]): void => {
    if (all.length > 0) rows.set(part, all as readonly InputRow[]);
  };
  const { opened, closed } = settleEffects(group);
  add('records', group.records);
  const kept: Record<'rows' | 'ended' | 'sleepers' | 'endedSleepers', EntityRow[]> = {
    ...{ rows: [], ended: [], sleepers: [], endedSleepers: [] },
  };
  for (const row of group.rows) {
    const isGone = row.state === null;
    if (row.wakesAt === undefined) kept[isGone ? 'ended' : 'rows'].push(row);
    else kept[isGone ? 'endedSleepers' : 'sleepers'].push(row);
  }
  add('rows', kept.rows);
  add('ended', kept.ended);
  add('sleepers', kept.sleepers);
  add('endedSleepers', kept.endedSleepers);
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

const WHOLE_COLUMNS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  TABLE_NAMES.map((table) => {
    const whole = columnsOf(readTables[table]).filter(([, , type]) => type === 'bigint');
    return [table, new Set(whole.map(([key]) => key))];
  }),
);
const BIGINT_END = 2 ** 63;

const isBigint = (value: number): boolean =>
  Number.isSafeInteger(value) || (Number.isInteger(value) && Math.abs(value) < BIGINT_END);
const isInteger = (value: number): boolean => (value | 0) === value;
/** Nearly all numbers are whole: only for the others it matters whose they are. */
const fits = (value: number, table: string, column: string): boolean =>
  isBigint(value) || !WHOLE_COLUMNS.get(table)?.has(column);

/**
 * NUL and lone surrogates fail a whole group in one database and are quietly changed in another, and memory takes numbers that are not whole: here
 * they are refused in all. An agent's state is JSON, which spells everything.
 */
export function assertHoldable({ records, rows, cursors, opened, closed, upserts }: Group): void {
  for (const record of records) {
    const { type, payload, source, correlationId, principal, sequence } = record;
    const fine =
      holdable(payload) && holdable(correlationId) && holdable(principal) && holdable(type) && holdable(source);
    if (!fine) refuseText(`record ${sequence}`);
    const { epoch, recordedAt, causationId, version } = record;
    const fit = isBigint(recordedAt) && isBigint(causationId) && isBigint(sequence) && isBigint(epoch);
    if (!fit || !isInteger(version)) refuseNumber(`record ${sequence}`);
  }
  for (const { agent, entity, version, wakesAt } of rows) {
    if (!holdable(entity)) refuseText(`a row of agent ${agent}`);
    if (!isInteger(version) || !isBigint(wakesAt ?? 0)) refuseNumber(`a row of agent ${agent}`);
  }
  for (const { agent, sequence } of cursors) if (!isBigint(sequence)) refuseNumber(`the cursor of agent ${agent}`);
  for (const { agent, sequence } of opened) if (!isBigint(sequence)) refuseNumber(`an effect of agent ${agent}`);
  for (const { agent, sequence } of closed) if (!isBigint(sequence)) refuseNumber(`an effect of agent ${agent}`);
  for (const { table, row } of upserts) {
    for (const column in row) {
      const value = row[column];
      if (typeof value === 'string') {
        if (!holdable(value)) refuseText(`column ${column} of table ${table}`);
      } else if (typeof value === 'number' && !fits(value, table, column))
        refuseNumber(`column ${column} of table ${table}`);
    }
  }
}

function refuseText(where: string): never {
  throw new CommitError('data', `text with NUL or a lone surrogate in ${where}`);
}

function refuseNumber(where: string): never {
  throw new CommitError('data', `a number that its column does not take in ${where}`);
}
