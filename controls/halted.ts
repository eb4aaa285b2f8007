/**
 * Refuses new risk while trading is stopped. Invariant: an exit passes every halt; unknown halts stop everything else. A halt that lets
 * reduction pass is for reduce-only.ts, because only risk knows what reduces.
 */
import type { OrderTicket } from '../messages/common.ts';
import type { Halt } from '../messages/halt.ts';
import type { Control } from './control.ts';
import { deny, unknown } from './deny.ts';

/** Does the halt stop this order's account, trader, or everyone? */
export function covers(halt: Halt, ticket: Pick<OrderTicket, 'accountId' | 'traderId'>): boolean {
  if (halt.scope === 'system') return true;
  return halt.targetId === (halt.scope === 'account' ? ticket.accountId : ticket.traderId);
}

export const halted: Control = {
  name: 'halted',
  codes: ['HALTED', 'GATE_UNAVAILABLE'],
  class: 'halt',
  gate: 'halt',
  settings: [],
  appliesToExits: false,
  rule:
    'No order that takes on risk passes while an emergency stop or a circuit breaker covers the system, the account or ' +
    'the trader (RTS 6 art. 12). Example: after a stop of account A a buy on A is refused with 423, a buy on B passes, ' +
    'and so does an exit on A: an order with which the house itself closes (wind-down, auto-trader, run). An order of a client is no ' +
    'exit, also when it would reduce; a halt of the kind "reduce" (reduce-only) lets it.',
  decide({ ticket, halts }) {
    if (ticket.exit) return undefined;
    if (!halts) return unknown('state of halts');
    const halt = halts.find((candidate) => candidate.mode !== 'reduce' && covers(candidate, ticket));
    if (!halt) return undefined;
    const scope = halt.targetId === undefined ? 'the system' : `${halt.scope} ${halt.targetId}`;
    return deny('HALTED', 'halt', `Trading is halted for ${scope}: ${halt.reason}`, { stopId: halt.stopId });
  },
};
