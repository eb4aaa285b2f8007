/**
 * The one statement that commits a group: it moves the head and writes everything else in the same breath, or fails as a whole. Its
 * text depends only on which kinds of rows a group has; each text is compiled once and prepared once.
 */
import { type SQL, sql } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import type { TableName } from '../../projections/rows.ts';
import { compile, type Parameter, prepare, type Statement } from '../client/database.ts';
import { readTables, TABLE_NAMES } from '../tables/all.ts';
import { cursors, effectOpen, entityState, journalHead, records, sleepers } from '../tables/journal.ts';
import { type Columns, columnsOf, type InputRow, input, putValues, type Spelling } from './input.ts';

export type Part =
  | 'records'
  | 'rows'
  | 'ended'
  | 'sleepers'
  | 'endedSleepers'
  | 'cursors'
  | 'opened'
  | 'closed'
  | TableName;

const names = (columns: Columns): SQL =>
  sql.join(
    columns.map(([, column]) => sql.identifier(column.name)),
    sql`, `,
  );

function insert(part: string, table: PgTable, spelling: Spelling, from: SQL = sql.empty()): SQL {
  const columns = columnsOf(table);
  const values = sql.join(
    columns.map(([key]) => sql`input.${sql.identifier(key)}`),
    sql`, `,
  );
  return sql`insert into ${table} (${names(columns)}) select ${values} from ${from}${input(part, columns, spelling)}`;
}

export function keyColumns(table: PgTable): Columns {
  const composite = getTableConfig(table).primaryKeys[0]?.columns.map((column) => column.name);
  return columnsOf(table).filter(([, column]) => composite?.includes(column.name) ?? column.primary);
}

/** Whole rows: what is there under the key is replaced. */
function upsert(part: string, table: PgTable, spelling: Spelling): SQL {
  const keys = keyColumns(table);
  const others = columnsOf(table).filter(([key]) => !keys.some(([name]) => name === key));
  const assignments = others.map(([, { name }]) => sql`${sql.identifier(name)} = excluded.${sql.identifier(name)}`);
  return sql`${insert(part, table, spelling)} on conflict (${names(keys)}) do update set ${sql.join(assignments, sql`, `)}`;
}

function remove(part: string, table: PgTable, spelling: Spelling): SQL {
  const keys = keyColumns(table);
  const matches = keys.map(([key, column]) => sql`${column} = input.${sql.identifier(key)}`);
  return sql`delete from ${table} using ${input(part, keys, spelling)} where ${sql.join(matches, sql` and `)}`;
}

const only = 'rows';
const aloneWith =
  (how: typeof insert) =>
  (table: PgTable, rows: readonly InputRow[]): Statement => {
    const values: Record<string, Parameter> = {};
    putValues(values, only, columnsOf(table), rows, 'quoted');
    return compile(how(only, table, 'quoted'), values);
  };

/** Statements of their own, for rows that come beside the journal. There is at least one row. */
export const insertRows = aloneWith(insert);
export const upsertRows = aloneWith(upsert);

interface PartOfGroup {
  readonly columns: Columns;
  write(part: Part, spelling: Spelling): SQL;
}

const partOf = (table: PgTable, how: typeof insert, columns = columnsOf(table)): PartOfGroup => ({
  columns,
  write: (part, spelling) => how(part, table, spelling),
});

/** In the order in which they are written. */
const PARTS: ReadonlyMap<Part, PartOfGroup> = new Map<Part, PartOfGroup>([
  // Joined with the moved head: when the head did not move, nothing is inserted, and no key can clash before the fence is seen.
  ['records', partOf(records, (part, table, spelling) => insert(part, table, spelling, sql`head, `))],
  ['rows', partOf(entityState, upsert)],
  ['ended', partOf(entityState, remove, keyColumns(entityState))],
  ['sleepers', partOf(sleepers, upsert)],
  ['endedSleepers', partOf(sleepers, remove, keyColumns(sleepers))],
  ['cursors', partOf(cursors, upsert)],
  ['opened', partOf(effectOpen, insert)],
  ['closed', partOf(effectOpen, remove, keyColumns(effectOpen))],
  ...TABLE_NAMES.map((name) => [name, partOf(readTables[name], upsert)] as const),
]);

/** Division by zero is how the statement says that the head is not where the writer believes it to be. */
function commitSql(parts: readonly (readonly [Part, PartOfGroup])[], spelling: Spelling): SQL {
  const head = sql`update ${journalHead} set ${sql.identifier('sequence')} = ${sql.placeholder('sequence')}, ${sql.identifier('hash')} = ${sql.placeholder('hash')}
    where ${journalHead.id} = 1 and ${journalHead.epoch} = ${sql.placeholder('epoch')} and ${journalHead.sequence} = ${sql.placeholder('previousSequence')} returning 1`;
  const writes = parts.map(
    ([name, part]) => sql`, ${sql.identifier(`write_${name}`)} as (${part.write(name, spelling)})`,
  );
  return sql`with head as (${head})${sql.join(writes)} select 1 / count(*) from head`;
}

type Compiled = ReturnType<typeof prepare>;

const compiled = new Map<string, Compiled>();

function compiledFor(parts: readonly (readonly [Part, PartOfGroup])[], spelling: Spelling): Compiled {
  const key = `${spelling} ${parts.map(([name]) => name).join()}`;
  const known = compiled.get(key);
  if (known) return known;
  const fresh = prepare(commitSql(parts, spelling));
  compiled.set(key, fresh);
  return fresh;
}

export type HeadMove = Readonly<Record<'sequence' | 'hash' | 'epoch' | 'previousSequence', Parameter>>;

/** `rows` holds the kinds that have any. */
export function commitStatement(head: HeadMove, rows: ReadonlyMap<Part, readonly InputRow[]>): Statement {
  const parts = [...PARTS].filter(([name]) => rows.has(name));
  return spelt('joined', head, parts, rows) ?? spelt('quoted', head, parts, rows)!;
}

function spelt(
  spelling: Spelling,
  head: HeadMove,
  parts: readonly (readonly [Part, PartOfGroup])[],
  rows: ReadonlyMap<Part, readonly InputRow[]>,
): Statement | undefined {
  const values: Record<string, Parameter> = { ...head };
  for (const [name, { columns }] of parts)
    if (!putValues(values, name, columns, rows.get(name)!, spelling)) return undefined;
  const { text, names } = compiledFor(parts, spelling);
  return { sql: text, params: names.map((name) => values[name] ?? null) };
}
