/** The shapes of the creto contract, field by field. Bodies are strict: an unknown field is an error. */
import { z } from '@hono/zod-openapi';
import { amountOf, pagingQuery } from '../kit/validate.ts';

const instant = z.iso.datetime();

const STRATEGIES = ['conservative', 'balanced', 'aggressive'] as const;
const RISK_TOLERANCES = ['low', 'medium', 'high'] as const;

const BUDGET = 'Budget must be between $1,000 and $1,000,000';
const AMOUNT_MAX = 1e12;
const positive = (name: string) =>
  amountOf(
    z
      .number()
      .gt(0, `${name} must be greater than 0`)
      .max(AMOUNT_MAX, `${name} must not be greater than ${AMOUNT_MAX}`),
    name,
  );

const requiredText = (name: string, max: number) =>
  z.string().trim().min(1, `${name} must not be empty`).max(max, `${name} must not be longer than ${max} characters`);

export const createAgentRequest = z
  .strictObject({
    name: requiredText('Name', 200).normalize('NFC'),
    type: z.literal('trading', 'Type must be trading'),
    config: z.strictObject({
      budget: amountOf(z.number().min(1_000, BUDGET).max(1_000_000, BUDGET), 'Budget'),
      strategy: z.enum(STRATEGIES, `Strategy must be one of ${STRATEGIES.join(', ')}`).default('balanced'),
      riskTolerance: z
        .enum(RISK_TOLERANCES, `Risk tolerance must be one of ${RISK_TOLERANCES.join(', ')}`)
        .default('medium'),
      maxPositionSize: positive('Max position size').optional(),
    }),
    userId: requiredText('User id', 200),
  })
  .openapi('CreateAgent');

export const submitTradeRequest = z
  .strictObject({
    symbol: requiredText('Symbol', 40),
    side: z.enum(['buy', 'sell'], 'Side must be buy or sell'),
    quantity: positive('Quantity').openapi({
      description:
        'A whole multiple of what the market trades in: 1 contract of a future, 1 unit of a pair, parts of shares and coins',
    }),
    price: positive('Price').openapi({ description: 'Of a limit order: on the tick. Of a market order: any' }),
    type: z.enum(['market', 'limit'], 'Type must be market or limit'),
  })
  .openapi('SubmitTrade');

export const approveRequest = z.strictObject({ comment: z.string().max(2_000).optional() }).openapi('Approve');
const REASON_LENGTH = 'Reason must be at least 10 characters';
export const rejectRequest = z
  .strictObject({ reason: z.string().trim().min(10, REASON_LENGTH).max(2_000) })
  .openapi('Reject');

const agentFields = {
  id: z.string(),
  name: z.string(),
  type: z.literal('trading'),
  status: z.enum(['active', 'terminated']),
  createdAt: instant,
};

export const agent = z
  .object({
    ...agentFields,
    config: z.object({
      budget: z.number(),
      strategy: z.string(),
      riskTolerance: z.string(),
      maxPositionSize: z.number().optional(),
    }),
    userId: z.string(),
    updatedAt: instant,
  })
  .openapi('Agent');

export const agentDetails = agent
  .extend({
    portfolio: z.object({
      totalValue: z.number(),
      positions: z.array(
        z.object({
          symbol: z.string(),
          quantity: z.number(),
          averagePrice: z.number(),
          currentPrice: z.number(),
          unrealizedPnL: z.number(),
        }),
      ),
    }),
  })
  .openapi('AgentDetails');

const paged = {
  total: z.number().int(),
  page: z.number().int(),
  limit: z.number().int(),
  hasMore: z.boolean(),
  nextPage: z.number().int().optional(),
};

export const agentList = z.object({ agents: z.array(z.object(agentFields)), ...paged }).openapi('AgentList');

const TRADE_STATUSES = ['pending', 'pending_approval', 'executed', 'cancelled', 'failed'] as const;
export const tradeStatus = z.enum(TRADE_STATUSES, `Status must be one of ${TRADE_STATUSES.join(', ')}`);
export type TradeStatus = z.infer<typeof tradeStatus>;

const tradeTerms = {
  symbol: z.string(),
  side: z.enum(['buy', 'sell']),
  quantity: z.number(),
  price: z.number(),
  amount: z.number(),
};

