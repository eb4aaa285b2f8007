/** What orca's reads answer, for the compiler and the OpenAPI document. */
import { z } from '@hono/zod-openapi';

/** `timestamp`: epoch seconds at which the data was read. */
const read = { count: z.int(), cached: z.boolean(), timestamp: z.number() };

const account = z.object({ name: z.string(), id: z.string(), active: z.boolean() });
const position = z.object({
  id: z.string(),
  account_id: z.string(),
  instrument: z.string(),
  quantity: z.number(),
  side: z.enum(['long', 'short']),
  avg_price: z.number(),
  unrealized_pnl: z.number(),
});
const order = z.object({
  order_id: z.string(),
  account_id: z.string(),
  instrument: z.string(),
  side: z.enum(['Buy', 'Sell']),
  quantity: z.number(),
  price: z.number(),
  status: z.enum(['Working', 'Pending', 'Queued']),
  order_type: z.enum(['Limit', 'Market', 'Stop']),
});
const balance = z.object({
  account_id: z.string(),
  account_name: z.string(),
  balance: z.number(),
  net_liquidating_value: z.number(),
  cash_balance: z.number(),
  open_pl: z.number(),
  realized_pl: z.number(),
});

export const accountsAnswer = z.object({ accounts: z.array(account), ...read }).openapi('OrcaAccounts');
export const positionsAnswer = z.object({ positions: z.array(position), ...read }).openapi('OrcaPositions');
export const positionIdsAnswer = z.object({ position_ids: z.array(z.string()), ...read });
export const ordersAnswer = z.object({ orders: z.array(order), ...read }).openapi('OrcaOrders');
export const orderIdsAnswer = z.object({ order_ids: z.array(z.string()), ...read });
export const balancesAnswer = z
  .object({ balances: z.array(balance), total_balance: z.number(), ...read })
  .openapi('OrcaBalances');

/** What was not asked for is left out. */
export const snapshotAnswer = z
  .object({
    accounts: accountsAnswer.optional(),
    positions: positionsAnswer.optional(),
    orders: ordersAnswer.optional(),
    balances: balancesAnswer.optional(),
    metadata: z.object({ response_time_ms: z.number(), timestamp: z.number(), datetime: z.iso.datetime() }),
  })
  .openapi('OrcaSnapshot');
