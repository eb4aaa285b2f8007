/**
 * What the gates must say of an order, from what was recorded of it when it was submitted: written from the rules of docs/CONTROLS.md
 * alone. A code that must be said, codes that cannot be, and codes of which records do not tell enough.
 */
import { exact } from '../../domain/decimal.ts';
import type { DenialCode } from '../../domain/denial.ts';
import { findInstrument } from '../../domain/instrument.ts';
import type { TradingLimits } from '../../messages/limits.ts';
import type { OrderSubmitted } from '../../messages/order.ts';

/** What was true from the submission to the decision; `sometimes`: it changed meanwhile, so that either answer is right. */
export type Throughout = 'always' | 'never' | 'sometimes';

export interface Circumstances {
  readonly halted: Throughout;
  readonly inactive: Throughout;
  readonly limits: TradingLimits | undefined;
  /** Somebody changed the limits between submission and decision. */
  readonly limitsMoved: boolean;
}

/** The order in which gates and their controls are asked. */
const ASKED: readonly DenialCode[] = [
  'HALTED',
  'TRADER_INACTIVE',
  'INSTRUMENT_NOT_PERMITTED',
  'MARKET_CLOSED',
  'VARIANCE_NOT_PERMITTED',
  'ORDER_RATE',
  'DUPLICATE_ORDER',
  'REPEATED_ORDER',
  'NOT_AN_EXIT',
  'REDUCING_ONLY',
  'MAX_POSITION_SIZE',
  'STALE_DATA',
  'PRICE_COLLAR',
  'ORDER_VALUE',
  'ORDER_VOLUME',
  'SLICED_ORDER',
  'SELF_MATCH',
  'POSITION_LIMIT',
  'EXPOSURE_LIMIT',
  'INSUFFICIENT_FUNDS',
  'QUOTA_TRADES',
  'QUOTA_VOLUME',
  'QUOTA_BUDGET',
];

export interface GateForecast {
  /** The gates must say no, with this code or one that is asked for before it. */
  readonly must: DenialCode | undefined;
  /** Codes that would be wrong. */
  readonly mustNot: ReadonlySet<DenialCode>;
}

/** `at` is the market time of the submission. */
export function forecast({ ticket, amount, quote }: OrderSubmitted, at: number, given: Circumstances): GateForecast {
  const broken = new Map<DenialCode, boolean>();
  const { limits, limitsMoved, halted, inactive } = given;
  if (halted !== 'sometimes') broken.set('HALTED', halted === 'always' && !ticket.exit);
  if (inactive !== 'sometimes') broken.set('TRADER_INACTIVE', inactive === 'always' && !ticket.exit);
  const instrument = findInstrument(ticket.symbol);
  const permitted = (limits?.accounts[ticket.accountId] ?? limits?.accounts.default)?.instruments;
  const names = [ticket.symbol, `class:${instrument?.assetClass}`];
  const isOffList = permitted !== undefined && !names.some((name) => permitted.includes(name));
  if (!instrument || !limitsMoved) broken.set('INSTRUMENT_NOT_PERMITTED', !instrument || (isOffList && !ticket.exit));
  if (!ticket.exit) broken.set('NOT_AN_EXIT', false);
  if (!ticket.variance) broken.set('VARIANCE_NOT_PERMITTED', false);
  const own = limits?.instruments[ticket.symbol] ?? limits?.instruments[`class:${instrument?.assetClass}`];
  if (!limitsMoved && limits && own) {
    const quoteAgeMs = quote ? at - quote.at : Number.POSITIVE_INFINITY;
    const isSane = quote !== undefined && Number(quote.bid) > 0 && Number(quote.ask) >= Number(quote.bid);
    // Within a second of the bound the gate's own moment decides.
    if (!isSane || quoteAgeMs > limits.quoteAgeMaxMs) broken.set('STALE_DATA', !ticket.exit);
    else if (quoteAgeMs < limits.quoteAgeMaxMs - 1_000) broken.set('STALE_DATA', false);
    if (quote && ticket.orderType !== 'market') {
      const distance = exact(ticket.price).minus(quote.last).abs();
      broken.set('PRICE_COLLAR', !ticket.exit && distance.greaterThan(exact(quote.last).times(own.collarRatio)));
    } else broken.set('PRICE_COLLAR', false);
    broken.set('ORDER_VALUE', !ticket.exit && exact(amount).greaterThan(own.orderValueMax));
    broken.set('ORDER_VOLUME', !ticket.exit && exact(ticket.quantity).greaterThan(own.orderVolumeMax));
  }
  return {
    must: ASKED.find((code) => broken.get(code) === true),
    mustNot: new Set([...broken].filter(([, is]) => !is).map(([code]) => code)),
  };
}

/** Why a denial with `code` is no right answer to the forecast; undefined when it is one. */
export function contradicts({ must, mustNot }: GateForecast, code: DenialCode): string | undefined {
  if (mustNot.has(code)) return `nothing that is recorded breaks ${code}`;
  if (must === undefined || ASKED.indexOf(code) < 0) return undefined;
  return ASKED.indexOf(code) <= ASKED.indexOf(must) ? undefined : `${must} is asked before it`;
}
