/** Runs: when they began, how they stand, how they ended. Open ones stay in memory. */
import { hasRunEnded } from '../domain/run.ts';
import type { RunChanged, RunCreated } from '../messages/run.ts';
import type { Projection } from './projection.ts';

export const runs: Projection = {
  name: 'runs',
  version: 1,
  on: ['run.created', 'run.changed'],
  apply(view, record) {
    const fact = record.message as RunCreated | RunChanged;
    const at = fact.at ?? record.recordedAt;
    const id = String(fact.executionId);
    if (fact.type === 'run.created') {
      const { taskId, userId, surface, taskType, strategyType, symbol, accountId, startAt, executions } = fact.task;
      view.put('runs', {
        ...{ id, sequence: record.sequence, taskId, userId, executionNumber: executions, surface, taskType },
        ...{ strategyType, symbol, accountId, marketFrom: startAt, status: 'created', open: true },
        ...{ createdAt: at, startedAt: null, completedAt: null, error: null },
      });
      return;
    }
    const row = view.get('runs', id);
    if (!row?.open) return;
    const { status, reason = null } = fact;
    const ended = hasRunEnded(status);
    const startedAt = row.startedAt ?? (status === 'running' ? at : null);
    view.put('runs', { ...row, status, open: !ended, startedAt, completedAt: ended ? at : null, error: reason });
  },
};
