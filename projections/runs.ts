/** Runs: when they began, how they stand, how they ended. Open ones stay in memory. */
import { hasRunEnded } from '../domain/run.ts';
import type { RunChanged, RunCreated, RunSignalled } from '../messages/run.ts';
import type { Projection } from './projection.ts';

export const runs: Projection = {
  name: 'runs',
  version: 2,
  on: ['run.created', 'run.signalled', 'run.changed'],
  apply(view, record) {
    const fact = record.message as RunCreated | RunSignalled | RunChanged;
    const at = fact.at ?? record.recordedAt;
    const id = String(fact.executionId);
    if (fact.type === 'run.created') {
      const { requestId = null } = fact;
      const { taskId, userId, surface, taskType, strategyType, symbol, accountId, startAt, executions } = fact.task;
      view.put('runs', {
        ...{ id, sequence: record.sequence, taskId, requestId, userId, executionNumber: executions, surface, taskType },
        ...{ strategyType, symbol, accountId, marketFrom: startAt, status: 'created', open: true },
        ...{ createdAt: at, startedAt: null, completedAt: null, stoppedBy: null, error: null },
      });
      return;
    }
    const row = view.get('runs', id);
    if (!row?.open) return;
    if (fact.type === 'run.signalled') {
      if (fact.signal === 'stop') view.put('runs', { ...row, stoppedBy: fact.by });
      return;
    }
    const { status, reason = null, by: stoppedBy = row.stoppedBy } = fact;
    const ended = hasRunEnded(status);
    const startedAt = row.startedAt ?? (status === 'running' ? at : null);
    const end = { completedAt: ended ? at : null, stoppedBy, error: reason };
    view.put('runs', { ...row, status, open: !ended, startedAt, ...end });
  },
};