export const trade = z
  .object({
    id: z.string(),
    agentId: z.string(),
    ...tradeTerms,
    type: z.enum(['market', 'limit']),
    status: tradeStatus,
    submittedAt: instant,
    executedAt: instant.optional(),
    cancelledAt: instant.optional(),
    filledQuantity: z.number().optional().openapi({ description: 'Present when only a part was filled' }),
    reason: z.string().optional().openapi({ description: 'Why a trade failed or was cancelled' }),
  })
  .openapi('Trade');
export type Trade = z.infer<typeof trade>;

export const heldTrade = z
  .object({
    trade,
    oversightRequest: z.object({ id: z.string(), reason: z.string(), createdAt: instant }),
    message: z.string(),
  })
  .openapi('HeldTrade');

export const tradeList = z.object({ trades: z.array(trade), ...paged }).openapi('TradeList');
export const cancelledTrade = z
  .object({ id: z.string(), status: z.literal('cancelled'), cancelledAt: instant })
  .openapi('CancelledTrade');

const REQUEST_STATUSES = ['pending', 'approved', 'rejected', 'expired'] as const;

const requestFields = { id: z.string(), agentId: z.string(), tradeId: z.string() };
export const requestList = z
  .object({
    requests: z.array(
      z.object({
        ...requestFields,
        trade: z.object(tradeTerms),
        reason: z.string(),
        status: z.enum(REQUEST_STATUSES),
        createdAt: instant,
        expiresAt: instant,
        priority: z.enum(['medium', 'high']),
        contentHash: z.string(),
      }),
    ),
    ...paged,
  })
  .openapi('OversightRequestList');

export const approvedRequest = z
  .object({
    ...requestFields,
    status: z.literal('approved'),
    approvedBy: z.string(),
    approvedAt: instant,
    comment: z.string().optional(),
    executedTrade: z.object({ id: z.string(), status: tradeStatus, executedAt: instant.optional() }),
  })
  .openapi('ApprovedRequest');
export const rejectedRequest = z
  .object({
    ...requestFields,
    status: z.literal('rejected'),
    rejectedBy: z.string(),
    rejectedAt: instant,
    rejectionReason: z.string(),
    cancelledTrade,
  })
  .openapi('RejectedRequest');

export const requestsQuery = z.object({
  ...pagingQuery,
  agentId: z.string().optional(),
  status: z
    .enum([...REQUEST_STATUSES, 'all'], `Status must be one of ${REQUEST_STATUSES.join(', ')}, all`)
    .default('pending'),
});

export const PERIODS = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;
export const usageQuery = z.object({
  period: z.enum(PERIODS, `Period must be one of ${PERIODS.join(', ')}`).default('daily'),
  includeBreakdown: z.enum(['true', 'false'], 'Must be true or false').default('false'),
});

const counts = z.record(z.string(), z.number());
export const usageSummary = z
  .object({
    agentId: z.string(),
    period: z.enum(PERIODS),
    startDate: instant,
    endDate: instant,
    summary: z.object({
      totalTrades: z.number(),
      totalVolume: z.number(),
      totalFees: z.number(),
      apiCalls: z.number(),
      computeTime: z.number().openapi({ description: 'Milliseconds' }),
    }),
    breakdown: z.object({ trades: counts, bySymbol: counts, byType: counts, byStatus: counts }).optional(),
  })
  .openapi('UsageSummary');

const quotaFields = {
  limit: z.number(),
  used: z.number(),
  remaining: z.number(),
  percentUsed: z.number(),
  resetAt: instant,
};
const moneyQuota = z.object({ ...quotaFields, currency: z.literal('USD') });
export const QUOTAS = ['daily.trades', 'daily.volume', 'monthly.budget'] as const;
export type QuotaName = (typeof QUOTAS)[number];
export const quotaStatus = z
  .object({
    agentId: z.string(),
    quotas: z.object({
      daily: z.object({ trades: z.object(quotaFields), volume: moneyQuota }),
      monthly: z.object({ budget: moneyQuota }),
    }),
    warnings: z.array(
      z.object({
        type: z.enum(['approaching_limit', 'critical_limit', 'limit_exceeded']),
        quota: z.enum(QUOTAS),
        threshold: z.number(),
        message: z.string(),
      }),
    ),
  })
  .openapi('QuotaStatus');
