/** Accounts, what they hold and how they did. */
import { z } from 'zod';
import { decimalText } from './common.ts';
import { query, reply } from './define.ts';

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

export const accountMessages = [PortfolioGet, PortfolioAnswered, PerformanceGet, PerformanceAnswered];
