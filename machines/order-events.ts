/** The order machine's messages: what it takes and what it says. */

import type { ApprovalRecall, ApprovalRecalled } from '../messages/approval.ts';
import type { QuoteView } from '../messages/common.ts';
import type { OversightReview, QuotaReserve } from '../messages/gate.ts';
import type { TradingHalted } from '../messages/halt.ts';
import type {
  GateAnswered,
  OrderAnswered,
  OrderBookLateFill,
  OrderCancel,
  OrderCancelAnswered,
  OrderCancelRequested,
  OrderDecided,
  OrderEnded,
  OrderFilled,
  OrderGet,
  OrderHeld,
  OrderIntended,
  OrderLookupRequested,
  OrderReconcile,
  OrderRelease,
  OrderSent,
  OrderSubmit,
  OrderSubmitted,
  OrderUnresolved,
  OrderWorking,
  VenueReported,
} from '../messages/order.ts';
import type { Resumed } from '../runtime/lifecycle.ts';

/** A varied order's time has come; `quote` is the market at that moment. */
export interface OrderDue {
  readonly type: 'order.due';
  readonly symbol: string;
  readonly quote?: QuoteView | undefined;
  readonly at?: number;
}

/** A halt's cancel that the venue has refused is asked for again. */
export interface OrderInsist {
  readonly type: 'order.insist';
  readonly at?: number;
}

/** What an order is told. */
export type OrderEvent =
  | OrderSubmit
  | OrderGet
  | OrderCancel
  | OrderDecided
  | ApprovalRecalled
  | OrderDue
  | OrderInsist
  | OrderReconcile
  | OrderRelease
  | OrderBookLateFill
  | VenueReported
  | GateAnswered
  | TradingHalted
  | Resumed;
/** What it says: facts, questions to gates, answers. */
export type OrderEmitted =
  | OrderSubmitted
  | OrderHeld
  | OrderIntended
  | OrderSent
  | OrderWorking
  | OrderFilled
  | OrderEnded
  | TradingHalted
  | OrderUnresolved
  | OrderCancelRequested
  | OrderLookupRequested
  | OrderAnswered
  | OrderCancelAnswered
  | QuotaReserve
  | OversightReview
  | ApprovalRecall
  | { type: 'halt.check' | 'compliance.check' | 'risk.reserve' };
