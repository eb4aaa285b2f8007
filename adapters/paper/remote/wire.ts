/** What the paper venue's process and its client say to each other: JSON over HTTP on the loopback interface. */
import { z } from 'zod';
import { ORDER_TYPES, SIDES, TIMES_IN_FORCE } from '../../../domain/order.ts';
import { decimalText } from '../../../messages/common.ts';
import { Quote } from '../../../messages/market.ts';
import { VenueReported } from '../../../messages/order.ts';

/** POST /orders */
export const wireOrder = z.object({
  clientOrderId: z.string().min(1).max(200),
  accountId: z.string(),
  symbol: z.string(),
  side: z.enum(SIDES),
  quantity: decimalText,
  price: decimalText,
  orderType: z.enum(ORDER_TYPES),
  timeInForce: z.enum(TIMES_IN_FORCE),
  stopPrice: decimalText.exactOptional(),
});

/** POST /quotes */
export const wireQuotes = z.array(Quote.schema.extend({ at: z.number() })).max(10_000);

/** The answer of GET /snapshot */
export const wireSnapshot = z.object({
  orders: z.array(
    z.object({
      clientOrderId: z.string(),
      accountId: z.string(),
      symbol: z.string(),
      side: z.enum(SIDES),
      filledQuantity: decimalText,
      leavesQuantity: decimalText,
      price: decimalText,
    }),
  ),
  positions: z.array(
    z.object({ accountId: z.string(), symbol: z.string(), quantity: decimalText, averagePrice: decimalText }),
  ),
});

/** The answer of POST /orders, GET and DELETE /orders/:id. */
export const wireReport = z.object({
  orderId: VenueReported.schema.shape.orderId,
  status: VenueReported.schema.shape.status,
  fills: VenueReported.schema.shape.fills,
  reason: z.string().exactOptional(),
});

/**
 * The answer of GET /events?life=…&after=n, which waits until there is one or a while has passed. `life` changes with every start
 * of the process: a client of an older life has to look its open orders up, what was told before is not told again.
 */
export const wireEvents = z.object({
  life: z.string(),
  last: z.number().int(),
  /** False: reports behind `after` are no longer at hand. */
  complete: z.boolean(),
  reports: z.array(wireReport),
});
