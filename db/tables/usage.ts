/** Read table of what the house metered, one row a trader and hour. */
import { doublePrecision, index, pgTable } from 'drizzle-orm/pg-core';
import { ordered, whole } from './columns.ts';

export const usage = pgTable(
  'usage',
  {
    id: ordered('id').primaryKey(),
    traderId: ordered('trader_id').notNull(),
    hour: whole('hour').notNull(),
    apiCalls: whole('api_calls').notNull(),
    computeMs: doublePrecision('compute_ms').notNull(),
    updatedAt: whole('updated_at').notNull(),
  },
  (table) => [index('usage_by_hour').on(table.hour)],
);
