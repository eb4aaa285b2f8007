/**
 * What the gates must say of an order, from what was recorded of it when it was submitted: written from the rules of docs/CONTROLS.md
 * alone. A code that must be said, codes that cannot be, and codes of which records do not tell enough.
 */
import { exact } from '../../domain/decimal.ts';
import type { DenialCode } from '../../domain/denial.ts';
import { findInstrument, multiplierOf } from '../../domain/instrument.ts';
import type { InstrumentLimits, TradingLimits } from '../../messages/limits.ts';
import type { OrderSubmitted } from '../../messages/order.ts';

/** What was true from the submission to the decision; `sometimes`: it changed meanwhile, so that either answer is right. */
export type Throughout = 'always' | 'never' | 'sometimes';

export interface Circumstances {
  readonly halted: Throughout;
  readonly inactive: Throughout;
  readonly limits: TradingLimits | undefined;
  /** Somebody changed the limits between submission and decision. */
  readonly limitsMoved: boolean;
  /** It is asked again after an approval: at a price of that moment, which no record tells. */
  readonly isAgain?: boolean;
  /** When its gates said no: a gate that was away meanwhile has looked at an older quote. Market time; absent: at the submission. */
  readonly decidedAt?: number;
}

/** Where controls say that a limit is missing: that of the rate, the first there is; an instrument's; an account's; a trader's quota. */
const MISSING = ['rate', 'instrument', 'account', 'quota'] as const;
type Place = DenialCode | (typeof MISSING)[number];

/** The order in which gates and their controls are asked. */
const ASKED: readonly Place[] = [
  'HALTED',
  'TRADER_INACTIVE',
  'INSTRUMENT_NOT_PERMITTED',
  'QUANTITY_STEP',
  'PRICE_TICK',
  'MARKET_CLOSED',
  'VARIANCE_NOT_PERMITTED',
  'rate',
  'ORDER_RATE',
  'DUPLICATE_ORDER',
  'REPEATED_ORDER',
  'NOT_AN_EXIT',
  'REDUCING_ONLY',
  'MAX_POSITION_SIZE',
  'STALE_DATA',
  'instrument',
  'PRICE_COLLAR',
  'ORDER_VALUE',
  'ORDER_VOLUME',
  'SLICED_ORDER',
  'SELF_MATCH',
  'POSITION_LIMIT',
  'account',
  'EXPOSURE_LIMIT',
  'INSUFFICIENT_FUNDS',
  'MARGIN_LIMIT',
  'quota',
  'QUOTA_TRADES',
  'QUOTA_VOLUME',
  'QUOTA_BUDGET',
];

export interface GateForecast {
  /** The gates must say no, with this code or one that is asked for before it. */
  readonly must: DenialCode | undefined;
  /** Where that is asked; undefined with `must`. */
  readonly mustAt: Place | undefined;
  /** What would be wrong. */
  readonly mustNot: ReadonlySet<Place>;
}

const DATE_OF_A_CONTRACT = /[FGHJKMNQUVXZ]\d{1,2}$/;

const isMissing = (place: Place): place is (typeof MISSING)[number] => MISSING.some((missing) => missing === place);

