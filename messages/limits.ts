/** Trading limits: one versioned set, changed only by a named person, each change a fact. No limit configured means no. */
import { z } from 'zod';
import { decimalText, safeText } from './common.ts';
import { command, fact, query, reply } from './define.ts';

export const instrumentLimits = z.object({
  /** Largest distance of a limit price from the last price, as a ratio. */
  collarRatio: decimalText,
  /** Largest value of one order in account currency, and largest quantity. */
  orderValueMax: decimalText,
  orderVolumeMax: decimalText,
  /** Largest absolute position including working orders, in units. */
  positionMax: decimalText,
});
export type InstrumentLimits = z.infer<typeof instrumentLimits>;

export const tradingLimits = z.object({
  /** By symbol; `class:<asset class>` stands for all others of that class. */
  instruments: z.record(z.string(), instrumentLimits),
  /** By account id; `default` stands for all others. */
  accounts: z.record(
    z.string(),
    z.object({
      /** Largest gross exposure of positions and working orders, in account currency. */
      exposureMax: decimalText,
      /** Loss since the start of the UTC day, and fall from the high-water mark, as ratios of their base; reaching one halts the account. */
      dailyLossRatioMax: decimalText,
      drawdownRatioMax: decimalText,
    }),
  ),
  /** Orders of one trader in a sliding window. */
  orderRate: z.object({ max: z.number().int().positive(), windowMs: z.number().int().positive() }),
  /** The same trader, symbol, side, quantity and price again within this time, more than `max` times, is a duplicate. */
  duplicate: z.object({ max: z.number().int().positive(), windowMs: z.number().int().positive() }),
  /** A quote older than this is stale: nothing but exits passes. */
  quoteAgeMaxMs: z.number().int().positive(),
});
export type TradingLimits = z.infer<typeof tradingLimits>;

export const LimitsSet = command(
  'limits.set',
  { limits: tradingLimits, by: safeText, reason: safeText, expectedVersion: z.number().optional() },
  { reply: 'limits.answered' },
);
export type LimitsSet = z.infer<typeof LimitsSet.schema>;
export const LimitsGet = query('limits.get', {}, { reply: 'limits.answered' });
export type LimitsGet = z.infer<typeof LimitsGet.schema>;
export const LimitsAnswered = reply('limits.answered', {
  outcome: z.enum(['current', 'changed', 'conflict']),
  version: z.number(),
  limits: tradingLimits.nullable(),
});
export type LimitsAnswered = z.infer<typeof LimitsAnswered.schema>;
/** `limitsVersion` counts from 1. */
export const LimitsChanged = fact('limits.changed', {
  limitsVersion: z.number(),
  limits: tradingLimits,
  by: safeText,
  reason: safeText,
});
export type LimitsChanged = z.infer<typeof LimitsChanged.schema>;

export const limitsMessages = [LimitsSet, LimitsGet, LimitsAnswered, LimitsChanged];
