/** The double-entry ledger, one row a posting. */
import { pgTable, text } from 'drizzle-orm/pg-core';
import type { LedgerRow } from '../../projections/rows.ts';
import { ordered, whole } from './columns.ts';

export const ledger = pgTable('ledger', {
  id: ordered('id').primaryKey(),
  sequence: whole('sequence').notNull(),
  accountId: ordered('account_id').notNull(),
  kind: ordered('kind').$type<LedgerRow['kind']>().notNull(),
  entries: text('entries').notNull(),
  currency: ordered('currency').notNull(),
  at: whole('at').notNull(),
});
