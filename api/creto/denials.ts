/** How a gate's no is answered. Only the class decides, except where the contract names one rule; a new control needs nothing here. */
import type { Denial, DenialCode } from '../../domain/denial.ts';
import type { QuotaAnswered, QuotaGet } from '../../messages/quota.ts';
import type { ApiCall } from '../kit/call.ts';
import { iso } from '../kit/instant.ts';
import { invalid, Problem, unavailable } from '../kit/problem.ts';

interface Denied {
  readonly traderId: string;
  readonly amount: string;
}

const QUOTAS = { QUOTA_TRADES: 'trades', QUOTA_VOLUME: 'volume', QUOTA_BUDGET: 'budget' } as const;
const isQuota = (code: string): code is keyof typeof QUOTAS => code in QUOTAS;

/** Whose value a denial is about, where the contract answers it as a validation error. */
const FIELDS: Partial<Readonly<Record<DenialCode, string>>> = {
  ...{ MAX_POSITION_SIZE: 'quantity', QUANTITY_STEP: 'quantity', PRICE_TICK: 'price' },
};

interface Shortage {
  readonly requestedAmount: number;
  readonly remainingQuota: number;
  readonly quotaLimit: number;
  readonly resetAt: string;
}

function shortageIn({ requestedAmount, remainingQuota, quotaLimit, resetAt }: Denial['numbers']): Shortage | undefined {
  if (requestedAmount === undefined || remainingQuota === undefined) return undefined;
  if (quotaLimit === undefined || resetAt === undefined) return undefined;
  return {
    requestedAmount: Number(requestedAmount),
    remainingQuota: Number(remainingQuota),
    quotaLimit: Number(quotaLimit),
    resetAt: iso(Number(resetAt)),
  };
}

/** For a denial whose numbers are gone: a refused trade has reserved nothing, so that the quota of now tells. */
async function shortageNow(call: ApiCall, code: keyof typeof QUOTAS, { traderId, amount }: Denied): Promise<Shortage> {
  const question: QuotaGet = { type: 'quota.get', traderId };
  const { limit, used, resetAt } = (await call.ask<QuotaAnswered>(question))[QUOTAS[code]];
  return {
    requestedAmount: code === 'QUOTA_TRADES' ? 1 : Number(amount),
    remainingQuota: Math.max(0, Number(limit) - Number(used)),
    quotaLimit: Number(limit),
    resetAt: iso(resetAt),
  };
}

async function quotaExceeded(
  call: ApiCall,
  code: keyof typeof QUOTAS,
  denial: Denial,
  denied: Denied,
): Promise<Problem> {
  const shortage = shortageIn(denial.numbers) ?? (await shortageNow(call, code, denied));
  const [quota, name] =
    code === 'QUOTA_BUDGET' ? ['monthly.budget', 'monthly budget'] : [`daily.${QUOTAS[code]}`, 'daily quota'];
  return new Problem('forbidden', `Trade would exceed ${name}`, {
    code: 'QUOTA_EXCEEDED',
    details: { ...shortage, quota },
  });
}

/** A terminated agent has left the gates' memory, but not the caller's: to him it is not unknown. */
function knownEnd({ house }: ApiCall, denial: Denial, { traderId }: Denied): Denial {
  if (denial.code !== 'TRADER_INACTIVE' || house.read.trader(traderId)?.status !== 'terminated') return denial;
  const numbers = { ...denial.numbers, status: 'terminated' };
  return { ...denial, explanation: `Agent ${traderId} is terminated.`, numbers };
}

export async function denialProblem(call: ApiCall, denial: Denial, denied: Denied): Promise<Problem> {
  const { code, explanation, numbers } = knownEnd(call, denial, denied);
  const field = FIELDS[code];
  if (field !== undefined || denial.class === 'terms')
    return invalid([{ field: field ?? '', message: explanation }], 'Invalid trade parameters');
  if (isQuota(code)) return quotaExceeded(call, code, denial, denied);
  const details = { reason: code, ...numbers };
  switch (denial.class) {
    case 'halt':
      return new Problem('halted', explanation, { details });
    case 'unavailable':
      return unavailable(explanation);
    default:
      return new Problem('forbidden', explanation, { code: 'ORDER_DENIED', details });
  }
}
