/** Halts: in force from the fact that says so until a named person resolved it. */
import type { TradingHalted, TradingResumed } from '../messages/halt.ts';
import type { Projection } from './projection.ts';

export const halts: Projection = {
  name: 'halts',
  version: 1,
  on: ['trading.halted', 'trading.resumed'],
  apply(view, record) {
    const fact = record.message as TradingHalted | TradingResumed;
    const at = fact.at ?? record.recordedAt;
    if (fact.type === 'trading.halted') {
      return view.put('halts', {
        id: fact.stopId,
        sequence: record.sequence,
        scope: fact.scope,
        targetId: fact.targetId ?? null,
        reason: fact.reason,
        triggeredBy: fact.by,
        createdAt: at,
        status: 'active',
        resolvedBy: null,
        resolvedAt: null,
        resolution: null,
      });
    }
    const row = view.get('halts', fact.stopId);
    if (row?.status !== 'active') return;
    view.put('halts', { ...row, status: 'resolved', resolvedBy: fact.by, resolvedAt: at, resolution: fact.reason });
  },
};
