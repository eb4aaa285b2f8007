/** Quotas of a trader: trades and volume a UTC day, budget a UTC month; and what the house meters. */
import { z } from 'zod';
import { decimalText } from './common.ts';
import { command, fact, query, reply } from './define.ts';

const usage = z.object({ limit: decimalText, used: decimalText, resetAt: z.number() });

export const QuotaGet = query('quota.get', { traderId: z.string() }, { reply: 'quota.answered' });
export type QuotaGet = z.infer<typeof QuotaGet.schema>;
export const QuotaAnswered = reply('quota.answered', {
  traderId: z.string(),
  found: z.boolean(),
  trades: usage,
  volume: usage,
  budget: usage,
});
export type QuotaAnswered = z.infer<typeof QuotaAnswered.schema>;
/** A threshold of 80, 90 or 100 percent was crossed upwards. */
export const QuotaWarned = fact('quota.warned', {
  traderId: z.string(),
  quota: z.enum(['daily.trades', 'daily.volume', 'monthly.budget']),
  percentUsed: z.number(),
  threshold: z.number(),
});
export type QuotaWarned = z.infer<typeof QuotaWarned.schema>;

/** What the API counted for a trader since the last time. */
export const UsageMeter = command('usage.meter', { traderId: z.string(), apiCalls: z.number(), computeMs: z.number() });
export type UsageMeter = z.infer<typeof UsageMeter.schema>;
/** `hour` is the start of a UTC hour in epoch milliseconds. */
export const UsageMetered = fact('usage.metered', {
  traderId: z.string(),
  hour: z.number(),
  apiCalls: z.number(),
  computeMs: z.number(),
});
export type UsageMetered = z.infer<typeof UsageMetered.schema>;

export const quotaMessages = [QuotaGet, QuotaAnswered, QuotaWarned, UsageMeter, UsageMetered];
