/** Refuses varied orders on accounts whose rules do not allow them: many firms forbid what makes copied trades look independent. */
import { limitsOf } from '../messages/limits.ts';
import type { Control } from './control.ts';
import { deny, noLimit } from './deny.ts';

export const variancePermitted: Control = {
  name: 'variance-permitted',
  codes: ['VARIANCE_NOT_PERMITTED', 'NO_LIMIT_CONFIGURED'],
  class: 'permission',
  gate: 'compliance',
  settings: ['accounts.*.varianceAllowed'],
  appliesToExits: false,
  rule:
    'An order that was varied in size, price or time passes only on an account with `varianceAllowed`; the house-wide ' +
    'setting is off by default. The record of the order holds what was asked for beside what was sent. An exit is never ' +
    'varied. Example: on an account without it an order with variance is refused, the same order without passes.',
  decide({ limits, ticket }) {
    if (!ticket.variance) return undefined;
    if (!limits) return noLimit('permission for varied orders');
    if (limitsOf(limits, ticket.accountId)?.varianceAllowed === true) return undefined;
    return deny('VARIANCE_NOT_PERMITTED', 'permission', `Orders on account ${ticket.accountId} may not be varied.`, {
      accountId: ticket.accountId,
    });
  },
};
