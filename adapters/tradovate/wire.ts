/**
 * What Tradovate's REST and WebSocket interfaces say, as far as this adapter reads it. Fields that are not read are not checked, words
 * of a closed list are read as text, so that a new one of theirs breaks nothing. Source: partner.tradovate.com, REST and user sync.
 */
import { z } from 'zod';

const id = z.number().int();
const words = z.string().nullish();
const amount = z.number().nullish();

export const tvAccount = z.object({ id, name: z.string() });
export const tvContract = z.object({ id, name: z.string() });
export const tvOrder = z.object({
  id,
  accountId: id,
  contractId: id.nullish(),
  action: z.enum(['Buy', 'Sell']),
  ordStatus: z.string(),
});
export type TvOrder = z.infer<typeof tvOrder>;
export const tvOrderVersion = z.object({ id, orderId: id, orderQty: id, price: amount, stopPrice: amount });
export type TvOrderVersion = z.infer<typeof tvOrderVersion>;
/** The client order id lives here, on the command of type `New`. */
export const tvCommand = z.object({ id, orderId: id, commandType: z.string(), clOrdId: words });
export type TvCommand = z.infer<typeof tvCommand>;
export const tvCommandReport = z.object({ id, rejectReason: words, text: words });
export const tvExecutionReport = z.object({ id, ordStatus: words, rejectReason: words, text: words });
export const tvFill = z.object({ id, orderId: id, qty: id, price: z.number(), active: z.boolean().nullish() });
export type TvFill = z.infer<typeof tvFill>;
/** What one fill cost, in the account's currency; an amount that is left out is none. */
export const tvFillFee = z.object({
  ...{ clearingFee: amount, exchangeFee: amount, nfaFee: amount, brokerageFee: amount },
  ...{ ipFee: amount, commission: amount, orderRoutingFee: amount },
});
export const tvPosition = z.object({ id, accountId: id, contractId: id, netPos: id, netPrice: amount });

/** One an account and currency: with realised profit and fees, without what is open. */
export const tvCashBalance = z.object({ id, accountId: id, currencyId: id.nullish(), amount: z.number() });

/** The answer of auth/accesstokenrequest and auth/renewaccesstoken. */
export const tvToken = z.object({ errorText: words, accessToken: words, expirationTime: words });
/** A request that was not handled: it may be repeated with the ticket after `p-time` seconds. */
export const tvPenalty = z.object({
  'p-ticket': z.string(),
  'p-time': z.number().nonnegative(),
  'p-captcha': z.boolean().nullish(),
});
/** The answer of order/placeorder and order/cancelorder. */
export const tvCommandResult = z.object({ orderId: id.nullish(), failureReason: words, failureText: words });

/** The answer of user/syncrequest. */
export const tvSync = z.object({
  contracts: z.array(tvContract).nullish(),
  orders: z.array(tvOrder).nullish(),
  orderVersions: z.array(tvOrderVersion).nullish(),
  commands: z.array(tvCommand).nullish(),
  fills: z.array(tvFill).nullish(),
});
export type TvSync = z.infer<typeof tvSync>;
export const SYNCED_TYPES = ['contract', 'order', 'orderVersion', 'command', 'fill'] as const;

/** A message of an `a` frame: an event (`e`) or the answer to a request (`i`, `s`). */
export const tvMessage = z.object({ e: words, i: id.nullish(), s: id.nullish(), d: z.unknown().optional() });
export type TvMessage = z.infer<typeof tvMessage>;
export const tvProps = z.object({ entityType: z.string(), eventType: z.string(), entity: z.unknown() });
export const tvShutdown = z.object({ reasonCode: words, reason: words });
