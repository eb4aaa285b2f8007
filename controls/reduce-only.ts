/** Lets only reduction pass while an account is being set right. Invariant: whatever of the working orders fills, nothing grows or turns. */
import { compare } from '../domain/decimal.ts';
import type { Control } from './control.ts';
import { deny, unknown } from './deny.ts';
import { closable } from './exit-reduces.ts';

export const reduceOnly: Control = {
  name: 'reduce-only',
  codes: ['REDUCING_ONLY', 'GATE_UNAVAILABLE'],
  class: 'halt',
  gate: 'risk',
  settings: [],
  appliesToExits: false,
  rule:
    'While a halt of the kind "reduce" covers the account (reconciliation found a difference, or a person asked for it), ' +
    'an order passes only when it reduces the position, orders working on its side included; cancels and exits pass as ' +
    'always. Example: long 100 with a sell of 60 working, a sell of 40 passes, one of 41 and every buy are refused.',
  decide({ exposure, reducing, ticket }) {
    if (!reducing) return undefined;
    if (!exposure) return unknown('position of the account');
    const room = closable(exposure, ticket.side);
    if (compare(ticket.quantity, room) <= 0) return undefined;
    return deny(
      'REDUCING_ONLY',
      'halt',
      `Only what reduces passes on account ${ticket.accountId}: ${reducing.reason}`,
      { stopId: reducing.stopId, closable: room, requested: ticket.quantity },
    );
  },
};
