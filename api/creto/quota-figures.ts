/** How much of a quota is used, and from when on somebody should know: warnings at 80, 90 and 100 percent. */
import type { QuotaAnswered } from '../../messages/quota.ts';
import { iso } from '../kit/instant.ts';
import type { QuotaName } from './schemas.ts';

const TYPES = { 80: 'approaching_limit', 90: 'critical_limit', 100: 'limit_exceeded' } as const;
const THRESHOLDS = [100, 90, 80] as const;
const NAMES: Readonly<Record<QuotaName, string>> = {
  'daily.trades': 'Daily trade quota',
  'daily.volume': 'Daily volume quota',
  'monthly.budget': 'Monthly budget',
};

type Usage = QuotaAnswered['trades'];

export function quotaFigures({ limit, used, resetAt }: Usage) {
  const [limitValue, usedValue] = [Number(limit), Number(used)];
  return {
    limit: limitValue,
    used: usedValue,
    remaining: Number(Math.max(0, limitValue - usedValue).toFixed(8)),
    percentUsed: limitValue === 0 ? 100 : Number(((usedValue / limitValue) * 100).toFixed(2)),
    resetAt: iso(resetAt),
  };
}

export const quotaMessage = (quota: QuotaName, percentUsed: number): string =>
  `${NAMES[quota]} is ${percentUsed}% used`;

export function warningsFor(quota: QuotaName, percentUsed: number) {
  const threshold = THRESHOLDS.find((one) => percentUsed >= one);
  if (threshold === undefined) return [];
  return [{ type: TYPES[threshold], quota, threshold, message: quotaMessage(quota, percentUsed) }];
}
