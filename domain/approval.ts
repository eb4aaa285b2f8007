/**
 * What a person is shown before an order that needs one, and how that is bound: a price band and a hash of the content. An
 * approval counts for exactly this content, and only while the market is inside the band.
 */
import { createHash } from 'node:crypto';
import { compare, type DecimalText, exact, text } from './decimal.ts';
import type { Side } from './order.ts';

interface PriceBand {
  readonly low: DecimalText;
  readonly high: DecimalText;
}

/** How far the market may move between what was shown and the decision. */
const BAND_RATIO = '0.01';

export function bandAround(price: DecimalText): PriceBand {
  const width = exact(price).times(BAND_RATIO);
  return { low: text(exact(price).minus(width)), high: text(exact(price).plus(width)) };
}

/** Both edges belong to the band. */
export function isInBand(band: PriceBand, price: DecimalText): boolean {
  return compare(band.low, price) <= 0 && compare(price, band.high) <= 0;
}

interface ApprovalContent {
  readonly traderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly band: PriceBand;
  readonly policyVersion: string;
}

/** Lower-case hex SHA-256. */
export function contentHash({ traderId, symbol, side, quantity, band, policyVersion }: ApprovalContent): string {
  const content = JSON.stringify([traderId, symbol, side, quantity, band.low, band.high, policyVersion]);
  return createHash('sha256').update(content).digest('hex');
}

/** One order has one request: the same id at every repeat. `trade-xyz789` gives `req-xyz789`. */
export function requestIdFor(orderId: string): string {
  return `req-${orderId.slice(orderId.indexOf('-') + 1)}`;
}

/** `$250,000`, `$50,000.01`. */
function dollars(amount: DecimalText): string {
  const [whole = '0', fraction] = amount.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? `$${grouped}` : `$${grouped}.${fraction.padEnd(2, '0')}`;
}

export function thresholdReason(amount: DecimalText, threshold: DecimalText): string {
  return `Trade amount (${dollars(amount)}) exceeds autonomous threshold (${dollars(threshold)})`;
}
