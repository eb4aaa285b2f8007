/** Traders (creto's agents): created, wound down, terminated. A trader owns one account with its budget. */
import { z } from 'zod';
import { safeText } from './common.ts';
import { command, fact, reply } from './define.ts';

export const traderConfig = z.object({
  budget: z.number(),
  strategy: z.enum(['conservative', 'balanced', 'aggressive']),
  riskTolerance: z.enum(['low', 'medium', 'high']),
  maxPositionSize: z.number().optional(),
});
export type TraderConfig = z.infer<typeof traderConfig>;

const trader = { traderId: z.string(), accountId: z.string(), userId: safeText, name: safeText, config: traderConfig };

export const TraderCreate = command('trader.create', { ...trader, by: z.string() }, { reply: 'trader.answered' });
export type TraderCreate = z.infer<typeof TraderCreate.schema>;
/** Stops new orders at once, closes all positions, then ends the trader. Refused while orders are open. */
export const TraderTerminate = command(
  'trader.terminate',
  { traderId: z.string(), by: z.string() },
  { reply: 'trader.answered' },
);
export type TraderTerminate = z.infer<typeof TraderTerminate.schema>;
export const TraderAnswered = reply('trader.answered', {
  traderId: z.string(),
  outcome: z.enum(['created', 'terminated', 'pending-trades', 'not-found', 'close-failed']),
  pendingTrades: z.number().optional(),
  reason: z.string().optional(),
});
export type TraderAnswered = z.infer<typeof TraderAnswered.schema>;

export const TraderCreated = fact('trader.created', { ...trader, by: z.string() });
export type TraderCreated = z.infer<typeof TraderCreated.schema>;
export const TraderWindingDown = fact('trader.winding-down', {
  traderId: z.string(),
  accountId: z.string(),
  by: z.string(),
});
export type TraderWindingDown = z.infer<typeof TraderWindingDown.schema>;
/** A closing order did not fill: the trader is active again and the caller hears why. */
export const TraderReactivated = fact('trader.reactivated', {
  traderId: z.string(),
  accountId: z.string(),
  reason: z.string(),
});
export type TraderReactivated = z.infer<typeof TraderReactivated.schema>;
export const TraderTerminated = fact('trader.terminated', {
  traderId: z.string(),
  accountId: z.string(),
  by: z.string(),
});
export type TraderTerminated = z.infer<typeof TraderTerminated.schema>;

export const traderMessages = [
  TraderCreate,
  TraderTerminate,
  TraderAnswered,
  TraderCreated,
  TraderWindingDown,
  TraderReactivated,
  TraderTerminated,
];
