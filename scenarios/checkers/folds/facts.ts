/** The facts that checkers know. A record of any other type passes through a fold without a trace. */
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

export const factOf = (record: CheckedRecord): Fact => record.message as Fact;
/** When it happened, in market time. */
export const happenedAt = (record: CheckedRecord): number => record.message.at ?? record.recordedAt;
export const orderIdOf = (fact: OrderFact): string => ('ticket' in fact ? fact.ticket.orderId : fact.orderId);
