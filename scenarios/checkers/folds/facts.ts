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

const TYPES: Readonly<Record<Fact['type'], true>> = {
  'account.opened': true,
  'approval.requested': true,
  'approval.repriced': true,
  'approval.decided': true,
  'equity.day-opened': true,
  'equity.peaked': true,
  'limits.changed': true,
  'order.submitted': true,
  'order.held': true,
  'order.intended': true,
  'order.sent': true,
  'order.working': true,
  'order.cancel-requested': true,
  'order.unresolved': true,
  'order.lookup-requested': true,
  'order.filled': true,
  'order.ended': true,
  'quota.warned': true,
  'trader.created': true,
  'trader.winding-down': true,
  'trader.reactivated': true,
  'trader.terminated': true,
  'trading.halted': true,
  'trading.resumed': true,
};
const FACTS: ReadonlySet<string> = new Set(Object.keys(TYPES));

/** False: no fold would make anything of a record of this type. */
export const isFact = (type: string): boolean => FACTS.has(type);
export const factOf = (record: CheckedRecord): Fact => record.message as Fact;
/** When it happened, in market time. */
export const happenedAt = (record: CheckedRecord): number => record.message.at ?? record.recordedAt;
export const orderIdOf = (fact: OrderFact): string => ('ticket' in fact ? fact.ticket.orderId : fact.orderId);