/** `at` is the market time of the submission. */
export function forecast(submitted: OrderSubmitted, at: number, given: Circumstances): GateForecast {
  const { ticket } = submitted;
  const broken = new Map<Place, boolean>();
  const { limits, limitsMoved, halted, inactive, isAgain = false } = given;
  if (halted !== 'sometimes') broken.set('HALTED', halted === 'always' && !ticket.exit);
  if (inactive !== 'sometimes') broken.set('TRADER_INACTIVE', inactive === 'always' && !ticket.exit);
  // Whoever is active has a quota.
  if (inactive === 'never' || ticket.exit) broken.set('quota', false);
  const instrument = findInstrument(ticket.symbol);
  const account = limits?.accounts[ticket.accountId] ?? limits?.accounts.default;
  const permitted = account?.instruments;
  const names = [ticket.symbol, `class:${instrument?.assetClass}`];
  const isOffList = permitted !== undefined && !names.some((name) => permitted.includes(name));
  if (!instrument || !limitsMoved) broken.set('INSTRUMENT_NOT_PERMITTED', !instrument || (isOffList && !ticket.exit));
  if (instrument) {
    const isOff = (value: string | undefined, step: string) =>
      !exact(value ?? '0')
        .mod(step)
        .isZero() && !ticket.exit;
    const limit = ticket.orderType === 'limit' ? ticket.price : undefined;
    broken.set('QUANTITY_STEP', isOff(ticket.quantity, instrument.quantityStep));
    broken.set('PRICE_TICK', isOff(limit, instrument.tickSize) || isOff(ticket.stopPrice, instrument.tickSize));
  }
  if (!ticket.exit) broken.set('NOT_AN_EXIT', false);
  if (!ticket.variance) broken.set('VARIANCE_NOT_PERMITTED', false);
  if (!limitsMoved) {
    broken.set('rate', !limits && !ticket.exit);
    const series = ticket.symbol.replace(DATE_OF_A_CONTRACT, '');
    const [own] = [ticket.symbol, series, names[1]!].flatMap((name) => limits?.instruments[name] ?? []);
    broken.set('instrument', !own && !ticket.exit);
    broken.set('account', !account && !ticket.exit);
    if (limits && !isAgain) marketBreaks(submitted, at, given.decidedAt ?? at, limits.quoteAgeMaxMs, broken);
    if (own && !isAgain) priceBreaks(submitted, own, broken);
    if (own) broken.set('ORDER_VOLUME', !ticket.exit && exact(ticket.quantity).greaterThan(own.orderVolumeMax));
  }
  const mustAt = ASKED.find((place) => broken.get(place) === true);
  return {
    must: mustAt && (isMissing(mustAt) ? 'NO_LIMIT_CONFIGURED' : mustAt),
    mustAt,
    mustNot: new Set([...broken].filter(([, is]) => !is).map(([place]) => place)),
  };
}

function marketBreaks(
  { ticket, quote }: OrderSubmitted,
  at: number,
  decidedAt: number,
  ageMaxMs: number,
  broken: Map<Place, boolean>,
) {
  // Gates ask their own clock, which may have been put forward or back since.
  const isSane =
    quote !== undefined && !quote.doubted && Number(quote.bid) > 0 && Number(quote.ask) >= Number(quote.bid);
  const ages = [at, decidedAt].map((then) => (quote ? then - quote.at : Number.POSITIVE_INFINITY));
  const [youngest, oldest] = [Math.min(...ages), Math.max(...ages)];
  // Within a second of a bound the gate's own moment decides. What is ahead of the clock is no fresher than what is behind it.
  if (!isSane || youngest > ageMaxMs || oldest < -ageMaxMs) broken.set('STALE_DATA', !ticket.exit);
  else if (oldest < ageMaxMs - 1_000 && youngest > 1_000 - ageMaxMs) broken.set('STALE_DATA', false);
}

function priceBreaks({ ticket, amount, quote }: OrderSubmitted, own: InstrumentLimits, broken: Map<Place, boolean>) {
  if (quote) {
    const met = ticket.side === 'buy' ? quote.ask : quote.bid;
    const distance = exact(ticket.orderType === 'market' ? met : ticket.price)
      .minus(quote.last)
      .abs();
    broken.set('PRICE_COLLAR', !ticket.exit && distance.greaterThan(exact(quote.last).times(own.collarRatio)));
  } else broken.set('PRICE_COLLAR', false);
  const atBid =
    quote && ticket.side === 'sell' ? exact(quote.bid).times(ticket.quantity).times(multiplierOf(ticket.symbol)) : 0;
  const isTooLarge = exact(amount).greaterThan(own.orderValueMax) || exact(own.orderValueMax).lessThan(atBid);
  broken.set('ORDER_VALUE', !ticket.exit && isTooLarge);
}

/** Why a denial with `code` is no right answer to the forecast; undefined when it is one. */
export function contradicts({ must, mustAt, mustNot }: GateForecast, code: DenialCode): string | undefined {
  const places: readonly Place[] = code === 'NO_LIMIT_CONFIGURED' ? MISSING : [code];
  const possible = places.filter((place) => !mustNot.has(place));
  if (possible.length === 0) return `nothing that is recorded breaks ${code}`;
  if (mustAt === undefined || !possible.every((place) => ASKED.includes(place))) return undefined;
  const isInTime = possible.some((place) => ASKED.indexOf(place) <= ASKED.indexOf(mustAt));
  return isInTime ? undefined : `${must} is asked before it`;
}
