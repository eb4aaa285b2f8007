/** Read table of halts. */
import { index, pgTable } from 'drizzle-orm/pg-core';
import type { HaltRow } from '../../projections/rows.ts';
import { ordered, whole } from './columns.ts';

export const halts = pgTable(
  'halts',
  {
    id: ordered('id').primaryKey(),
    sequence: whole('sequence').notNull(),
    scope: ordered('scope').notNull(),
    targetId: ordered('target_id'),
    reason: ordered('reason').notNull(),
    triggeredBy: ordered('triggered_by').notNull(),
    createdAt: whole('created_at').notNull(),
    status: ordered('status').$type<HaltRow['status']>().notNull(),
    resolvedBy: ordered('resolved_by'),
    resolvedAt: whole('resolved_at'),
    resolution: ordered('resolution'),
  },
  (table) => [index('halts_by_status').on(table.status, table.sequence)],
);
