/**
 * The one statement that commits a group: it moves the head and writes everything else in the same breath, or fails as a whole. Its
 * text depends only on which kinds of rows a group has; each text is compiled once and prepared once.
 */
import { type AnyColumn, getTableColumns, type SQL, sql } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import type { TableName } from '../../projections/rows.ts';
import { type Parameter, prepare, type Statement } from '../client/database.ts';
import { readTables } from '../tables/all.ts';
import { cursors, effectOpen, entityState, journalHead, records } from '../tables/journal.ts';

export type Part = 'records' | 'rows' | 'ended' | 'cursors' | 'opened' | 'closed' | TableName;

/** Rows arrive as one JSON array of objects with the names that the code uses. */
const input = (part: string, columns: readonly (readonly [string, AnyColumn])[]): SQL =>
  sql`json_to_recordset(${sql.placeholder(part)}::text::json) as input(${sql.join(
    columns.map(([key, column]) => sql`${sql.identifier(key)} ${sql.raw(column.getSQLType())}`),
    sql`, `,
  )})`;

const names = (columns: readonly (readonly [string, AnyColumn])[]): SQL =>
  sql.join(
    columns.map(([, column]) => sql.identifier(column.name)),
    sql`, `,
  );

/** Takes its rows, as JSON, from the parameter named `part`. */
export function insert(part: string, table: PgTable, from: SQL = sql.empty()): SQL {
  const columns = Object.entries(getTableColumns(table));
  const values = sql.join(
    columns.map(([key]) => sql`input.${sql.identifier(key)}`),
    sql`, `,
  );
  return sql`insert into ${table} (${names(columns)}) select ${values} from ${from}${input(part, columns)}`;
}

export function keyColumns(table: PgTable): readonly (readonly [string, AnyColumn])[] {
  const composite = getTableConfig(table).primaryKeys[0]?.columns.map((column) => column.name);
  return Object.entries(getTableColumns(table)).filter(
    ([, column]) => composite?.includes(column.name) ?? column.primary,
  );
}

/** Whole rows: what is there under the key is replaced. */
export function upsert(part: string, table: PgTable): SQL {
  const keys = keyColumns(table);
  const others = Object.entries(getTableColumns(table)).filter(([key]) => !keys.some(([name]) => name === key));
  const assignments = others.map(([, { name }]) => sql`${sql.identifier(name)} = excluded.${sql.identifier(name)}`);
  return sql`${insert(part, table)} on conflict (${names(keys)}) do update set ${sql.join(assignments, sql`, `)}`;
}

function remove(part: string, table: PgTable): SQL {
  const keys = keyColumns(table);
  const matches = keys.map(([key, column]) => sql`${column} = input.${sql.identifier(key)}`);
  return sql`delete from ${table} using ${input(part, keys)} where ${sql.join(matches, sql` and `)}`;
}

const JOURNAL_PARTS: Readonly<Record<Exclude<Part, TableName>, () => SQL>> = {
  // Joined with the moved head: when the head did not move, nothing is inserted, and no key can clash before the fence is seen.
  records: () => insert('records', records, sql`head, `),
  rows: () => upsert('rows', entityState),
  ended: () => remove('ended', entityState),
  cursors: () => upsert('cursors', cursors),
  opened: () => insert('opened', effectOpen),
  closed: () => remove('closed', effectOpen),
};

const partSql = (part: Part): SQL =>
  part in JOURNAL_PARTS
    ? JOURNAL_PARTS[part as keyof typeof JOURNAL_PARTS]()
    : upsert(part, readTables[part as TableName]);

/** Division by zero is how the statement says that the head is not where the writer believes it to be. */
function commitSql(parts: readonly Part[]): SQL {
  const head = sql`update ${journalHead} set ${sql.identifier('sequence')} = ${sql.placeholder('sequence')}, ${sql.identifier('hash')} = ${sql.placeholder('hash')}
    where ${journalHead.id} = 1 and ${journalHead.epoch} = ${sql.placeholder('epoch')} and ${journalHead.sequence} = ${sql.placeholder('previousSequence')} returning 1`;
  const writes = parts.map((part) => sql`, ${sql.identifier(`write_${part}`)} as (${partSql(part)})`);
  return sql`with head as (${head})${sql.join(writes)} select 1 / count(*) from head`;
}

type Compiled = ReturnType<typeof prepare>;

const compiled = new Map<string, Compiled>();

function compiledFor(parts: readonly Part[]): Compiled {
  const key = parts.join();
  const known = compiled.get(key);
  if (known) return known;
  const fresh = prepare(commitSql(parts));
  compiled.set(key, fresh);
  return fresh;
}

export type HeadMove = Readonly<Record<'sequence' | 'hash' | 'epoch' | 'previousSequence', Parameter>>;

/** `rows` holds the kinds that are not empty, as JSON, always in the same order. */
export function commitStatement(head: HeadMove, rows: ReadonlyMap<Part, string>): Statement {
  const { text, names } = compiledFor([...rows.keys()]);
  const values: Readonly<Record<string, Parameter>> = { ...head, ...Object.fromEntries(rows) };
  return { sql: text, params: names.map((name) => values[name] ?? null) };
}
