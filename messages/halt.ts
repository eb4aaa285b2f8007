/** Emergency stops and what else halts trading. All of it travels in the control lane. */
import { z } from 'zod';
import { decimalText, SCOPES, safeText } from './common.ts';
import { command, fact, reply } from './define.ts';

export const halt = z.object({
  stopId: z.string(),
  scope: z.enum(SCOPES),
  /** Account id or trader id; absent for the system. */
  targetId: safeText.optional(),
  /** `reduce`: what only reduces a position passes too. Absent: nothing but exits does. */
  mode: z.literal('reduce').optional(),
  reason: safeText,
  by: safeText,
});
export type Halt = z.infer<typeof halt>;

/** `keyed`: it may be asked for again, so that its receipt is kept. One that nobody can repeat waits for no record of it. */
export const TradingHalt = command(
  'trading.halt',
  { ...halt.shape, keyed: z.literal(true).optional() },
  { reply: 'trading.halt-answered', control: true },
);
export type TradingHalt = z.infer<typeof TradingHalt.schema>;
/** `handedOver`: orders in scope that a venue already has or may have; their cancels are on the way. */
export const TradingHaltAnswered = reply('trading.halt-answered', {
  stopId: z.string(),
  handedOver: z.array(z.string()),
});
export type TradingHaltAnswered = z.infer<typeof TradingHaltAnswered.schema>;
export const TradingResume = command(
  'trading.resume',
  { stopId: z.string(), by: safeText, reason: safeText },
  { reply: 'trading.resume-answered', control: true },
);
export type TradingResume = z.infer<typeof TradingResume.schema>;
export const TradingResumeAnswered = reply('trading.resume-answered', {
  stopId: z.string(),
  outcome: z.enum(['resumed', 'not-found', 'already-resolved', 'four-eyes']),
  resolvedAt: z.number().optional(),
});
export type TradingResumeAnswered = z.infer<typeof TradingResumeAnswered.schema>;

export const TradingHalted = fact('trading.halted', halt.shape, { control: true });
export type TradingHalted = z.infer<typeof TradingHalted.schema>;
export const TradingResumed = fact(
  'trading.resumed',
  { stopId: z.string(), by: safeText, reason: safeText },
  { control: true },
);
export type TradingResumed = z.infer<typeof TradingResumed.schema>;

/** The receipt of a stop that may be asked for again: the orders in its scope that a venue had, or may have had, when it came. */
export const TradingHandedOver = fact('trading.handed-over', { stopId: z.string(), orderIds: z.array(z.string()) });
export type TradingHandedOver = z.infer<typeof TradingHandedOver.schema>;

/** Portfolio tells the breaker what an account is worth now. */
export const EquityMark = command('equity.mark', { accountId: z.string(), equity: decimalText });
export type EquityMark = z.infer<typeof EquityMark.schema>;
/** First mark of a UTC day: the base of the daily loss. */
export const EquityDayOpened = fact('equity.day-opened', {
  accountId: z.string(),
  day: z.string(),
  equity: decimalText,
});
export type EquityDayOpened = z.infer<typeof EquityDayOpened.schema>;
/** A new high-water mark; moves in steps of at least five basis points, and drawdown is measured against it. */
export const EquityPeaked = fact('equity.peaked', { accountId: z.string(), equity: decimalText });
export type EquityPeaked = z.infer<typeof EquityPeaked.schema>;

export const haltMessages = [
  TradingHalt,
  TradingHaltAnswered,
  TradingResume,
  TradingResumeAnswered,
  TradingHalted,
  TradingResumed,
  TradingHandedOver,
  EquityMark,
  EquityDayOpened,
  EquityPeaked,
];
