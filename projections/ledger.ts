/** The ledger: a balanced posting for each deposit and each fill. It stands before `fills`, which moves the position. */
import { fromNumber } from '../domain/decimal.ts';
import { depositEntries, fillEntries, type LedgerEntry } from '../domain/ledger.ts';
import type { AccountOpened } from '../messages/account.ts';
import type { OrderFilled } from '../messages/order.ts';
import type { TraderCreated } from '../messages/trader.ts';
import type { JournalRecord } from '../runtime/message.ts';
import { bookFill } from './fills.ts';
import type { Projection, TableView } from './projection.ts';
import type { LedgerRow } from './rows.ts';

const CURRENCY = 'USD';

export const ledger: Projection = {
  name: 'ledger',
  version: 2,
  on: ['account.opened', 'trader.created', 'order.filled'],
  apply(view: TableView, record: JournalRecord) {
    const fact = record.message as AccountOpened | TraderCreated | OrderFilled;
    const post = (id: string, kind: LedgerRow['kind'], entries: readonly LedgerEntry[]): void =>
      view.put('ledger', {
        id,
        sequence: record.sequence,
        accountId: fact.accountId,
        kind,
        entries: JSON.stringify(entries),
        currency: CURRENCY,
        at: fact.at ?? record.recordedAt,
      });
    const deposit = (amount: string): void =>
      post(`deposit/${fact.accountId}`, 'deposit', depositEntries(fact.accountId, amount));
    if (fact.type === 'account.opened') deposit(fact.deposit);
    else if (fact.type === 'trader.created') {
      // An account that the house has opened has its own deposit.
      if (!view.get('accounts', fact.accountId)) deposit(fromNumber(fact.config.budget));
    } else {
      const { before, after, multiplier } = bookFill(view, fact);
      post(fact.executionId, 'fill', fillEntries(fact.accountId, fact, before, after, multiplier));
    }
  },
};
