/** How often in a row a trader has placed the same order: one small counter, whatever the limit is. */
import { compare } from '../../domain/decimal.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { TradingLimits } from '../../messages/limits.ts';

type Placed = Pick<OrderTicket, 'symbol' | 'side' | 'quantity' | 'price'>;

export interface Run extends Placed {
  readonly since: number;
  readonly count: number;
}

const isSame = (a: string, b: string): boolean => a === b || compare(a, b) === 0;

function goesOn(run: Run | undefined, order: Placed, at: number, limits: TradingLimits | undefined): run is Run {
  if (!run || !limits?.repeats || run.symbol !== order.symbol || run.side !== order.side) return false;
  return (
    at - run.since < limits.repeats.windowMs && isSame(run.quantity, order.quantity) && isSame(run.price, order.price)
  );
}

export const repeatsOf = (
  run: Run | undefined,
  order: Placed,
  at: number,
  limits: TradingLimits | undefined,
): number => (goesOn(run, order, at, limits) ? run.count : 0);

/** Undefined while nothing is counted. */
export function nextRun(
  run: Run | undefined,
  order: Placed,
  at: number,
  limits: TradingLimits | undefined,
): Run | undefined {
  if (!limits?.repeats) return undefined;
  if (goesOn(run, order, at, limits)) return { ...run, count: run.count + 1 };
  const { symbol, side, quantity, price } = order;
  return { symbol, side, quantity, price, since: at, count: 1 };
}
