/** Traders as lists and answers show them. A trader never leaves memory; a termination that comes to nothing has updated nothing. */
import type { TraderCreated, TraderReactivated, TraderTerminated, TraderWindingDown } from '../messages/trader.ts';
import type { Projection, TableView } from './projection.ts';
import type { TraderRow } from './rows.ts';

type TraderFact = TraderCreated | TraderWindingDown | TraderReactivated | TraderTerminated;

const STATUS_AFTER = {
  'trader.winding-down': 'winding-down',
  'trader.reactivated': 'active',
  'trader.terminated': 'terminated',
} as const;

export const traders: Projection = {
  name: 'traders',
  version: 2,
  on: ['trader.created', 'trader.winding-down', 'trader.reactivated', 'trader.terminated'],
  apply(view: TableView, record) {
    const fact = record.message as TraderFact;
    const at = fact.at ?? record.recordedAt;
    if (fact.type === 'trader.created') view.put('traders', created(fact, at));
    else {
      const row = view.get('traders', fact.traderId);
      if (!row) return;
      const updatedAt = fact.type === 'trader.terminated' ? at : row.updatedAt;
      view.put('traders', { ...row, status: STATUS_AFTER[fact.type], updatedAt });
    }
  },
};

function created(fact: TraderCreated, at: number): TraderRow {
  const { budget, strategy, riskTolerance, maxPositionSize = null } = fact.config;
  return {
    id: fact.traderId,
    userId: fact.userId,
    accountId: fact.accountId,
    name: fact.name,
    status: 'active',
    budget,
    strategy,
    riskTolerance,
    maxPositionSize,
    createdAt: at,
    updatedAt: at,
  };
}
