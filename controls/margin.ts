/** Holds an account to the part of its funds that margin may tie up. Invariant: an order that ties up nothing more passes. */
import { compare, isPositive, times } from '../domain/decimal.ts';
import { limitsOf } from '../messages/limits.ts';
import type { Control } from './control.ts';
import { deny, unknown } from './deny.ts';

export const margin: Control = {
  name: 'margin',
  codes: ['MARGIN_LIMIT', 'GATE_UNAVAILABLE'],
  class: 'limit',
  gate: 'risk',
  settings: ['accounts.*.marginUsedRatioMax'],
  appliesToExits: false,
  rule:
    'Where `marginUsedRatioMax` is set, the initial margin of all positions and working orders, with the order and whichever of them fill, is ' +
    'at most that part of what the account owns (as in buying-power); without it margin is not looked at. Futures tie up an amount a ' +
    'contract, all others a ratio of their value (domain/instruments/margins.ts has them with their days and sources). Example: with 50,000 ' +
    'and 0.8 two NQ at 19,800 pass, a third does not.',
  decide({ margin: tied, funds, limits, ticket }) {
    const ratioMax = limitsOf(limits, ticket.accountId)?.marginUsedRatioMax;
    if (ratioMax === undefined) return undefined;
    if (!tied) return unknown('margin of the account');
    if (funds === undefined) return unknown('funds of the account');
    const { before, withOrder } = tied;
    const available = isPositive(funds) ? times(funds, ratioMax) : '0';
    if (compare(withOrder, available) <= 0 || compare(withOrder, before) <= 0) return undefined;
    return deny(
      'MARGIN_LIMIT',
      'limit',
      `The margin of account ${ticket.accountId} could reach ${withOrder}; of its funds of ${funds} it may tie up ${available}.`,
      { funds, limit: ratioMax, available, resulting: withOrder },
    );
  },
};
