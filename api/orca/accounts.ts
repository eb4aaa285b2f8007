/**
 * Which accounts a caller of orca means and may see. What was named and is not the caller's is refused; where nothing was named the
 * caller's own are meant. Who may see everything hears of an unknown name; others can't tell it from somebody else's.
 */
import { z } from '@hono/zod-openapi';
import { accountNamed } from '../../projections/account-names.ts';
import type { AccountRow } from '../../projections/rows.ts';
import type { ApiCall } from '../kit/call.ts';
import { holdsAccount } from '../kit/caller.ts';
import { notFound, Problem } from '../kit/problem.ts';

const NAME_MAX = 100;
const NAMES_MAX = 100;

/** As Python's web frameworks read a boolean. */
export const flag = (fallback: boolean) =>
  z
    .string()
    .transform((text, context) => {
      if (/^(true|1|yes|on)$/i.test(text)) return true;
      if (/^(false|0|no|off)$/i.test(text)) return false;
      context.issues.push({ code: 'custom', message: 'Must be true or false', input: text });
      return z.NEVER;
    })
    .default(fallback)
    .openapi({ type: 'boolean', default: fallback });

const accountName = z.string().min(1).max(NAME_MAX).optional().openapi({
  description: 'Account whose login is used; by default PAAPEX2666680000001. It must be one of the caller.',
});
const accountIds = z
  .string()
  .max(NAME_MAX * NAMES_MAX)
  .transform((text) => [
    ...new Set(
      text
        .split(',')
        .map((id) => id.trim())
        .filter((id) => id !== ''),
    ),
  ])
  .refine((ids) => ids.length <= NAMES_MAX, `Must name at most ${NAMES_MAX} accounts`)
  .optional()
  .openapi({ type: 'string', description: 'Comma-separated account ids; without them all of the caller' });

export const accountQuery = { account_name: accountName };
export const scopeQuery = { account_ids: accountIds, account_name: accountName };

/** Throws 403 for another's, and 404 for nobody's where the caller sees all. */
export function namedAccount({ house, caller }: ApiCall, name: string): AccountRow {
  const account = accountNamed(house.read.accounts(), name);
  if (account && holdsAccount(caller, account)) return account;
  if (!account && caller.accounts.has('*')) throw notFound('Account', name);
  throw new Problem('forbidden', `The token does not allow account ${name}`);
}

interface Scope {
  readonly account_ids?: readonly string[] | undefined;
  readonly account_name?: string | undefined;
}

/** In the order of their opening, or as they were named. */
export function accountsIn(call: ApiCall, { account_ids: ids, account_name: login }: Scope): readonly AccountRow[] {
  if (login !== undefined) namedAccount(call, login);
  if (ids && ids.length > 0) return ids.map((id) => namedAccount(call, id));
  return call.house.read.accounts().filter((row) => row.venue === 'tradovate' && holdsAccount(call.caller, row));
}
