/** What tmt's event stream tells, message by message: the document describes it by these schemas, and who sends is held to them. */
import { z } from '@hono/zod-openapi';
import { SCOPES } from '../../messages/common.ts';
import { QuotaWarned } from '../../messages/quota.ts';

const event = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.object({ event_type: z.literal(type), timestamp: z.iso.datetime(), source: z.string(), data });

const direction = z.enum(['LONG', 'SHORT']);
const order = { trade_id: z.string(), account_id: z.string(), instrument: z.string() };

const signal = z.object({
  ...{ signal_id: z.string(), instrument: z.string(), direction, price: z.number() },
  reasons: z.array(z.string()),
});
const fill = z.object({
  ...{ ...order, direction, size: z.number(), price: z.number(), commission: z.number() },
  complete: z.boolean().openapi({ description: 'The order has no more to come' }),
  execution_id: z.string(),
});
const halted = z.object({
  ...{ alert: z.literal('trading_halted'), stop_id: z.string(), scope: z.enum(SCOPES), reason: z.string() },
  ...{ target_id: z.string().optional(), mode: z.literal('reduce').optional() },
});
const denied = z.object({
  ...{ alert: z.literal('order_denied'), code: z.string(), message: z.string(), ...order },
  details: z.record(z.string(), z.string()),
});
const warned = z.object({
  ...{ alert: z.literal('quota_warning'), agent_id: z.string(), quota: QuotaWarned.schema.shape.quota },
  ...{ percent_used: z.number(), threshold: z.number() },
});

export const systemMessage = z.discriminatedUnion('event_type', [
  event('signal_generated', signal),
  event('trade_executed', fill),
  event('risk_alert', z.discriminatedUnion('alert', [halted, denied, warned])),
]);
export type SystemMessage = z.input<typeof systemMessage>;
