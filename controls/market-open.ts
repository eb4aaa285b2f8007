/** Refuses orders while their instrument's exchange is closed, where a limit asks for it: simulated markets trade around the clock. */
import { marketHours } from '../domain/sessions/session.ts';
import type { Control } from './control.ts';
import { deny } from './deny.ts';

export const marketOpen: Control = {
  name: 'market-open',
  codes: ['MARKET_CLOSED'],
  class: 'permission',
  gate: 'compliance',
  settings: ['instruments.*.sessionOnly'],
  appliesToExits: false,
  rule:
    'Where `sessionOnly` is set, orders are taken only while the exchange of the instrument is open, holidays, half days and summer ' +
    'time included; without it at any time. Example: an order in AAPL at 9:29 in New York is refused, at 9:30 it passes, at 13:00 on ' +
    'the day after Thanksgiving it is refused.',
  decide({ instrument, instrumentLimits, ticket, at }) {
    if (!instrumentLimits?.sessionOnly || !instrument) return undefined;
    const { open, changesAt } = marketHours(instrument.session, at);
    if (open) return undefined;
    const opensAt = changesAt === undefined ? 'never' : new Date(changesAt).toISOString();
    return deny('MARKET_CLOSED', 'permission', `The market of ${ticket.symbol} is closed until ${opensAt}.`, {
      symbol: ticket.symbol,
      opensAt,
    });
  },
};
