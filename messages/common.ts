/** Pieces that several messages share. */
import { z } from 'zod';
import { DENIAL_CLASSES, DENIAL_CODES } from '../domain/denial.ts';
import { ORDER_ENDS, ORDER_TYPES, SIDES, TIMES_IN_FORCE } from '../domain/order.ts';

/** Text that a database and a journal can hold: no NUL, no lone surrogate. */
export const safeText = z
  .string()
  .refine((value) => !value.includes('\0') && value.isWellFormed(), 'must not contain NUL or lone surrogates');
export const decimalText = z.string().regex(/^-?\d+(\.\d+)?$/, 'must be a plain decimal number');

export const denial = z.object({
  code: z.enum(DENIAL_CODES),
  class: z.enum(DENIAL_CLASSES),
  explanation: z.string(),
  numbers: z.record(z.string(), z.string()),
});

/** The market as an order saw it; prices as decimal text, `at` in market time. `doubted`: other prices are quoted, which nobody believes yet. */
export const quoteView = z.object({
  ...{ bid: decimalText, ask: decimalText, last: decimalText, at: z.number() },
  doubted: z.literal(true).optional(),
});
export type QuoteView = z.infer<typeof quoteView>;

/** How far an order may be varied before its gates see it. Ratios of quantity and of prices, either way; the delay from nothing up. */
export const orderVariance = z.object({
  sizeRatioMax: z.number().min(0).max(0.5),
  levelRatioMax: z.number().min(0).max(0.1),
  delayMaxMs: z.number().int().min(0).max(60_000),
});
export type OrderVariance = z.infer<typeof orderVariance>;

/** An order as it was asked for; never changes afterwards. `price` is the limit, or the stated price of a market order. */
export const orderTicket = z.object({
  orderId: z.string(),
  traderId: z.string(),
  accountId: z.string(),
  symbol: z.string(),
  side: z.enum(SIDES),
  quantity: decimalText,
  price: decimalText,
  orderType: z.enum(ORDER_TYPES),
  timeInForce: z.enum(TIMES_IN_FORCE),
  stopPrice: decimalText.optional(),
  /** Only reduces a position; passes halts and quotas, and risk verifies that it does. */
  exit: z.boolean(),
  /** Asked for, and allowed by the house's setting: quantity and prices of the submitted ticket are varied ones. */
  variance: orderVariance.optional(),
  /** Which door it came through, and on whose behalf. */
  surface: z.enum(['creto', 'auto-trader', 'wind-down', 'run', 'scenario']),
  userId: z.string(),
  /** Who has asked for it in that user's name; absent: the user. */
  submittedBy: z.string().optional(),
});
export type OrderTicket = z.infer<typeof orderTicket>;

/** What a halt, or a question about orders, is about: everything, one account, or one trader (`agent` in the contracts). */
export const SCOPES = ['system', 'account', 'agent'] as const;
export type Scope = (typeof SCOPES)[number];

export const GATES = ['halt', 'compliance', 'risk', 'quota', 'oversight'] as const;
export type Gate = (typeof GATES)[number];

export const ORDER_STATUSES = ['gating', 'held', 'sending', 'working', 'canceling', 'unresolved', 'ended'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** An order as it stands: what answers show. Times are market time in epoch milliseconds; `amount` is in account currency. */
export const orderView = z.object({
  ...orderTicket.shape,
  status: z.enum(ORDER_STATUSES),
  amount: decimalText,
  filledQuantity: decimalText,
  averagePrice: decimalText,
  commission: decimalText,
  submittedAt: z.number(),
  executedAt: z.number().optional(),
  endedAt: z.number().optional(),
  end: z.enum(ORDER_ENDS).optional(),
  denial: denial.optional(),
  reason: z.string().optional(),
  requestId: z.string().optional(),
  requestReason: z.string().optional(),
  requestedAt: z.number().optional(),
});
export type OrderView = z.infer<typeof orderView>;
