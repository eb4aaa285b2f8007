/**
 * With four eyes nobody trades by limits that he himself has loosened: neither who traded first and loosened then, nor who loosened first
 * and makes a trader behind it. Whoever sets the limits after him has looked at the whole set, and answers for it.
 */
import type { LimitsAnswered, LimitsGet, TradingLimits } from '../../messages/limits.ts';
import type { ApiCall } from './call.ts';
import { loosens } from './loosened.ts';
import { Problem } from './problem.ts';

export const LIMITS_QUESTION: LimitsGet = { type: 'limits.get' };

/** Before somebody begins to trade on an account, himself or through who acts for him. */
export async function checkLimitsOfOthers(
  call: Pick<ApiCall, 'ask' | 'house' | 'caller'>,
  accountId: string,
  userId: string,
): Promise<void> {
  if (!call.house.settings.fourEyes) return;
  const { limits, authored } = await call.ask<LimitsAnswered>(LIMITS_QUESTION);
  if (!authored || !limits || ![userId, call.caller.sub].includes(authored.by)) return;
  if (loosens(authored.before, limits, [accountId]))
    throw new Problem(
      'forbidden',
      `Limits in force on this account were loosened by ${authored.by}: somebody else has to set them before ${authored.by} trades by them`,
    );
}

/** Before somebody changes limits by which he trades on accounts. */
export function checkLoosening(before: TradingLimits | null, after: TradingLimits, own: Iterable<string>): void {
  if (loosens(before, after, own))
    throw new Problem('forbidden', 'Somebody else has to loosen limits by which your own traders trade');
}
