/** Read table of the accounts that the house has opened. */
import { doublePrecision, pgTable } from 'drizzle-orm/pg-core';
import type { AccountRow } from '../../projections/rows.ts';
import { decimal, ordered, whole } from './columns.ts';

export const accounts = pgTable('accounts', {
  id: ordered('id').primaryKey(),
  sequence: whole('sequence').notNull(),
  userId: ordered('user_id').notNull(),
  name: ordered('name').notNull(),
  venue: ordered('venue').$type<AccountRow['venue']>().notNull(),
  venueId: ordered('venue_id').notNull(),
  currency: ordered('currency').notNull(),
  pack: ordered('pack').$type<AccountRow['pack']>().notNull(),
  deposit: decimal('deposit').notNull(),
  leverage: doublePrecision('leverage'),
  openedAt: whole('opened_at').notNull(),
});
