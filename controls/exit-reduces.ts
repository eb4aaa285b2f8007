/** Holds exits to their word. Invariant: whatever of the working orders fills, an exit never opens or turns a position. */
import { absolute, compare, exact, max, minus } from '../domain/decimal.ts';
import type { Side } from '../domain/order.ts';
import type { Control, Exposure } from './control.ts';
import { deny, unknown } from './deny.ts';

/** How much an order on `side` can close, whatever of the working ones fills. Quantity as decimal text. */
export function closable({ position, workingBuy, workingSell }: Exposure, side: Side): string {
  const held = exact(position);
  const onOtherSide = side === 'sell' ? held.greaterThan(0) : held.lessThan(0);
  return onOtherSide ? max('0', minus(absolute(position), side === 'sell' ? workingSell : workingBuy)) : '0';
}

export const exitReduces: Control = {
  name: 'exit-reduces',
  codes: ['NOT_AN_EXIT', 'GATE_UNAVAILABLE'],
  class: 'limit',
  gate: 'risk',
  settings: [],
  appliesToExits: true,
  rule:
    'An order marked as exit passes halts, limits and quotas, so it must only reduce: opposite to the position, and no ' +
    'larger than what the orders already working on its side leave of it. Example: long 100 with a sell of 60 working, ' +
    'an exit of 40 passes and one of 41 does not.',
  decide({ exposure, ticket }) {
    if (!ticket.exit) return undefined;
    if (!exposure) return unknown('position of the account');
    const working = ticket.side === 'sell' ? exposure.workingSell : exposure.workingBuy;
    const room = closable(exposure, ticket.side);
    if (compare(ticket.quantity, room) <= 0) return undefined;
    return deny(
      'NOT_AN_EXIT',
      'limit',
      `To ${ticket.side} ${ticket.quantity} ${ticket.symbol} does not only reduce the position of ${exposure.position}: ` +
        `${room} can still be closed, ${working} are working.`,
      { position: exposure.position, working, closable: room, requested: ticket.quantity },
    );
  },
};
