/** A trader owns one account, named after it. Accounts of other names have no trader of this house. */
const PREFIX = 'acct-';

export const accountOf = (traderId: string): string => `${PREFIX}${traderId}`;
export const traderOf = (accountId: string): string | undefined =>
  accountId.startsWith(PREFIX) ? accountId.slice(PREFIX.length) : undefined;
