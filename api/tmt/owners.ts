/** Who may hear of what: an account and a trader concern who has them and who oversees all, a halt of the whole system everybody. */
import { traderOf } from '../../domain/account.ts';
import { namesOf } from '../../projections/account-names.ts';
import { type Caller, holdsAccount, seesAll } from '../kit/caller.ts';
import type { House } from '../kit/house.ts';

export type Owned = Pick<House['read'], 'trader' | 'accounts'>;
export type MayHear = (caller: Caller) => boolean;

export const everybody: MayHear = () => true;

export const owners =
  (
    read: Owned,
    { traderId, accountId }: { readonly traderId?: string | undefined; readonly accountId?: string },
  ): MayHear =>
  (caller) =>
    seesAll(caller) ||
    (accountId !== undefined && holdsAccount(caller, namesOf(read.accounts(), accountId))) ||
    (traderId !== undefined && read.trader(traderId)?.userId === caller.sub);

export function ownersOfHalt(
  read: Owned,
  { scope, targetId }: { readonly scope: string; readonly targetId?: string | undefined },
): MayHear {
  if (scope === 'system' || targetId === undefined) return everybody;
  return owners(
    read,
    scope === 'agent' ? { traderId: targetId } : { accountId: targetId, traderId: traderOf(targetId) },
  );
}
