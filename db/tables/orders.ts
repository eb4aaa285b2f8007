/**
 * Read table of orders. Open orders are found by `end is null`; both indexes cover columns that do not change while an order is
 * open, so that its updates stay on their page.
 */
import { isNull } from 'drizzle-orm';
import { boolean, index, pgTable } from 'drizzle-orm/pg-core';
import type { OrderRow } from '../../projections/rows.ts';
import { decimal, ordered, whole } from './columns.ts';

export const orders = pgTable(
  'orders',
  {
    id: ordered('id').primaryKey(),
    sequence: whole('sequence').notNull(),
    traderId: ordered('trader_id').notNull(),
    accountId: ordered('account_id').notNull(),
    userId: ordered('user_id').notNull(),
    surface: ordered('surface').notNull(),
    symbol: ordered('symbol').notNull(),
    side: ordered('side').notNull(),
    quantity: decimal('quantity').notNull(),
    price: decimal('price').notNull(),
    orderType: ordered('order_type').notNull(),
    timeInForce: ordered('time_in_force').notNull(),
    status: ordered('status').$type<OrderRow['status']>().notNull(),
    listed: boolean('listed').notNull(),
    amount: decimal('amount').notNull(),
    filledQuantity: decimal('filled_quantity').notNull(),
    averagePrice: decimal('average_price').notNull(),
    commission: decimal('commission').notNull(),
    submittedAt: whole('submitted_at').notNull(),
    executedAt: whole('executed_at'),
    endedAt: whole('ended_at'),
    end: ordered('end'),
    denialCode: ordered('denial_code'),
    denialClass: ordered('denial_class'),
    reason: ordered('reason'),
    requestId: ordered('request_id'),
  },
  (table) => [
    index('orders_by_trader').on(table.traderId, table.sequence),
    index('orders_open').on(table.sequence).where(isNull(table.end)),
  ],
);
