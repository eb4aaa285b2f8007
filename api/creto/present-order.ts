/** An order as it stands once it has filled, rests, waits for a person or has ended; as its row tells when that takes too long. */
import type { OrderView } from '../../messages/common.ts';
import type { OrderAnswered, OrderGet } from '../../messages/order.ts';
import type { OrderRow } from '../../projections/rows.ts';
import type { ApiCall } from '../kit/call.ts';
import { HouseError } from '../kit/house.ts';

export type PresentOrder = { readonly view: OrderView } | { readonly row: OrderRow };

/** What `asked` answers; when it takes too long, the row is all that is known, and without one the outcome stays unknown. */
export async function settledOrder(
  call: ApiCall,
  orderId: string,
  asked: Promise<OrderAnswered>,
): Promise<PresentOrder | undefined> {
  let late: HouseError | undefined;
  try {
    const { order } = await asked;
    if (order) return { view: order };
  } catch (error) {
    if (!(error instanceof HouseError) || error.kind !== 'timeout') throw error;
    late = error;
  }
  const row = await call.house.read.order(orderId);
  if (late && !row) throw late;
  return row && { row };
}

/** Undefined: there is no such order. */
export function presentOrder(call: ApiCall, orderId: string): Promise<PresentOrder | undefined> {
  const question: OrderGet = { type: 'order.get', orderId, wait: true };
  return settledOrder(call, orderId, call.ask<OrderAnswered>(question));
}
