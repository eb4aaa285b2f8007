/**
 * What becomes of differences: one seen twice in a row alike is a finding, all others wait to be seen again. Pure. Invariant: news
 * that are still under way never make a finding, because they change the difference or make it go away.
 */
import { minus } from '../../domain/decimal.ts';
import type {
  BooksCompared,
  ExternalOrder,
  OrderDifference,
  PositionDifference,
} from '../../messages/reconciliation.ts';

/** What was seen in the last comparison, by what it is about: how it differed. */
export type Suspects = Readonly<Record<string, string>>;

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
  suspects: Record<string, string>,
) {
  const found: Difference[] = [];
  for (const { difference, name, how } of sightings) {
    if (seen[name] === how && found.length < FINDINGS_MAX) found.push(difference);
    else if (Object.keys(suspects).length < 3 * FINDINGS_MAX) suspects[name] = how;
  }
  return found;
}

export function findingsOf(
  compared: Pick<BooksCompared, 'orders' | 'positions' | 'external'>,
  seen: Suspects,
  announced: readonly ExternalOrder[],
): Findings {
  const suspects: Record<string, string> = {};
  const orders = split(
    compared.orders.map((difference) => ({ difference, name: `order ${difference.orderId}`, how: difference.what })),
    seen,
    suspects,
  );
  const positions = split(
    compared.positions.map((difference) => ({
      difference,
      name: `position ${difference.accountId} ${difference.symbol}`,
      how: minus(difference.venueQuantity, difference.ownQuantity),
    })),
    seen,
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
    suspects,
  );
  const open = new Set(compared.external.map(({ clientOrderId }) => clientOrderId));
  return { orders, positions, external, gone: announced.filter((order) => !open.has(order.clientOrderId)), suspects };
}
