/**
 * Refuses what is not in the instrument registry, because without tick size and multiplier nothing about an order can be checked, and
 * what its account may not trade.
 */
import { isTradable } from '../domain/instrument.ts';
import { limitsOf } from '../messages/limits.ts';
import type { Control } from './control.ts';
import { deny } from './deny.ts';

export const instrumentPermitted: Control = {
  name: 'instrument-permitted',
  codes: ['INSTRUMENT_NOT_PERMITTED'],
  class: 'permission',
  gate: 'compliance',
  settings: ['accounts.*.instruments'],
  appliesToExits: false,
  rule:
    'Orders are taken only in instruments of the registry that are quoted in the currency of accounts, and on an account with a list of ' +
    '`instruments` only in those (RTS 6 art. 15(5)). Example: an order in ABCD, which the registry does not know, is refused; so is one in ' +
    'USDJPY, whose worth in USD nothing tells, and one in AAPL on an account that may trade `class:future` only.',
  decide({ ticket, instrument, limits }) {
    const allowed = limitsOf(limits, ticket.accountId)?.instruments;
    if (
      instrument &&
      allowed &&
      !allowed.includes(ticket.symbol) &&
      !allowed.includes(`class:${instrument.assetClass}`)
    )
      return deny(
        'INSTRUMENT_NOT_PERMITTED',
        'permission',
        `Account ${ticket.accountId} may not trade ${ticket.symbol}.`,
        { symbol: ticket.symbol },
      );
    if (instrument && !isTradable(instrument))
      return deny(
        'INSTRUMENT_NOT_PERMITTED',
        'permission',
        `${ticket.symbol} is quoted in ${instrument.currency}, and accounts are in USD: it is for backtests alone.`,
        { symbol: ticket.symbol },
      );
    if (instrument) return undefined;
    return deny('INSTRUMENT_NOT_PERMITTED', 'permission', `${ticket.symbol} is not an instrument of this house.`, {
      symbol: ticket.symbol,
    });
  },
};
