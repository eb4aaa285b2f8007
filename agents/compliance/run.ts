/** How often in a row a trader has placed the same order within the window that ends now; bounded, whatever the limit is. */
import type { PassedOrders } from '../../controls/control.ts';
import { isSame } from '../../domain/decimal.ts';
import { heldPrice } from '../../domain/order.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { TradingLimits } from '../../messages/limits.ts';
import { counted } from './recent.ts';

type Placed = Pick<OrderTicket, 'symbol' | 'side' | 'quantity' | 'price'>;
type Placing = Placed & Pick<OrderTicket, 'orderType'>;

export interface Run extends Placed {
  /** Its orders of the window, oldest first. */
  readonly passed: readonly PassedOrders[];
}

/** Up to this limit each order has its own time; of more, stretches of time are counted, which forget a little late. */
const SINGLE_MAX = 64;
const PIECES = 20;

const goesOn = (run: Run, order: Placing): boolean =>
  run.symbol === order.symbol &&
  run.side === order.side &&
  isSame(run.quantity, order.quantity) &&
  isSame(run.price, heldPrice(order));

export function repeatsOf(run: Run | undefined, order: Placing, at: number, limits: TradingLimits | undefined): number {
  if (!run || !limits?.repeats || !goesOn(run, order)) return 0;
  const since = at - limits.repeats.windowMs;
  return run.passed.reduce((sum, piece) => (piece.at > since ? sum + piece.count : sum), 0);
}

/** Undefined while nothing is counted. */
export function nextRun(
  run: Run | undefined,
  order: Placing,
  at: number,
  limits: TradingLimits | undefined,
): Run | undefined {
  if (!limits?.repeats) return undefined;
  const { max, windowMs } = limits.repeats;
  const { symbol, side, quantity } = order;
  const before = run && goesOn(run, order) ? run.passed : [];
  const passed = counted(before, at, windowMs, max <= SINGLE_MAX ? 1 : windowMs / PIECES);
  // Exits pass beyond the limit: more than it tells nothing.
  return { symbol, side, quantity, price: heldPrice(order), passed: passed.slice(-max) };
}
