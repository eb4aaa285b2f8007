/** Holds exits to their word. Invariant: whatever of the working orders fills, an exit never opens or turns a position. */
import { absolute, compare, exact, max, minus, text } from '../domain/decimal.ts';
import type { Control } from './control.ts';
import { deny, unknown } from './deny.ts';

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
    const sells = ticket.side === 'sell';
    const held = exact(exposure.position);
    const working = sells ? exposure.workingSell : exposure.workingBuy;
    const onOtherSide = sells ? held.greaterThan(0) : held.lessThan(0);
    const room = onOtherSide ? max('0', minus(absolute(text(held)), working)) : '0';
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
