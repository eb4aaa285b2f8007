/** Accounts: opened, what they hold and how they did. A trader's own account is opened by the trader's creation. */
import { z } from 'zod';
import { ACCOUNT_PACKS, ACCOUNT_VENUES } from '../domain/account.ts';
import { decimalText, safeText } from './common.ts';
import { command, fact, query, reply } from './define.ts';

const account = {
  accountId: safeText,
  userId: safeText,
  name: safeText,
  venue: z.enum(ACCOUNT_VENUES),
  /** The venue's own id of the account. */
  venueId: safeText,
  currency: z.literal('USD'),
  pack: z.enum(ACCOUNT_PACKS),
  /** In account currency. */
  deposit: decimalText,
  /** What the venue lends, as a factor that bounds the buying power beside the limit; null where the margin of each instrument says it. */
  leverage: z.number().nullable(),
};
export const accountTerms = z.object(account);
export type AccountTerms = z.infer<typeof accountTerms>;

/** Once an account: who opens it again changes nothing and deposits nothing. */
export const AccountOpen = command('account.open', { ...account, by: safeText }, { reply: 'account.answered' });
export type AccountOpen = z.infer<typeof AccountOpen.schema>;
export const AccountAnswered = reply('account.answered', {
  accountId: z.string(),
  outcome: z.enum(['opened', 'open-already']),
});
export type AccountAnswered = z.infer<typeof AccountAnswered.schema>;
/** From now on a trader that is made on this account deposits nothing. */
export const AccountOpened = fact('account.opened', { ...account, by: safeText });
export type AccountOpened = z.infer<typeof AccountOpened.schema>;

export const positionView = z.object({
  symbol: z.string(),
  quantity: decimalText,
  averagePrice: decimalText,
  currentPrice: decimalText,
  unrealizedPnl: decimalText,
  realizedPnl: decimalText,
});
export type PositionView = z.infer<typeof positionView>;

/**
 * Valued at the newest quotes; `equity` = cash + market value. `requestId` comes back with the answer, so that an asker with
 * many entities knows which of them asked.
 */
export const PortfolioGet = query(
  'portfolio.get',
  { accountId: z.string(), requestId: z.string().optional() },
  { reply: 'portfolio.answered' },
);
export type PortfolioGet = z.infer<typeof PortfolioGet.schema>;
export const PortfolioAnswered = reply('portfolio.answered', {
  accountId: z.string(),
  requestId: z.string().optional(),
  found: z.boolean(),
  cash: decimalText,
  equity: decimalText,
  unrealizedPnl: decimalText,
  realizedPnl: decimalText,
  positions: z.array(positionView),
});
export type PortfolioAnswered = z.infer<typeof PortfolioAnswered.schema>;

/** Figures are numbers or null where the sample is too small; definitions in docs/GLOSSARY.md. */
export const PerformanceGet = query('performance.get', { accountId: z.string() }, { reply: 'performance.answered' });
export type PerformanceGet = z.infer<typeof PerformanceGet.schema>;
export const PerformanceAnswered = reply('performance.answered', {
  accountId: z.string(),
  found: z.boolean(),
  closedTrades: z.number(),
  winRate: z.number().nullable(),
  profitFactor: z.number().nullable(),
  realizedPnl: decimalText,
  maxDrawdownRatio: z.number(),
  sharpe: z.number().nullable(),
  sortino: z.number().nullable(),
});
export type PerformanceAnswered = z.infer<typeof PerformanceAnswered.schema>;

export const accountMessages = [
  AccountOpen,
  AccountAnswered,
  AccountOpened,
  PortfolioGet,
  PortfolioAnswered,
  PerformanceGet,
  PerformanceAnswered,
];
