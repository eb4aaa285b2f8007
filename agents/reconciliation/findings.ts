/**
 * What becomes of differences: one seen alike by all looks for `CONFIRM_MS` is a finding, all others wait to be seen again. Pure.
 * Invariant: news that are still under way never make a finding, because they change the difference or make it go away in that time.
 */
import { minus } from '../../domain/decimal.ts';
import type {
  BooksCompared,
  CashDifference,
  ExternalOrder,
  OrderDifference,
  PositionDifference,
} from '../../messages/reconciliation.ts';

interface Suspect {
  readonly how: string;
  /** When the look that has first told it so ended: milliseconds of a clock that nobody puts forward or back. */
  readonly sinceMs: number;
}

/** What was seen in the last comparison, by what it is about. */
export type Suspects = Readonly<Record<string, Suspect>>;

/** The books were read in between. Not market time: where that is put forward, nothing has had the time to arrive. */
export type Look = Pick<BooksCompared, 'readFromMs' | 'readToMs'>;

/** Two looks so far apart tell more than one: news on their way have arrived by then. Looks for other reasons may follow each other at once. */
export const CONFIRM_MS = 5_000;

export interface Findings {
  readonly orders: readonly OrderDifference[];
  readonly positions: readonly PositionDifference[];
  /** New, or with other leaves than announced. */
  readonly external: readonly ExternalOrder[];
  /** Announced ones that are no longer open. */
  readonly gone: readonly ExternalOrder[];
  /** New, or by another amount than announced. */
  readonly cash: readonly CashDifference[];
  readonly suspects: Suspects;
}

/** Findings of one kind and comparison; the others come with the next ones. */
const FINDINGS_MAX = 100;

interface Sighting<Difference> {
  readonly difference: Difference;
  readonly name: string;
  readonly how: string;
}

function split<Difference>(
  sightings: readonly Sighting<Difference>[],
  seen: Suspects,
  { readFromMs, readToMs }: Look,
  suspects: Record<string, Suspect>,
) {
  const found: Difference[] = [];
  for (const { difference, name, how } of sightings) {
    const before = seen[name];
    const sinceMs = before?.how === how ? before.sinceMs : readToMs;
    if (readFromMs - sinceMs >= CONFIRM_MS && found.length < FINDINGS_MAX) found.push(difference);
    else if (Object.keys(suspects).length < 3 * FINDINGS_MAX) suspects[name] = { how, sinceMs };
  }
  return found;
}

export const positionName = (accountId: string, symbol: string): string => `position ${accountId} ${symbol}`;

const apart = ({ ownAmount, venueAmount }: CashDifference): string => minus(venueAmount, ownAmount);

/** What stays announced: what still differs alike or was not looked at, and what is new. */
export function announcedCash(
  before: readonly CashDifference[],
  found: readonly CashDifference[],
  told: BooksCompared['cash'],
): readonly CashDifference[] {
  if (!told) return before;
  const differing = new Map(told.differing.map((difference) => [difference.accountId, difference]));
  const kept = before.filter(({ accountId }) => differing.has(accountId) || told.skipped.includes(accountId));
  const news = new Set(found.map(({ accountId }) => accountId));
  return [...kept.filter(({ accountId }) => !news.has(accountId)), ...found];
}

export function findingsOf(
  compared: Pick<BooksCompared, 'orders' | 'positions' | 'external' | 'cash'> & Look,
  seen: Suspects,
  announced: readonly ExternalOrder[],
  announcedCash: readonly CashDifference[],
): Findings {
  const suspects: Record<string, Suspect> = {};
  const orders = split(
    compared.orders.map((difference) => ({ difference, name: `order ${difference.orderId}`, how: difference.what })),
    seen,
    compared,
    suspects,
  );
  const positions = split(
    compared.positions.map((difference) => ({
      difference,
      name: positionName(difference.accountId, difference.symbol),
      how: minus(difference.venueQuantity, difference.ownQuantity),
    })),
    seen,
    compared,
    suspects,
  );
  const known = new Map(announced.map((order) => [order.clientOrderId, order.leavesQuantity]));
  const external = split(
    compared.external
      .filter(({ clientOrderId, leavesQuantity }) => known.get(clientOrderId) !== leavesQuantity)
      .map((difference) => ({
        difference,
        name: `external ${difference.clientOrderId}`,
        how: difference.leavesQuantity,
      })),
    seen,
    compared,
    suspects,
  );
  const knownCash = new Map(announcedCash.map((difference) => [difference.accountId, apart(difference)]));
  const cash = split(
    (compared.cash?.differing ?? [])
      .filter((difference) => knownCash.get(difference.accountId) !== apart(difference))
      .map((difference) => ({ difference, name: `cash ${difference.accountId}`, how: apart(difference) })),
    seen,
    compared,
    suspects,
  );
  const open = new Set(compared.external.map(({ clientOrderId }) => clientOrderId));
  const gone = announced.filter((order) => !open.has(order.clientOrderId));
  return { orders, positions, external, gone, cash, suspects };
}
