/** The facts that checkers know, and how they are read off a record. */
import type { AccountOpened } from '../../../messages/account.ts';
import type { ApprovalDecided, ApprovalRepriced, ApprovalRequested } from '../../../messages/approval.ts';
import type { EquityDayOpened, EquityPeaked, TradingHalted, TradingResumed } from '../../../messages/halt.ts';
import type { LimitsChanged } from '../../../messages/limits.ts';
import type {
  OrderCancelRequested,
  OrderEnded,
  OrderFilled,
  OrderHeld,
  OrderIntended,
  OrderLookupRequested,
  OrderSent,
  OrderSubmitted,
  OrderUnresolved,
  OrderWorking,
} from '../../../messages/order.ts';
import type { QuotaWarned } from '../../../messages/quota.ts';
import type {
  TraderCreated,
  TraderReactivated,
  TraderTerminated,
  TraderWindingDown,
} from '../../../messages/trader.ts';
import type { CheckedRecord } from '../checker.ts';

/** What happens to an order between its submission and its end, a fill apart. */
export type OrderStep =
  | OrderHeld
  | OrderIntended
  | OrderSent
  | OrderWorking
  | OrderCancelRequested
  | OrderUnresolved
  | OrderLookupRequested;
type OrderFact = OrderSubmitted | OrderStep | OrderFilled | OrderEnded;

export type Fact =
  | OrderFact
  | AccountOpened
  | ApprovalRequested
  | ApprovalRepriced
  | ApprovalDecided
  | TradingHalted
  | TradingResumed
  | EquityDayOpened
  | EquityPeaked
  | LimitsChanged
  | QuotaWarned
  | TraderCreated
  | TraderWindingDown
  | TraderReactivated
  | TraderTerminated;

/** Types of the records that checkers look at. */
export type TakenType =
  | Fact['type']
  | ('key.claimed' | 'key.settled' | 'order.external-found')
  | ('run.created' | 'run.changed')
  | ('agent.crashed' | 'agent.escalated' | 'agent.restarted');

export const STEP_TYPES = [
  'order.held',
  'order.intended',
  'order.sent',
  'order.working',
  'order.cancel-requested',
  'order.unresolved',
  'order.lookup-requested',
] as const satisfies readonly OrderStep['type'][];
const STEPS: ReadonlySet<string> = new Set(STEP_TYPES);
export const isStep = (fact: Fact): fact is OrderStep => STEPS.has(fact.type);
/** Every step of an order's way. */
export const ORDER_TYPES = ['order.submitted', ...STEP_TYPES, 'order.filled', 'order.ended'] as const;
const OF_ORDERS: ReadonlySet<string> = new Set(ORDER_TYPES);
export const isOfOrder = (fact: Fact): fact is OrderFact => OF_ORDERS.has(fact.type);

export const factOf = (record: CheckedRecord): Fact => record.message as Fact;
/** When it happened, in market time. */
export const happenedAt = (record: CheckedRecord): number => record.message.at ?? record.recordedAt;
export const orderIdOf = (fact: OrderFact): string => ('ticket' in fact ? fact.ticket.orderId : fact.orderId);
