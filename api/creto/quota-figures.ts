/** How much of a quota is used, and from when on somebody should know: warnings at 80, 90 and 100 percent. */
import { exact, isPositive, max, minus } from '../../domain/decimal.ts';
import { ROUND_DOWN } from '../../domain/exact.ts';
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

/** Rounded down, as the quota's own warnings are: nobody reads 100 while there is room. */
const percentOf = ({ limit, used }: Usage): number =>
  isPositive(limit) ? exact(used).times(100).dividedBy(limit).toDecimalPlaces(2, ROUND_DOWN).toNumber() : 100;

export function quotaFigures(usage: Usage) {
  const { limit, used, resetAt } = usage;
  return {
    limit: Number(limit),
    used: Number(used),
    remaining: Number(max('0', minus(limit, used))),
    percentUsed: percentOf(usage),
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
