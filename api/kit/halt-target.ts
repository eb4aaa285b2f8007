/** What a halt is about, as requests name it. Invariant: a target that the house does not know is refused, never halted in vain. */
import { traderOf } from '../../domain/account.ts';
import { type Scope, safeText } from '../../messages/common.ts';
import type { TraderRow } from '../../projections/rows.ts';
import type { House } from './house.ts';
import { invalid, notFound } from './problem.ts';

/** A reason, or a name. */
export const haltLine = safeText.trim().min(1, 'Must not be empty').max(500, 'Must not be longer than 500 characters');

interface Named {
  readonly scope: Scope;
  readonly target_id?: string | undefined;
}

/** Undefined: the whole system. */
export function targetOf({ scope, target_id: targetId }: Named): string | undefined {
  if (scope === 'system') return undefined;
  if (targetId === undefined) throw invalid([{ field: 'target_id', message: `Required for scope ${scope}` }]);
  return targetId;
}

/** The trader that is meant, or whose account is; undefined for an account of the house. Throws 404. */
export function knownTarget({ read }: Pick<House, 'read'>, scope: Scope, targetId: string): TraderRow | undefined {
  const traderId = scope === 'agent' ? targetId : traderOf(targetId);
  const trader = traderId === undefined ? undefined : read.trader(traderId);
  if (trader && (scope === 'agent' || trader.accountId === targetId)) return trader;
  if (scope === 'account' && read.accounts().some(({ id }) => id === targetId)) return undefined;
  throw notFound(scope === 'agent' ? 'Agent' : 'Account', targetId);
}
