/**
 * A projection turns records into rows of one noun. Pure: the same records give the same rows, live, after a crash and in a
 * replay. The view it writes to holds what is open or recent; ended rows leave memory, never the table.
 */
import type { JournalRecord } from '../runtime/message.ts';
import type { TableName, Tables } from './rows.ts';

/** Tables whose rows are on their way to the database only: no projection reads them back, memory shows nothing of them. */
export type WrittenOnly = 'fills' | 'ledger';
export const isWrittenOnly = (table: TableName): table is WrittenOnly => table === 'fills' || table === 'ledger';

export interface TableView {
  /** The newest row, uncommitted ones included; undefined when it is unknown or no longer in memory. */
  get<T extends Exclude<TableName, WrittenOnly>>(table: T, id: string): Tables[T] | undefined;
  put<T extends TableName>(table: T, row: Tables[T]): void;
}

export interface Projection {
  readonly name: TableName;
  /** Another version than the stored one: rebuilt from archive and journal before its reads are served. */
  readonly version: number;
  readonly on: readonly string[];
  apply(view: TableView, record: JournalRecord): void;
}
