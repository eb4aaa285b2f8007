/** All read tables by the name that upserts and queries use; the compiler holds them against projections/rows.ts. */
import type { InferSelectModel } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { TableName, Tables } from '../../projections/rows.ts';
import { accounts } from './accounts.ts';
import { approvals } from './approvals.ts';
import { fills, positions } from './fills.ts';
import { halts } from './halts.ts';
import { ledger } from './ledger.ts';
import { orders } from './orders.ts';
import { runs, tasks } from './runs.ts';
import { traders } from './traders.ts';
import { usage } from './usage.ts';

export const readTables = {
  accounts,
  traders,
  orders,
  approvals,
  halts,
  fills,
  ledger,
  positions,
  usage,
  tasks,
  runs,
} satisfies {
  readonly [T in TableName]: PgTable & { readonly $inferSelect: Tables[T] };
};

/** A row as a table gives it is a row as a projection made it. */
export type RowOf<T extends TableName> = InferSelectModel<(typeof readTables)[T]>;

export const TABLE_NAMES = Object.keys(readTables) as TableName[];
