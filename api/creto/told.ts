/** What `/ws` tells the subscribers of an agent: the document describes it by these schemas, and who sends is held to them. */
import { z } from '@hono/zod-openapi';
import { QuotaWarned } from '../../messages/quota.ts';
import { trade } from './schemas.ts';

const told = <Type extends string, Shape extends z.ZodRawShape>(type: Type, data: Shape) =>
  z.object({ type: z.literal(type), data: z.object({ agentId: z.string(), ...data }) });

const { status, executedAt, cancelledAt, filledQuantity, reason } = trade.shape;

export const agentMessage = z.discriminatedUnion('type', [
  told('trade:update', { tradeId: z.string(), status, executedAt, cancelledAt, filledQuantity, reason }),
  told('oversight:request_created', { requestId: z.string(), tradeId: z.string(), reason: z.string() }),
  told('quota:warning', {
    ...{ quota: QuotaWarned.schema.shape.quota, percentUsed: z.number(), threshold: z.number() },
    message: z.string(),
  }),
  told('portfolio:update', { totalValue: z.number(), unrealizedPnL: z.number() }),
]);
export type AgentMessage = z.input<typeof agentMessage>;
export type TradeUpdate = Extract<AgentMessage, { type: 'trade:update' }>['data'];
