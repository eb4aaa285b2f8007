/** Read table of oversight requests. */
import { index, pgTable } from 'drizzle-orm/pg-core';
import type { ApprovalRow } from '../../projections/rows.ts';
import { decimal, ordered, whole } from './columns.ts';

export const approvals = pgTable(
  'approvals',
  {
    id: ordered('id').primaryKey(),
    sequence: whole('sequence').notNull(),
    orderId: ordered('order_id').notNull(),
    traderId: ordered('trader_id').notNull(),
    userId: ordered('user_id').notNull(),
    symbol: ordered('symbol').notNull(),
    side: ordered('side').notNull(),
    quantity: decimal('quantity').notNull(),
    price: decimal('price').notNull(),
    amount: decimal('amount').notNull(),
    reason: ordered('reason').notNull(),
    priority: ordered('priority').notNull(),
    status: ordered('status').$type<ApprovalRow['status']>().notNull(),
    contentHash: ordered('content_hash').notNull(),
    bandLow: decimal('band_low').notNull(),
    bandHigh: decimal('band_high').notNull(),
    createdAt: whole('created_at').notNull(),
    expiresAt: whole('expires_at').notNull(),
    decidedBy: ordered('decided_by'),
    decidedAt: whole('decided_at'),
    comment: ordered('comment'),
  },
  (table) => [index('approvals_by_status').on(table.status, table.sequence)],
);
