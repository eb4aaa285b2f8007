/**
 * What becomes of differences: one seen alike by all looks for `CONFIRM_MS` is a finding, all others wait to be seen again. Pure.
 * Invariant: news that are still under way never make a finding, because they change the difference or make it go away in that time.
 */
import { minus } from '../../domain/decimal.ts';
import type {
  BooksCompared,
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

export function findingsOf(
  compared: Pick<BooksCompared, 'orders' | 'positions' | 'external'> & Look,
  seen: Suspects,
  announced: readonly ExternalOrder[],
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
  const open = new Set(compared.external.map(({ clientOrderId }) => clientOrderId));
  return { orders, positions, external, gone: announced.filter((order) => !open.has(order.clientOrderId)), suspects };
}
