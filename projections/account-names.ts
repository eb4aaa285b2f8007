/** An account has two names, ours and its venue's, and whoever says one of them means the same account: every contract asks here. */
import type { AccountRow } from './rows.ts';

type Named = Pick<AccountRow, 'id' | 'venueId'>;

/** Ours first, should a venue's id of one account be our name of another. */
export function accountNamed<Account extends Named>(accounts: readonly Account[], name: string): Account | undefined {
  return accounts.find(({ id }) => id === name) ?? accounts.find(({ venueId }) => venueId === name);
}

/** `holds`: is this name among those that somebody was given? */
export const isHeldUnder = ({ id, venueId }: Named, holds: (name: string) => boolean): boolean =>
  holds(id) || holds(venueId);
