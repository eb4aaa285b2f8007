/**
 * What we ask of a database, embedded or server: queries, whole units of work, and the lock that makes this process the only
 * writer. Rows come back as arrays in the order of the selected columns.
 */

import { fillPlaceholders, type SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/pg-proxy';

export type Parameter = string | number | boolean | null | Uint8Array;
export type DatabaseRow = readonly unknown[];

export interface Statement {
  readonly sql: string;
  readonly params: readonly Parameter[];
}

export type Query = (sql: string, params: readonly Parameter[]) => Promise<readonly DatabaseRow[]>;

export interface Database {
  /** Becomes the only writer of this database; an error names the other one. Also takes a lost lock again. */
  lock(): Promise<void>;
  query: Query;
  /** All statements or none, in one unit of work. A statement's text is prepared once and reused. */
  commit(statements: readonly Statement[]): Promise<void>;
  /** Reads of `work` see one state of the database. */
  snapshot<T>(work: (query: Query) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Drizzle's query builder over our own connection. */
export const reader = (query: Query) =>
  drizzle(async (sql, params) => ({ rows: (await query(sql, params as Parameter[])) as unknown[] }));

const dialect = new PgDialect();

/** Turns a Drizzle template into text and parameters; placeholders take their values from `values`. */
export function compile(template: SQL, values: Readonly<Record<string, Parameter>> = {}): Statement {
  const { sql, params } = dialect.sqlToQuery(template);
  return { sql, params: fillPlaceholders(params, values) as Parameter[] };
}

/** Text with the names of its placeholders, for a statement that is used often. */
export function prepare(template: SQL): { readonly text: string; readonly names: readonly string[] } {
  const { sql, params } = dialect.sqlToQuery(template);
  return { text: sql, names: params.map((placeholder) => (placeholder as { name: string }).name) };
}
