/** Refuses orders of traders that are not active. Invariant: positions of a trader who winds down can still be closed. */
import type { Control } from './control.ts';
import { deny } from './deny.ts';

export const traderActive: Control = {
  name: 'trader-active',
  codes: ['TRADER_INACTIVE'],
  class: 'permission',
  gate: 'compliance',
  settings: [],
  appliesToExits: false,
  rule:
    'Only an active trader may take on risk (15c3-5(c)(2)): one who winds down, has been terminated or is unknown may ' +
    'not. Example: while a trader is being terminated its buy is refused and its closing orders pass.',
  decide({ ticket, trader }) {
    if (trader?.status === 'active') return undefined;
    const status = trader?.status ?? 'unknown';
    return deny('TRADER_INACTIVE', 'permission', `Trader ${ticket.traderId} is ${status}, not active.`, { status });
  },
};
