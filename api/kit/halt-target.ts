/**
 * What a halt is about, and who may order it: a trader what is its own, whoever oversees everything that exists. Invariant: a target that
 * neither the house nor the caller's token knows is refused, and one that the house knows by another name is halted by its own, never in vain.
 */
import { traderOf } from '../../domain/account.ts';
import { type Scope, safeText } from '../../messages/common.ts';
import { accountNamed, namesOf } from '../../projections/account-names.ts';
import type { ApiCall } from './call.ts';
import { holdsAccount, seesAll } from './caller.ts';
import { invalid, notFound, Problem } from './problem.ts';

/** A reason, or a name. */
export const haltLine = safeText.trim().min(1, 'Must not be empty').max(500, 'Must not be longer than 500 characters');

type Asker = Pick<ApiCall, 'caller' | 'house'>;

interface Named {
  readonly scope: Scope;
  readonly target_id?: string | undefined;
}

/** What the caller may halt, an account by our name whichever was said; undefined: the whole system. Throws 400, 403 and 404. */
export function targetOf(call: Asker, { scope, target_id: targetId }: Named) {
  if (scope === 'system') {
    if (!seesAll(call.caller)) throw new Problem('forbidden', 'Only supervisors can stop the whole system');
    return undefined;
  }
  if (targetId === undefined) throw invalid([{ field: 'target_id', message: `Required for scope ${scope}` }]);
  const traderId = scope === 'agent' ? targetId : traderOf(targetId);
  if (traderId === undefined) return accountOf(call, targetId);
  if (!mayHaltTrader(call, traderId, scope === 'agent' ? undefined : targetId))
    throw notFound(scope === 'agent' ? 'Agent' : 'Account', targetId);
  return targetId;
}

/** Of the house. A token may name one that the house does not know: whose it is may stop it all the same. */
function accountOf({ caller, house }: Asker, name: string): string {
  const accounts = house.read.accounts();
  const names = namesOf(accounts, name);
  if (!seesAll(caller) && !holdsAccount(caller, names)) throw new Problem('forbidden', 'This account is not yours');
  if (!caller.accounts.has(name) && !accountNamed(accounts, name)) throw notFound('Account', name);
  return names.id;
}

/** Somebody else's can't be told from one that is not there. The trader of a run has no account of its own. */
function mayHaltTrader({ caller, house }: Asker, traderId: string, accountId: string | undefined): boolean {
  const trader = house.read.trader(traderId);
  if (!trader || (accountId !== undefined && trader.accountId !== accountId)) return false;
  return trader.userId === caller.sub || seesAll(caller);
}
