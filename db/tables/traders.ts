/** Read table of traders. */
import { doublePrecision, pgTable } from 'drizzle-orm/pg-core';
import type { TraderRow } from '../../projections/rows.ts';
import { ordered, whole } from './columns.ts';

export const traders = pgTable('traders', {
  id: ordered('id').primaryKey(),
  userId: ordered('user_id').notNull(),
  accountId: ordered('account_id').notNull(),
  name: ordered('name').notNull(),
  status: ordered('status').$type<TraderRow['status']>().notNull(),
  budget: doublePrecision('budget').notNull(),
  strategy: ordered('strategy').notNull(),
  riskTolerance: ordered('risk_tolerance').notNull(),
  maxPositionSize: doublePrecision('max_position_size'),
  createdAt: whole('created_at').notNull(),
  updatedAt: whole('updated_at').notNull(),
});
