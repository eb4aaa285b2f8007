/** A trader's three quotas as limit, use and reset; which one an order would exceed, and which thresholds a change has crossed. */
import { deny } from '../../controls/deny.ts';
import { nextDayStart, nextMonthStart } from '../../domain/calendar.ts';
import { type DecimalText, exact, max, minus } from '../../domain/decimal.ts';
import type { Denial, DenialCode } from '../../domain/denial.ts';
import type { QuotaAnswered, QuotaWarned } from '../../messages/quota.ts';
import type { Usage } from './periods.ts';

export interface Quotas {
  readonly dailyTrades: DecimalText;
  readonly dailyVolume: DecimalText;
  readonly monthlyBudget: DecimalText;
}

type Name = keyof Usage['warned'];
type Allowances = Pick<QuotaAnswered, Name>;

const LIMITS: Readonly<Record<Name, keyof Quotas>> = {
  trades: 'dailyTrades',
  volume: 'dailyVolume',
  budget: 'monthlyBudget',
};

function usedOf(usage: Usage, name: Name): DecimalText {
  if (name === 'trades') return String(usage.trades);
  return name === 'volume' ? usage.volume : usage.spent;
}

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
export function shortOf(
  usage: Usage,
  quotas: Quotas,
  requested: Readonly<Record<Name, DecimalText | undefined>>,
): Denial | undefined {
  for (const name of NAMES) {
    const requestedAmount = requested[name];
    if (requestedAmount === undefined) continue;
    const limit = quotas[LIMITS[name]];
    const used = usedOf(usage, name);
    if (!exact(used).plus(requestedAmount).greaterThan(limit)) continue;
    const { resetAt } = allowances(usage, quotas)[name];
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

const roughUse = (usage: Usage, name: Name): number =>
  name === 'trades' ? usage.trades : Number(name === 'volume' ? usage.volume : usage.spent);

/** A first look in rounded numbers, with far more room than rounding takes: nearly every order crosses nothing. */
function isFarBelow(usage: Usage, quotas: Quotas, name: Name): boolean {
  const announced = usage.warned[name];
  for (const threshold of THRESHOLDS)
    if (threshold > announced) return roughUse(usage, name) * 101 < Number(quotas[LIMITS[name]]) * threshold;
  return true;
}

/** Thresholds reached and not announced in this period; `warned` as it is after announcing them. */
export function crossings(
  traderId: string,
  usage: Usage,
  quotas: Quotas,
): { readonly facts: readonly QuotaWarned[]; readonly warned: Usage['warned'] } {
  let { warned } = usage;
  const facts: QuotaWarned[] = [];
  for (const name of NAMES) {
    if (isFarBelow(usage, quotas, name)) continue;
    const limit = exact(quotas[LIMITS[name]]);
    const hundredfold = exact(usedOf(usage, name)).times(100);
    for (const threshold of THRESHOLDS) {
      // Compared without a division: nearly every order crosses nothing.
      if (threshold <= warned[name]) continue;
      if (!limit.greaterThan(0) || hundredfold.lessThan(limit.times(threshold))) break;
      const percentUsed = hundredfold.dividedBy(limit).toDecimalPlaces(2, 1).toNumber();
      warned = { ...warned, [name]: threshold };
      facts.push({ type: 'quota.warned', traderId, quota: WARN_NAMES[name], percentUsed, threshold });
    }
  }
  return { facts, warned };
}
