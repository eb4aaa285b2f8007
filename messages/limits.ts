/** Trading limits: one versioned set, changed only by a named person, each change a fact. No limit configured means no. */
import { z } from 'zod';
import type { AssetClass, Instrument } from '../domain/instrument.ts';
import { parseContract } from '../domain/instruments/contracts.ts';
import { decimalText, safeText } from './common.ts';
import { command, fact, query, reply } from './define.ts';

/** A misspelt limit is refused, not dropped; a negative one is no limit. */
const limitText = decimalText.refine((text) => !text.startsWith('-'), 'must not be negative');

export const instrumentLimits = z.strictObject({
  /** Largest distance of a limit price from the last price, as a ratio. */
  collarRatio: limitText,
  /** Largest value of one order in account currency, and largest quantity. */
  orderValueMax: limitText,
  orderVolumeMax: limitText,
  /** Largest absolute position including working orders, in units. */
  positionMax: limitText,
  /** Orders only while the instrument's exchange is open? Absent: at any time. */
  sessionOnly: z.boolean().optional(),
});
export type InstrumentLimits = z.infer<typeof instrumentLimits>;

export const tradingLimits = z.strictObject({
  /** By symbol, a series of futures for its dated contracts too; `class:<asset class>` stands for all others of that class. */
  instruments: z.record(z.string(), instrumentLimits),
  /** By account id; `default` stands for all others. */
  accounts: z.record(
    z.string(),
    z.strictObject({
      /** Largest gross exposure of positions and working orders, in account currency. */
      exposureMax: limitText,
      /** Loss since the start of the UTC day, and fall from the high-water mark, as ratios of their base; reaching one halts the account. */
      dailyLossRatioMax: limitText,
      drawdownRatioMax: limitText,
      /** Largest gross exposure as a multiple of the account's own funds; absent: 1, nothing is borrowed. */
      leverageMax: limitText.optional(),
      /** Largest part of the account's own funds that initial margin ties up, as a ratio; absent: margin is not looked at. */
      marginUsedRatioMax: limitText.optional(),
      /** Symbols, or `class:<asset class>`, that the account may trade; absent: every instrument of the house. */
      instruments: z.array(safeText).optional(),
      /** May orders be varied in size, price and time? Absent: no. */
      varianceAllowed: z.boolean().optional(),
    }),
  ),
  /** Orders of one trader in a sliding window. */
  orderRate: z.strictObject({ max: z.number().int().positive(), windowMs: z.number().int().positive() }),
  /** The same trader, symbol, side, quantity and price again within this time, more than `max` times, is a duplicate. */
  duplicate: z.strictObject({ max: z.number().int().positive(), windowMs: z.number().int().positive() }),
  /** The same order again, more than `max` times in a row within this time, disables the trader until a person lets it go on. Absent: never. */
  repeats: z.strictObject({ max: z.number().int().positive(), windowMs: z.number().int().positive() }).optional(),
  /** After an order too large, orders of its account, symbol and side count together for this long. Absent: each for itself. */
  slicing: z.strictObject({ windowMs: z.number().int().positive() }).optional(),
  /** A quote older than this is stale: nothing but exits passes. */
  quoteAgeMaxMs: z.number().int().positive(),
});
export type TradingLimits = z.infer<typeof tradingLimits>;
export type AccountLimits = TradingLimits['accounts'][string];

/** An account's own limits, or those of all others; undefined: none, which means no. */
export const limitsOf = (limits: TradingLimits | null | undefined, accountId: string): AccountLimits | undefined =>
  limits?.accounts[accountId] ?? limits?.accounts.default;

const CLASS_LIMITS: Readonly<Record<AssetClass, string>> = {
  fx: 'class:fx',
  metal: 'class:metal',
  crypto: 'class:crypto',
  future: 'class:future',
  equity: 'class:equity',
};

/** A symbol's own limits go before those of its series, a dated contract's, and these before those of its asset class. */
export function instrumentLimitsOf(
  { instruments }: TradingLimits,
  symbol: string,
  instrument: Instrument | undefined,
): InstrumentLimits | undefined {
  const own = instruments[symbol];
  if (own || !instrument) return own;
  const series = instrument.assetClass === 'future' ? parseContract(symbol)?.root : undefined;
  return (series === undefined ? undefined : instruments[series]) ?? instruments[CLASS_LIMITS[instrument.assetClass]];
}

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
  /** Who set those in force, alone and in one or more steps, and what they were before he did; absent: nobody has, since that is known. */
  authored: z.object({ by: safeText, before: tradingLimits.nullable() }).optional(),
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
