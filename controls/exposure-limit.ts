/** Limits the account's gross exposure, working orders counted at once. Invariant: two racing orders never share the same room. */
import { compare } from '../domain/decimal.ts';
import { limitsOf } from '../messages/limits.ts';
import type { Control } from './control.ts';
import { deny, noLimit, unknown } from './deny.ts';

export const exposureLimit: Control = {
  name: 'exposure-limit',
  codes: ['EXPOSURE_LIMIT', 'NO_LIMIT_CONFIGURED', 'GATE_UNAVAILABLE'],
  class: 'limit',
  gate: 'risk',
  settings: ['accounts.*.exposureMax'],
  appliesToExits: false,
  rule:
    'The sum over all symbols of the largest position that can result from what is held (at cost) and what is working ' +
    '(at its price) is at most `exposureMax` (15c3-5(c)(1)(i), RTS 6 art. 15(2)). An order that does not raise it passes. ' +
    'Example: of two racing orders of 60 % each exactly one passes.',
  decide({ exposure, limits, ticket }) {
    const account = limitsOf(limits, ticket.accountId);
    if (!account) return noLimit(`exposure limit for account ${ticket.accountId}`);
    if (!exposure) return unknown('exposure of the account');
    const { gross, grossWithOrder } = exposure;
    const { exposureMax } = account;
    if (compare(grossWithOrder, exposureMax) <= 0 || compare(grossWithOrder, gross) <= 0) return undefined;
    return deny(
      'EXPOSURE_LIMIT',
      'limit',
      `The exposure of account ${ticket.accountId} could reach ${grossWithOrder}, the limit is ${exposureMax}.`,
      { exposure: gross, resulting: grossWithOrder, limit: exposureMax },
    );
  },
};
