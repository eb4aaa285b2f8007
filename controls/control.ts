/**
 * A control is one file: what it limits, what it needs to know, how it decides, how it explains. Pure. It fails closed: what it
 * needs and does not have is a denial. Configuration and docs/CONTROLS.md are generated from the list in controls/all.ts.
 */
import type { Denial, DenialClass, DenialCode } from '../domain/denial.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { OrderTicket, QuoteView } from '../messages/common.ts';
import type { Halt } from '../messages/halt.ts';
import type { InstrumentLimits, TradingLimits } from '../messages/limits.ts';

/** What is known of an account before this order; decimal text; working quantities are what other open orders may still fill. */
export interface Exposure {
  /** Signed position in the order's symbol. */
  readonly position: string;
  readonly workingBuy: string;
  readonly workingSell: string;
  /** Gross value of all positions and working orders of the account before this order, in account currency. */
  readonly gross: string;
  /** The same with this order among the working ones. */
  readonly grossWithOrder: string;
  /** Value of the position in the order's symbol if all working orders on its side and the order itself fill. */
  readonly sideValueWithOrder: string;
  /** Where the account's own working orders against this one reach: the lowest sale for a buy, the highest buy for a sale; no stops, and for a market order no others. */
  readonly opposing?: string | undefined;
}

/** Initial margin of all positions and working orders, in account currency: without this order, and with it. */
export interface TiedMargin {
  readonly before: string;
  readonly withOrder: string;
}

/** What has passed since an order of the same account, symbol and side was refused for its size. */
export interface Slices {
  readonly quantity: string;
  readonly amount: string;
}

export interface RecentOrder {
  readonly at: number;
  readonly symbol: string;
  readonly side: string;
  readonly quantity: string;
  /** As `heldPrice` tells it. */
  readonly price: string;
}

/** How many orders of a trader passed in a short stretch of time; `at` is that of the newest. */
export interface PassedOrders {
  readonly at: number;
  readonly count: number;
}

export interface OrderContext {
  readonly ticket: OrderTicket;
  /** Quantity × price × multiplier; the larger of stated and market price for a market order. */
  readonly amount: string;
  readonly at: number;
  readonly quote: QuoteView | undefined;
  readonly instrument: Instrument | undefined;
  readonly limits: TradingLimits | undefined;
  readonly instrumentLimits: InstrumentLimits | undefined;
  /** Present for the halt gate. */
  readonly halts?: readonly Halt[] | undefined;
  /** Present for compliance. */
  readonly trader?: { readonly status: 'active' | 'winding-down' | 'terminated' } | undefined;
  /** What compliance has let pass: single orders for duplicates, counts for the rate. */
  readonly recent?: readonly RecentOrder[] | undefined;
  readonly passed?: readonly PassedOrders[] | undefined;
  /** How many orders just like this one have passed in a row, nothing else between them. */
  readonly repeats?: number | undefined;
  /** Present for risk. */
  readonly exposure?: Exposure | undefined;
  /** Present for risk when the account's trader has set one: the trader's own largest position in USD. */
  readonly maxPositionSize?: string | undefined;
  /** The halt under which only reduction passes, if one covers the order. */
  readonly reducing?: Halt | undefined;
  /** Deposits and realised profit less commission; undefined: nobody has opened the account. */
  readonly funds?: string | undefined;
  /** What the account's venue lends, as a factor; undefined where nobody has said. */
  readonly leverage?: string | undefined;
  /** Present for risk where the account has a limit on it. */
  readonly margin?: TiedMargin | undefined;
  readonly slices?: Slices | undefined;
}

export interface Control {
  /** Lower-case name with dashes, the same as the file's. */
  readonly name: string;
  readonly codes: readonly DenialCode[];
  readonly class: DenialClass;
  readonly gate: 'halt' | 'compliance' | 'risk';
  /** Which settings it reads, as paths into `TradingLimits`, for the generated docs. */
  readonly settings: readonly string[];
  /** Does it hold for exits too? */
  readonly appliesToExits: boolean;
  /** One paragraph for docs/CONTROLS.md: the rule, its source, an example. */
  readonly rule: string;
  decide(context: OrderContext): Denial | undefined;
}
