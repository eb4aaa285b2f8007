/** What a committed record says to the subscribers of an agent. Denials at submission say nothing: they never were trades. */
import { compare } from '../../domain/decimal.ts';
import type { ApprovalRequested } from '../../messages/approval.ts';
import type { OrderEnded, OrderFilled, OrderHeld, OrderSent } from '../../messages/order.ts';
import type { QuotaWarned } from '../../messages/quota.ts';
import type { JournalRecord } from '../../runtime/message.ts';
import { iso } from '../kit/instant.ts';
import { quotaMessage } from './quota-figures.ts';
import type { AgentMessage, TradeUpdate } from './told.ts';
import { statusOf } from './trade-state.ts';

interface AgentEvent {
  readonly agentId: string;
  readonly message: AgentMessage;
  /** Only told when the order is among the listed ones. */
  readonly ifListed?: string;
  /** The account whose portfolio has changed. */
  readonly portfolioOf?: string;
}

type Told = ApprovalRequested | OrderHeld | OrderSent | OrderFilled | OrderEnded | QuotaWarned;

function tradeUpdate(
  tradeId: string,
  agentId: string,
  status: TradeUpdate['status'],
  more: Partial<TradeUpdate> = {},
): AgentEvent {
  return { agentId, message: { type: 'trade:update', data: { tradeId, agentId, status, ...more } } };
}

function filled(fact: OrderFilled, at: number): AgentEvent {
  const update = fact.end
    ? tradeUpdate(fact.orderId, fact.traderId, 'executed', { executedAt: iso(at) })
    : tradeUpdate(fact.orderId, fact.traderId, 'pending', { filledQuantity: Number(fact.filledQuantity) });
  return { ...update, portfolioOf: fact.accountId };
}

function ended({ orderId, traderId, end, denial, reason, filledQuantity }: OrderEnded, at: number): AgentEvent {
  const status = statusOf({ status: 'ended', end, denialCode: denial?.code ?? null });
  const why = reason ?? denial?.explanation;
  return {
    ...tradeUpdate(orderId, traderId, status, {
      ...(status === 'cancelled' && { cancelledAt: iso(at) }),
      ...(compare(filledQuantity, '0') > 0 && { filledQuantity: Number(filledQuantity) }),
      ...(why !== undefined && { reason: why }),
    }),
    ...(end === 'denied' && { ifListed: orderId }),
  };
}

export function eventOf(record: JournalRecord): AgentEvent | undefined {
  const fact = record.message as Told;
  const at = fact.at ?? record.recordedAt;
  switch (fact.type) {
    case 'order.held':
      return tradeUpdate(fact.ticket.orderId, fact.ticket.traderId, 'pending_approval');
    case 'order.sent':
      return tradeUpdate(fact.orderId, fact.traderId, 'pending');
    case 'order.filled':
      // A synthetic fill belongs to no trade.
      return fact.synthetic ? undefined : filled(fact, at);
    case 'order.ended':
      return ended(fact, at);
    case 'approval.requested': {
      const { requestId, traderId: agentId, orderId: tradeId, reason } = fact;
      return { agentId, message: { type: 'oversight:request_created', data: { requestId, agentId, tradeId, reason } } };
    }
    case 'quota.warned': {
      const { traderId: agentId, quota, percentUsed, threshold } = fact;
      const message = quotaMessage(quota, percentUsed);
      return { agentId, message: { type: 'quota:warning', data: { agentId, quota, percentUsed, threshold, message } } };
    }
    default:
      return undefined;
  }
}
