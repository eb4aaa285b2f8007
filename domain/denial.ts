/**
 * Why one of our gates said no. The class decides how a contract answers (status and code), so a new control touches no
 * contract; the code names the control; numbers are decimal text or plain text for people and programs.
 */
export const DENIAL_CLASSES = [
  'limit',
  'halt',
  'data',
  'permission',
  'duplicate',
  'quota',
  'unavailable',
  /** What was asked for is no order that its market takes, whoever asks and whenever. */
  'terms',
] as const;
export type DenialClass = (typeof DENIAL_CLASSES)[number];

export const DENIAL_CODES = [
  'HALTED',
  'TRADER_INACTIVE',
  'INSTRUMENT_NOT_PERMITTED',
  'PRICE_COLLAR',
  'ORDER_VALUE',
  'ORDER_VOLUME',
  'POSITION_LIMIT',
  'EXPOSURE_LIMIT',
  'MAX_POSITION_SIZE',
  'DUPLICATE_ORDER',
  'STALE_DATA',
  'ORDER_RATE',
  'INSUFFICIENT_FUNDS',
  'NO_LIMIT_CONFIGURED',
  'QUOTA_TRADES',
  'QUOTA_VOLUME',
  'QUOTA_BUDGET',
  'OVERSIGHT_REJECTED',
  'OVERSIGHT_EXPIRED',
  'GATE_UNAVAILABLE',
  'NOT_AN_EXIT',
  'SELF_MATCH',
  'REDUCING_ONLY',
  'SLICED_ORDER',
  'REPEATED_ORDER',
  'VARIANCE_NOT_PERMITTED',
  'MARKET_CLOSED',
  'MARGIN_LIMIT',
  'QUANTITY_STEP',
  'PRICE_TICK',
] as const;
export type DenialCode = (typeof DENIAL_CODES)[number];

export interface Denial {
  readonly code: DenialCode;
  readonly class: DenialClass;
  /** One plain sentence with the numbers in it. */
  readonly explanation: string;
  readonly numbers: Readonly<Record<string, string>>;
}
