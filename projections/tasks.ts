/** Tasks as lists show them: what was asked for, and how the newest run stands. Only tasks with an open run stay in memory. */
import { hasRunEnded } from '../domain/run.ts';
import type { RunChanged, RunCreated, TaskCreated, TaskSpec, TaskView } from '../messages/run.ts';
import type { Projection } from './projection.ts';
import type { TaskRow } from './rows.ts';

function specOf(spec: TaskSpec) {
  const { userId, surface, taskType, name, strategyType, symbol, dataSource, granularity } = spec;
  const { parameters, costs, labels, startAt, endAt, accountId } = spec;
  return {
    ...{ userId, surface, taskType, name, strategyType, symbol, dataSource, granularity, startAt, endAt, accountId },
    parameters: JSON.stringify(parameters),
    costs: costs === undefined ? null : JSON.stringify(costs),
    labels: JSON.stringify(labels),
  };
}

/** The task as messages carry it, from its row. */
export function taskOf(row: TaskRow): TaskView {
  const { id, requestId, sequence, createdAt, executions, userId, taskType, name, strategyType, symbol } = row;
  const { startAt, endAt, accountId, costs } = row;
  return {
    ...{
      requestId,
      sequence,
      createdAt,
      executions,
      userId,
      taskType,
      name,
      strategyType,
      symbol,
      startAt,
      endAt,
      accountId,
    },
    taskId: Number(id),
    surface: row.surface as TaskSpec['surface'],
    dataSource: row.dataSource as TaskSpec['dataSource'],
    granularity: row.granularity as TaskSpec['granularity'],
    parameters: JSON.parse(row.parameters) as TaskSpec['parameters'],
    labels: JSON.parse(row.labels) as TaskSpec['labels'],
    ...(costs !== null && { costs: JSON.parse(costs) as NonNullable<TaskSpec['costs']> }),
  };
}

export const tasks: Projection = {
  name: 'tasks',
  version: 1,
  on: ['task.created', 'run.created', 'run.changed'],
  apply(view, record) {
    const fact = record.message as TaskCreated | RunCreated | RunChanged;
    const at = fact.at ?? record.recordedAt;
    if (fact.type === 'task.created') {
      const { taskId, requestId } = fact;
      view.put('tasks', {
        ...{
          id: String(taskId),
          sequence: record.sequence,
          requestId,
          ...specOf(fact),
          status: 'created',
          open: false,
        },
        ...{ executionId: null, executions: 0, createdAt: at, updatedAt: at },
      });
    } else if (fact.type === 'run.created') {
      const { executionId, task } = fact;
      const { taskId, requestId, createdAt, executions, sequence } = task;
      view.put('tasks', {
        ...{ id: String(taskId), sequence, requestId, ...specOf(task), status: 'created', open: true },
        ...{ executionId, executions, createdAt, updatedAt: at },
      });
    } else {
      const row = view.get('tasks', String(fact.taskId));
      if (row?.executionId !== fact.executionId) return;
      view.put('tasks', { ...row, status: fact.status, open: !hasRunEnded(fact.status), updatedAt: at });
    }
  },
};
