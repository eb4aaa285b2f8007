/** The queries that doors ask of the tables; db/queries serves them with SQL and in memory, one conformance suite for both. */
import type { TableName, Tables } from './rows.ts';

/** `eq` null matches null; `in`, `gte`, `lt` as in SQL; text compares by code point (COLLATE "C"). All conditions hold together. */
export interface Condition {
  readonly column: string;
  readonly eq?: string | number | boolean | null;
  readonly in?: readonly (string | number)[];
  readonly gte?: number;
  readonly lt?: number;
}

export interface ListQuery {
  readonly where: readonly Condition[];
  /** Must be total: the primary key `id` is appended as the last criterion. */
  readonly orderBy: readonly { readonly column: string; readonly direction: 'asc' | 'desc' }[];
  readonly limit: number;
  readonly offset: number;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

export interface Queries {
  get<T extends TableName>(table: T, id: string): Promise<Tables[T] | undefined>;
  list<T extends TableName>(table: T, query: ListQuery): Promise<Page<Tables[T]>>;
}
