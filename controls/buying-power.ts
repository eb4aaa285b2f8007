/** Holds an account to its own funds times its leverage. Invariant: an order that does not raise the exposure passes. */
import { compare, isPositive, min, times } from '../domain/decimal.ts';
import { limitsOf } from '../messages/limits.ts';
import type { Control } from './control.ts';
import { deny, noLimit, unknown } from './deny.ts';

/** Without a configured leverage nothing is borrowed. */
const OWN_FUNDS_ONLY = '1';

export const buyingPower: Control = {
  name: 'buying-power',
  codes: ['INSUFFICIENT_FUNDS', 'NO_LIMIT_CONFIGURED', 'GATE_UNAVAILABLE'],
  class: 'limit',
  gate: 'risk',
  settings: ['accounts.*.leverageMax'],
  appliesToExits: false,
  rule:
    'Gross exposure with the order (as in exposure-limit) is at most `leverageMax` times what the account owns: deposits ' +
    'and realised profit, less commission. Without `leverageMax` it is 1; where the account was opened with a smaller ' +
    'leverage of its venue, that counts. Example: with 10,000 and a leverage of 2 an order ' +
    'of 20,000 passes, one of 20,001 does not.',
  decide({ exposure, funds, leverage, limits, ticket }) {
    const account = limitsOf(limits, ticket.accountId);
    if (!account) return noLimit(`leverage limit for account ${ticket.accountId}`);
    if (!exposure) return unknown('exposure of the account');
    if (funds === undefined) return unknown('funds of the account');
    const { gross, grossWithOrder } = exposure;
    const permitted = account.leverageMax ?? OWN_FUNDS_ONLY;
    const leverageMax = leverage === undefined ? permitted : min(permitted, leverage);
    const power = isPositive(funds) ? times(funds, leverageMax) : '0';
    if (compare(grossWithOrder, power) <= 0 || compare(grossWithOrder, gross) <= 0) return undefined;
    return deny(
      'INSUFFICIENT_FUNDS',
      'limit',
      `The exposure of account ${ticket.accountId} could reach ${grossWithOrder}; its funds of ${funds} carry ${power}.`,
      { funds, leverage: leverageMax, buyingPower: power, resulting: grossWithOrder },
    );
  },
};
