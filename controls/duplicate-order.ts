/** Refuses an order that repeats others of the same trader too often: a runaway sender, not a decision. */
import { isSame } from '../domain/decimal.ts';
import { heldPrice } from '../domain/order.ts';
import type { Control } from './control.ts';
import { deny, noLimit, unknown } from './deny.ts';

export const duplicateOrder: Control = {
  name: 'duplicate-order',
  codes: ['DUPLICATE_ORDER', 'NO_LIMIT_CONFIGURED', 'GATE_UNAVAILABLE'],
  class: 'duplicate',
  gate: 'compliance',
  settings: ['duplicate.max', 'duplicate.windowMs'],
  appliesToExits: false,
  rule:
    'The same trader, symbol, side, quantity and price may be repeated `max` times within `windowMs` (15c3-5(c)(1)(ii)); ' +
    'of market orders the stated price tells nothing, and is left out. Example: with 1 repeat in a second the third identical order within a second is refused.',
  decide({ at, limits, recent, ticket }) {
    if (!limits) return noLimit('limit on duplicate orders');
    if (!recent) return unknown('list of recent orders');
    const { max, windowMs } = limits.duplicate;
    const same = recent.filter(
      (order) =>
        order.at > at - windowMs &&
        order.symbol === ticket.symbol &&
        order.side === ticket.side &&
        isSame(order.quantity, ticket.quantity) &&
        isSame(order.price, heldPrice(ticket)),
    ).length;
    if (same <= max) return undefined;
    return deny(
      'DUPLICATE_ORDER',
      'duplicate',
      `The same order has passed ${same} times within ${windowMs} ms; it may be repeated ${max} times.`,
      { repeats: String(same), limit: String(max), windowMs: String(windowMs) },
    );
  },
};
