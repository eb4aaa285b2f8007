/** Read tables of executions, and of the positions that they add up to. */
import { boolean, index, pgTable } from 'drizzle-orm/pg-core';
import { decimal, ordered, whole } from './columns.ts';

export const fills = pgTable(
  'fills',
  {
    id: ordered('id').primaryKey(),
    sequence: whole('sequence').notNull(),
    orderId: ordered('order_id').notNull(),
    traderId: ordered('trader_id').notNull(),
    accountId: ordered('account_id').notNull(),
    symbol: ordered('symbol').notNull(),
    side: ordered('side').notNull(),
    quantity: decimal('quantity').notNull(),
    price: decimal('price').notNull(),
    commission: decimal('commission').notNull(),
    realizedPnl: decimal('realized_pnl').notNull(),
    at: whole('at').notNull(),
  },
  (table) => [index('fills_by_account').on(table.accountId, table.sequence)],
);

export const positions = pgTable('positions', {
  id: ordered('id').primaryKey(),
  accountId: ordered('account_id').notNull(),
  symbol: ordered('symbol').notNull(),
  quantity: decimal('quantity').notNull(),
  cost: decimal('cost').notNull(),
  open: boolean('open').notNull(),
  updatedAt: whole('updated_at').notNull(),
});
