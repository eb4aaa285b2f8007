/**
 * How an order's state reads as a creto trade, from the live view as from its row. A cancelled trade that was filled in part stays
 * cancelled and says how much; what a person rejected is cancelled, what a venue or a late gate refused has failed.
 */
import type { OrderEnd } from '../../domain/order.ts';
import type { OrderStatus, OrderView } from '../../messages/common.ts';
import type { OrderRow } from '../../projections/rows.ts';
import type { OrdersFilter } from '../kit/house.ts';
import { iso } from '../kit/instant.ts';
import { oncePer } from '../kit/once-per.ts';
import type { Trade, TradeStatus } from './schemas.ts';
import { spelled } from './spelling.ts';

/** What both forms of an order know; the row's `null` and the view's absence are one. */
export interface TradeState {
  readonly id: string;
  readonly traderId: string;
  readonly symbol: string;
  readonly side: string;
  readonly quantity: string;
  readonly price: string;
  readonly orderType: string;
  readonly amount: string;
  readonly status: OrderStatus;
  readonly end: OrderEnd | null;
  readonly filledQuantity: string;
  readonly submittedAt: number;
  readonly executedAt: number | null;
  readonly endedAt: number | null;
  readonly denialCode: string | null;
  readonly reason: string | null;
}

/** Field by field: copies that are changed again cost more than the rest of an answer. */
export function fromView(view: OrderView): TradeState {
  return {
    id: view.orderId,
    traderId: view.traderId,
    symbol: view.symbol,
    side: view.side,
    quantity: view.quantity,
    price: view.price,
    orderType: view.orderType,
    amount: view.amount,
    status: view.status,
    end: view.end ?? null,
    filledQuantity: view.filledQuantity,
    submittedAt: view.submittedAt,
    executedAt: view.executedAt ?? null,
    endedAt: view.endedAt ?? null,
    denialCode: view.denial?.code ?? null,
    reason: view.reason ?? view.denial?.explanation ?? null,
  };
}

export const fromRow = (row: OrderRow): TradeState => ({ ...row, end: row.end as OrderEnd | null });

const OPEN: readonly OrderStatus[] = ['gating', 'sending', 'working', 'canceling', 'unresolved'];
const BY_END: Readonly<Record<OrderEnd, TradeStatus>> = {
  filled: 'executed',
  canceled: 'cancelled',
  expired: 'cancelled',
  denied: 'failed',
  rejected: 'failed',
  failed: 'failed',
};
const BY_PERSON = new Set(['OVERSIGHT_REJECTED', 'OVERSIGHT_EXPIRED']);

export function statusOf({ status, end, denialCode }: Pick<TradeState, 'status' | 'end' | 'denialCode'>): TradeStatus {
  if (denialCode !== null && BY_PERSON.has(denialCode)) return 'cancelled';
  if (end !== null) return BY_END[end];
  return status === 'held' ? 'pending_approval' : 'pending';
}

/** The orders that read as `status`. */
export function filterFor(status: TradeStatus): Pick<OrdersFilter, 'status' | 'end'> {
  if (status === 'pending') return { status: OPEN };
  if (status === 'pending_approval') return { status: ['held'] };
  return { end: (Object.keys(BY_END) as OrderEnd[]).filter((end) => BY_END[end] === status) };
}

export function tradeOf(state: TradeState): Trade {
  const status = statusOf(state);
  const ended = status === 'cancelled' || status === 'failed';
  const filledQuantity = Number(state.filledQuantity);
  const quantity = Number(state.quantity);
  return {
    id: state.id,
    agentId: state.traderId,
    symbol: spelled(state.symbol),
    side: state.side as Trade['side'],
    quantity,
    price: Number(state.price),
    type: state.orderType === 'limit' ? 'limit' : 'market',
    status,
    amount: Number(state.amount),
    submittedAt: iso(state.submittedAt),
    ...(status === 'executed' && state.executedAt !== null && { executedAt: iso(state.executedAt) }),
    ...(status === 'cancelled' && state.endedAt !== null && { cancelledAt: iso(state.endedAt) }),
    ...(filledQuantity > 0 && filledQuantity < quantity && { filledQuantity }),
    ...(ended && state.reason !== null && { reason: state.reason }),
  };
}

/** A row never changes, however many lists show it. */
export const tradeOfRow = oncePer((row: OrderRow): Trade => tradeOf(fromRow(row)));
