/** A trader owns one account, named after it. Accounts of other names were opened by the house, for people, bots and runs. */
const PREFIX = 'acct-';

export const accountOf = (traderId: string): string => `${PREFIX}${traderId}`;
export const traderOf = (accountId: string): string | undefined =>
  accountId.startsWith(PREFIX) ? accountId.slice(PREFIX.length) : undefined;

/** Bots and runs trade on accounts that the house has opened, several of them on one: what stands there is not theirs alone. */
export const hasOwnAccount = ({ id, accountId }: { readonly id: string; readonly accountId: string }): boolean =>
  accountId === accountOf(id);

/** Where an account is known outside: a broker of futures, a MetaTrader server, or this house alone. */
export const ACCOUNT_VENUES = ['tradovate', 'mt4', 'house'] as const;
export type AccountVenue = (typeof ACCOUNT_VENUES)[number];

/** Whose rules the account is held to: those of the prop firm Apex, or our own. */
export const ACCOUNT_PACKS = ['apex', 'house'] as const;
export type AccountPack = (typeof ACCOUNT_PACKS)[number];
