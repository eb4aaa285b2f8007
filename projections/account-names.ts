/** An account has two names, ours and its venue's, and whoever says one of them means the same account: every contract asks here. */
import type { AccountRow } from './rows.ts';

export type AccountNames = Pick<AccountRow, 'id' | 'venueId'>;

/** Ours first, should a venue's id of one account be our name of another. */
export function accountNamed<Account extends AccountNames>(
  accounts: readonly Account[],
  name: string,
): Account | undefined {
  return accounts.find(({ id }) => id === name) ?? accounts.find(({ venueId }) => venueId === name);
}

/** Both names; an account that the house does not know has just the one that was said. */
export const namesOf = (accounts: readonly AccountNames[], name: string): AccountNames =>
  accountNamed(accounts, name) ?? { id: name, venueId: name };
