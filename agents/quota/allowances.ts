/** A trader's three quotas as limit, use and reset; which one an order would exceed, and which thresholds a change has crossed. */
import { deny } from '../../controls/deny.ts';
import { nextDayStart, nextMonthStart } from '../../domain/calendar.ts';
import { type DecimalText, exact, isPositive, max, minus, plus } from '../../domain/decimal.ts';
import type { Denial, DenialCode } from '../../domain/denial.ts';
import type { QuotaAnswered, QuotaWarned } from '../../messages/quota.ts';
import { exceeds, type Usage } from './periods.ts';

export interface Quotas {
  readonly dailyTrades: DecimalText;
  readonly dailyVolume: DecimalText;
  readonly monthlyBudget: DecimalText;
}

type Name = keyof Usage['warned'];
type Allowances = Pick<QuotaAnswered, Name>;

export function allowances(usage: Usage, { dailyTrades, dailyVolume, monthlyBudget }: Quotas): Allowances {
  const tomorrow = nextDayStart(usage.day);
  return {
    trades: { limit: dailyTrades, used: String(usage.trades), resetAt: tomorrow },
    volume: { limit: dailyVolume, used: usage.volume, resetAt: tomorrow },
    budget: { limit: monthlyBudget, used: usage.spent, resetAt: nextMonthStart(usage.month) },
  };
}

const CODES: Readonly<Record<Name, DenialCode>> = {
  trades: 'QUOTA_TRADES',
  volume: 'QUOTA_VOLUME',
  budget: 'QUOTA_BUDGET',
};
const TITLES: Readonly<Record<Name, string>> = {
  trades: 'daily trades',
  volume: 'daily volume',
  budget: 'monthly budget',
};
const NAMES: readonly Name[] = ['trades', 'volume', 'budget'];

/** The first quota that has no room for what is requested of it; what is not requested is not checked. */
export function shortOf(held: Allowances, requested: Partial<Record<Name, DecimalText>>): Denial | undefined {
  for (const name of NAMES) {
    const requestedAmount = requested[name];
    const { limit, used, resetAt } = held[name];
    if (requestedAmount === undefined || !exceeds(plus(used, requestedAmount), limit)) continue;
    const remainingQuota = max('0', minus(limit, used));
    return deny(
      CODES[name],
      'quota',
      `The order needs ${requestedAmount} of the quota of ${TITLES[name]}, ${remainingQuota} of ${limit} are left.`,
      { requestedAmount, remainingQuota, quotaLimit: limit, resetAt: String(resetAt) },
    );
  }
  return undefined;
}

const WARN_NAMES: Readonly<Record<Name, QuotaWarned['quota']>> = {
  trades: 'daily.trades',
  volume: 'daily.volume',
  budget: 'monthly.budget',
};
const THRESHOLDS = [80, 90, 100];

/** Thresholds reached and not announced in this period; `warned` as it is after announcing them. */
export function crossings(
  traderId: string,
  usage: Usage,
  quotas: Quotas,
): { readonly facts: readonly QuotaWarned[]; readonly warned: Usage['warned'] } {
  const held = allowances(usage, quotas);
  const warned = { ...usage.warned };
  const facts: QuotaWarned[] = [];
  for (const name of NAMES) {
    const { limit, used } = held[name];
    if (!isPositive(limit)) continue;
    const percent = exact(used).times(100).dividedBy(limit);
    const percentUsed = percent.toDecimalPlaces(2, 1).toNumber();
    for (const threshold of THRESHOLDS) {
      if (threshold <= warned[name] || percent.lessThan(threshold)) continue;
      warned[name] = threshold;
      facts.push({ type: 'quota.warned', traderId, quota: WARN_NAMES[name], percentUsed, threshold });
    }
  }
  return { facts, warned };
}
