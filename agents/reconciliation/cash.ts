/**
 * Holds the cash that a venue tells of our accounts against our books: what was paid in, with realised profit, less commission. Invariant: an
 * account on which something moves, or whose orders are not settled, is skipped, not judged; nor is one that is not ours.
 */
import { absolute, compare, minus } from '../../domain/decimal.ts';
import type { CashDifference } from '../../messages/reconciliation.ts';
import type { VenueCash } from '../venue.ts';
import type { OwnBooks } from './books.ts';
import type { Books, Sides } from './compare.ts';

export interface CashJudged {
  /** Further apart than the tolerance; by account. */
  readonly differing: readonly CashDifference[];
  readonly judged: number;
  /** Accounts about which this look says nothing. */
  readonly skipped: readonly string[];
}

/** Orders as they stand in one reading, and positions that moved lately. */
function movingIn({ before, after, quietBefore }: Sides): ReadonlySet<string> {
  const stands = ({ orders }: Books) => new Map(orders.map((order) => [order.orderId, order]));
  const [earlier, later] = [stands(before), stands(after)];
  const moving = new Set<string>();
  for (const [orderId, { accountId, status, filledQuantity }] of [...earlier, ...later]) {
    const [was, is] = [earlier.get(orderId), later.get(orderId)];
    const rests = status === 'working' && was?.status === is?.status && was?.filledQuantity === filledQuantity;
    const waitsForUs = status === 'gating' || status === 'held';
    if (!waitsForUs && !(rests && is?.filledQuantity === filledQuantity)) moving.add(accountId);
  }
  for (const { accountId, changedAt } of [...before.positions, ...after.positions])
    if (changedAt >= quietBefore) moving.add(accountId);
  return moving;
}

export async function judgeCash(
  told: readonly VenueCash[],
  sides: Sides,
  { books, tolerance }: { readonly books: Pick<OwnBooks, 'funds'>; readonly tolerance: string },
  signal: AbortSignal,
): Promise<CashJudged> {
  const moving = movingIn(sides);
  const differing: CashDifference[] = [];
  const skipped: string[] = [];
  let judged = 0;
  for (const { accountId, amount } of told) {
    const own = moving.has(accountId) ? undefined : await books.funds(accountId, signal);
    if (own === undefined) {
      skipped.push(accountId);
      continue;
    }
    judged += 1;
    if (compare(absolute(minus(amount, own)), tolerance) > 0)
      differing.push({ accountId, ownAmount: own, venueAmount: amount });
  }
  differing.sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
  return { differing, judged, skipped };
}
