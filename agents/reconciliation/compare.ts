/**
 * Holds our books against a venue's snapshot. Pure. Invariant: what moved lately, or hangs on an order about which nobody can be sure,
 * is skipped, not judged; so a difference that is told is one between two resting truths.
 */
import { compare as compareDecimals, isZero } from '../../domain/decimal.ts';
import type {
  BooksCompared,
  ExternalOrder,
  OrderDifference,
  PositionDifference,
} from '../../messages/reconciliation.ts';
import type { VenueOpenOrder, VenuePosition, VenueSnapshot } from '../venue.ts';
import type { OwnOrder, OwnPosition } from './books.ts';

export interface Books {
  readonly orders: readonly OwnOrder[];
  readonly positions: readonly OwnPosition[];
}

export interface Sides {
  /** Our books before the venue was asked, and after it has answered. */
  readonly before: Books;
  readonly after: Books;
  readonly venue: VenueSnapshot;
  /** Which unknown orders of the venue were ours once. */
  readonly ended: ReadonlySet<string>;
  /** What moved at this market time or later is not judged. */
  readonly quietBefore: number;
}

type Compared = Pick<BooksCompared, 'compared' | 'orders' | 'positions' | 'external'>;

/** The venue may have it. */
const HANDED_OVER = new Set(['sending', 'working', 'canceling', 'unresolved']);
/** The venue has said so, and nothing is asked of it just now. */
const SETTLED = new Set(['working', 'canceling']);

/** No name holds a NUL: none can be stored. */
const keyOf = (accountId: string, symbol: string): string => `${accountId}\0${symbol}`;
const byOrder = (orders: readonly OwnOrder[]) => new Map(orders.map((order) => [order.orderId, order]));

interface OrdersJudged {
  readonly differing: OrderDifference[];
  readonly judged: number;
  /** Accounts and symbols that an order makes uncertain. */
  readonly unsure: ReadonlySet<string>;
}

function judgeOrders({ before, after, venue }: Sides): OrdersJudged {
  const open = new Map(venue.orders.map((order) => [order.clientOrderId, order]));
  const [earlier, later] = [byOrder(before.orders), byOrder(after.orders)];
  const differing: OrderDifference[] = [];
  const unsure = new Set<string>();
  let judged = 0;
  for (const orderId of new Set([...earlier.keys(), ...later.keys()])) {
    const [was, is] = [earlier.get(orderId), later.get(orderId)];
    const order = is ?? was;
    if (!order || !(isHandedOver(was) || isHandedOver(is))) continue;
    const what = was && is ? difference(was, is, open.get(orderId)) : 'unsure';
    if (what !== 'same') unsure.add(keyOf(order.accountId, order.symbol));
    if (what === 'unsure') continue;
    judged += 1;
    if (what !== 'same') differing.push({ orderId, what });
  }
  return { differing, judged, unsure };
}

const isHandedOver = (order: OwnOrder | undefined): boolean => order !== undefined && HANDED_OVER.has(order.status);

function difference(
  was: OwnOrder,
  is: OwnOrder,
  venue: VenueOpenOrder | undefined,
): OrderDifference['what'] | 'same' | 'unsure' {
  if (was.status !== is.status || was.filledQuantity !== is.filledQuantity || !SETTLED.has(is.status)) return 'unsure';
  if (!venue) return 'not-open';
  return compareDecimals(venue.filledQuantity, is.filledQuantity) === 0 ? 'same' : 'fills';
}

const NOTHING = { quantity: '0', averagePrice: '0', changedAt: Number.NEGATIVE_INFINITY } as const;

function byKey<P extends VenuePosition | OwnPosition>(positions: readonly P[]): Map<string, P> {
  const found = new Map<string, P>();
  for (const position of positions) found.set(keyOf(position.accountId, position.symbol), position);
  return found;
}

/** Each once; thousands are looked at twice a minute, and hardly one is not in our newest books. */
function* keysOf(...sides: readonly ReadonlyMap<string, unknown>[]): Generator<string> {
  for (const [index, side] of sides.entries()) {
    const before = sides.slice(0, index);
    for (const key of side.keys()) if (!before.some((other) => other.has(key))) yield key;
  }
}

function judgePositions({ before, after, venue, quietBefore }: Sides, unsure: ReadonlySet<string>) {
  const [earlier, later, theirs] = [byKey(before.positions), byKey(after.positions), byKey(venue.positions)];
  const differing: [key: string, PositionDifference][] = [];
  let [judged, skipped] = [0, 0];
  for (const key of keysOf(later, earlier, theirs)) {
    const was = earlier.get(key) ?? NOTHING;
    const is = later.get(key) ?? NOTHING;
    const venueSide = theirs.get(key) ?? NOTHING;
    if (unsure.has(key) || was.quantity !== is.quantity || is.changedAt >= quietBefore) {
      skipped += 1;
      continue;
    }
    judged += 1;
    if (is.quantity === venueSide.quantity || compareDecimals(is.quantity, venueSide.quantity) === 0) continue;
    const [accountId = '', symbol = ''] = key.split('\0');
    const difference = {
      ...{ accountId, symbol, ownQuantity: is.quantity, ownAveragePrice: is.averagePrice },
      ...{ venueQuantity: venueSide.quantity, venueAveragePrice: venueSide.averagePrice },
    };
    differing.push([key, difference]);
  }
  // Few differ of thousands: only they are put in order.
  differing.sort(([a], [b]) => (a < b ? -1 : 1));
  return { differing: differing.map(([, difference]) => difference), judged, skipped };
}

/** An order that was ours a moment ago is no stranger: it ends just now. */
function strangers({ before, after, venue, ended }: Sides): readonly ExternalOrder[] {
  const ours = new Set([...before.orders, ...after.orders].map(({ orderId }) => orderId));
  return venue.orders
    .filter(({ clientOrderId, leavesQuantity }) => !ours.has(clientOrderId) && !isZero(leavesQuantity))
    .map(({ clientOrderId, accountId, symbol, side, leavesQuantity, price }) => ({
      ...{ clientOrderId, accountId, symbol, side, leavesQuantity, price },
      ours: ended.has(clientOrderId),
    }));
}

export function compareBooks(sides: Sides): Compared {
  const { differing: orders, judged, unsure } = judgeOrders(sides);
  const positions = judgePositions(sides, unsure);
  return {
    compared: { orders: judged, positions: positions.judged, skipped: positions.skipped },
    orders,
    positions: positions.differing,
    external: [...strangers(sides)],
  };
}
