/** What the API metered, summed a trader and UTC hour. */
import type { UsageMetered } from '../messages/quota.ts';
import type { Projection } from './projection.ts';

export const usage: Projection = {
  name: 'usage',
  version: 1,
  on: ['usage.metered'],
  apply(view, record) {
    const fact = record.message as UsageMetered;
    const id = `${fact.traderId}/${fact.hour}`;
    const row = view.get('usage', id);
    view.put('usage', {
      id,
      traderId: fact.traderId,
      hour: fact.hour,
      apiCalls: (row?.apiCalls ?? 0) + fact.apiCalls,
      computeMs: (row?.computeMs ?? 0) + fact.computeMs,
      updatedAt: fact.at ?? record.recordedAt,
    });
  },
};
