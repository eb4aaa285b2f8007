/** The orders agent's rows against the records: one row for each open order, none for any other. */
import { text } from '../../../domain/decimal.ts';
import type { Report, Rest } from '../checker.ts';
import type { FoldedOrder, OrdersFold, Stage } from '../folds/orders.ts';
import { compareFields, type Fields, fieldsOf, statesOf } from '../folds/rows.ts';

/** Where an order may be that was last told to be in a stage: what leaves no record is a question under way, and its answer. */
const AT_VENUE = ['working', 'canceling', 'unresolved', 'asking'];
const PLACES: Readonly<Record<Stage, readonly string[]>> = {
  gating: ['gating', 'held'],
  held: ['held'],
  intended: ['intended', 'asking'],
  sent: ['sending', ...AT_VENUE],
  working: AT_VENUE,
  canceling: AT_VENUE,
  unresolved: AT_VENUE,
  ended: [],
};

/** `gating` for `{gating: 'risk'}`. */
export const placeOf = ({ value }: Fields): string =>
  typeof value === 'string' ? value : (Object.keys(fieldsOf(value))[0] ?? '');

export function compareOrders(rest: Rest, orders: OrdersFold, report: Report): void {
  const states = statesOf(rest, 'orders');
  for (const orderId of orders.open.keys()) compareOrderOf(orderId, orders, states.get(orderId), report);
  for (const [orderId, state] of states)
    if (orderId !== '' && !orders.open.has(orderId)) compareOrderOf(orderId, orders, state, report);
}

/** Of one order; without a state it has no row. */
export function compareOrderOf(
  orderId: string,
  { open, all }: OrdersFold,
  state: Fields | undefined,
  report: Report,
): void {
  const order = open.get(orderId);
  if (order && state) compareOrder(orderId, order, state, report);
  else if (order) report(`order ${orderId} is ${order.stage}, and has no row`);
  else if (state) report(`order ${orderId} has a row, and ${all.has(orderId) ? 'has ended' : 'was never submitted'}`);
}

function compareOrder(orderId: string, order: FoldedOrder, state: Fields, report: Report): void {
  const place = placeOf(state);
  if (!PLACES[order.stage].includes(place)) report(`order ${orderId} is ${place}, the records say ${order.stage}`);
  const context = fieldsOf(state.context);
  const { requestId } = order;
  const expected = {
    ticket: order.ticket,
    // An approval may bring a new price, and with it another amount and new answers of the gates.
    ...(order.requestId === undefined && { amount: order.amount }),
    ...(order.stage !== 'gating' && { gates: order.gates, approvedBy: order.approvedBy ?? null }),
    filledQuantity: text(order.filled),
    averagePrice: order.averagePrice,
    commission: text(order.commission),
    executions: order.executions,
    submittedAt: order.submittedAt,
    executedAt: order.executedAt ?? null,
    endedAt: null,
    end: null,
    attempts: order.intents,
    lookups: order.lookups,
    accepted: order.accepted,
  };
  compareFields(`order ${orderId}`, expected, context, report);
  const request = fieldsOf(context.request);
  if (request.requestId !== requestId)
    report(`order ${orderId} has the request ${request.requestId}, the records say ${requestId}`);
}
