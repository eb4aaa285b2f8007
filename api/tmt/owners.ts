/** Who may hear of what: an account and a trader concern who has them and who oversees all, a halt of the whole system everybody. */
import { traderOf } from '../../domain/account.ts';
import { type Caller, holdsAccount, seesAll } from '../kit/caller.ts';
import type { House } from '../kit/house.ts';

export type Traders = Pick<House['read'], 'trader'>;
export type MayHear = (caller: Caller) => boolean;

export const everybody: MayHear = () => true;

export const owners =
  (
    read: Traders,
    { traderId, accountId }: { readonly traderId?: string | undefined; readonly accountId?: string },
  ): MayHear =>
  (caller) =>
    seesAll(caller) ||
    (accountId !== undefined && holdsAccount(caller, accountId)) ||
    (traderId !== undefined && read.trader(traderId)?.userId === caller.sub);

export function ownersOfHalt(
  read: Traders,
  { scope, targetId }: { readonly scope: string; readonly targetId?: string | undefined },
): MayHear {
  if (scope === 'system' || targetId === undefined) return everybody;
  return owners(
    read,
    scope === 'agent' ? { traderId: targetId } : { accountId: targetId, traderId: traderOf(targetId) },
  );
}
