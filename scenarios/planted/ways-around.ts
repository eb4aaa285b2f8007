/** Bugs that only somebody meets who tries a way around a limit: each lets one of those ways through. */
import type { Mutation } from './mutation.ts';

export const WAYS_AROUND: readonly Mutation[] = [
  {
    name: 'market-order-at-its-word',
    file: 'machines/order-context.ts',
    find: '  const price = max(ticket.price, market);',
    replace: '  const price = ticket.price;',
    why: 'a market order counts with the price that it states, however small',
  },
  {
    name: 'reduced-twice',
    file: 'controls/reduce-only.ts',
    find: '    const room = closable(exposure, ticket.side);',
    replace: "    const room = closable({ ...exposure, workingBuy: '0', workingSell: '0' }, ticket.side);",
    why: 'while only reduction passes, two orders at one moment turn a position',
  },
  {
    name: 'released-by-anybody',
    file: 'api/tmt/stops.ts',
    find: "    policy: roles('supervisor', 'admin'),",
    replace: "    policy: roles('trader', 'supervisor', 'admin'),",
    why: 'a trader releases the stop that holds him',
  },
  {
    name: 'key-without-body',
    file: 'agents/keys/keys.ts',
    find: 'if (bodyHash !== state.bodyHash)',
    replace: "if (bodyHash === '')",
    why: 'a key that was used with one body is answered with another',
  },
];
