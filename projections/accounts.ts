/** Accounts that the house has opened. They never leave memory; a trader's own account is its trader's row. */
import type { AccountOpened } from '../messages/account.ts';
import type { Projection } from './projection.ts';

export const accounts: Projection = {
  name: 'accounts',
  version: 1,
  on: ['account.opened'],
  apply(view, record) {
    const { type, at, by, accountId, ...terms } = record.message as AccountOpened;
    view.put('accounts', { id: accountId, sequence: record.sequence, ...terms, openedAt: at ?? record.recordedAt });
  },
};
