/** How a gate's no is answered. Only the class decides, except where the contract names one rule; a new control needs nothing here. */
import type { Denial } from '../../domain/denial.ts';
import type { QuotaAnswered, QuotaGet } from '../../messages/quota.ts';
import type { ApiCall } from '../kit/call.ts';
import { invalid, Problem, unavailable } from '../kit/problem.ts';
import { iso } from './spelling.ts';

interface Denied {
  readonly traderId: string;
  readonly amount: string;
}

const USAGES: Readonly<Record<string, 'trades' | 'volume' | 'budget'>> = {
  QUOTA_TRADES: 'trades',
  QUOTA_VOLUME: 'volume',
  QUOTA_BUDGET: 'budget',
};

/** The quota as it stands; a refused trade has reserved nothing of it. */
async function quotaExceeded(call: ApiCall, denial: Denial, { traderId, amount }: Denied): Promise<Problem> {
  const question: QuotaGet = { type: 'quota.get', traderId };
  const quota = await call.ask<QuotaAnswered>(question);
  const name = USAGES[denial.code] ?? 'volume';
  const { limit, used, resetAt } = quota[name];
  const period = name === 'budget' ? 'monthly budget' : 'daily quota';
  return new Problem('forbidden', `Trade would exceed ${period}`, {
    code: 'QUOTA_EXCEEDED',
    details: {
      requestedAmount: name === 'trades' ? 1 : Number(amount),
      remainingQuota: Math.max(0, Number(limit) - Number(used)),
      quotaLimit: Number(limit),
      resetAt: iso(resetAt),
      quota: name === 'budget' ? 'monthly.budget' : `daily.${name}`,
    },
  });
}

export async function denialProblem(call: ApiCall, denial: Denial, denied: Denied): Promise<Problem> {
  const { code, explanation, numbers } = denial;
  if (code === 'MAX_POSITION_SIZE') {
    return invalid([{ field: 'quantity', message: explanation }], 'Invalid trade parameters');
  }
  const details = { reason: code, ...numbers };
  switch (denial.class) {
    case 'quota':
      return quotaExceeded(call, denial, denied);
    case 'halt':
      return new Problem('halted', explanation, { details });
    case 'unavailable':
      return unavailable(explanation);
    default:
      return new Problem('forbidden', explanation, { code: 'ORDER_DENIED', details });
  }
}
