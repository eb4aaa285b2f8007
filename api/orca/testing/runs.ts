/** The house's answers about tasks and runs, over rows in memory: every start runs until it is stopped or completed by the test. */
import type {
  RunAnswered,
  RunRested,
  RunStart,
  RunStarted,
  RunStop,
  RunWait,
  TaskAnswered,
  TaskCreate,
} from '../../../messages/run.ts';
import type { TaskRow } from '../../../projections/rows.ts';
import { type FakeHouse, START } from '../../testing/fake-house.ts';
import { runRow } from '../../testing/samples.ts';

/** What the contract's example keys 15_7_5_2 and 15_15 stand for. */
export const EXAMPLE_PARAMETERS = {
  ...{ side: 'both', impulse: 15, pullback: 7, confirmation: 5, entriesPerImpulse: 2, target: 15, stop: 15 },
};

export function withRuns(house: FakeHouse, refused: TaskAnswered['problems'] = []): TaskCreate[] {
  const { taskRows, runRows } = house.runs;
  const created: TaskCreate[] = [];
  const change = (taskId: number, over: Partial<TaskRow>, stoppedBy: string | null = null): TaskRow => {
    const row = { ...(taskRows.get(taskId) as TaskRow), ...over };
    taskRows.set(taskId, row);
    const { executionId, status, open } = row;
    if (executionId !== null)
      runRows.set(executionId, runRow({ id: String(executionId), taskId, status, open, stoppedBy }));
    return row;
  };
  const runOf = ({ executionId, executions, status }: TaskRow) => ({
    ...{ executionId: executionId ?? 0, executionNumber: executions, status },
  });
  house
    .on<TaskCreate>('task.create', (message): TaskAnswered => {
      created.push(message);
      if (refused.length > 0) return { type: 'task.answered', taskId: 0, outcome: 'refused', problems: refused };
      const taskId = taskRows.size + 1;
      const { type, at, by, parameters, labels, costs, ...spec } = message;
      taskRows.set(taskId, {
        ...{ ...spec, id: String(taskId), sequence: taskId, status: 'created', open: false, executionId: null },
        ...{ parameters: JSON.stringify(parameters), labels: JSON.stringify(labels), costs: null, executions: 0 },
        ...{ createdAt: START, updatedAt: START },
      });
      return { type: 'task.answered', taskId, outcome: 'created', problems: [] };
    })
    .on<RunStart>('run.start', ({ taskId }): RunStarted => {
      const row = change(taskId, { executionId: taskId * 10, executions: 1, status: 'running', open: true });
      return { type: 'run.started', taskId, outcome: 'started', ...runOf(row) };
    })
    .on<RunStop>('run.stop', ({ taskId, by }): RunAnswered => {
      if (!taskRows.get(taskId)?.open) return { type: 'run.answered', taskId, outcome: 'not-open', run: null };
      const row = change(taskId, { status: 'stopped', open: false }, by);
      return { type: 'run.answered', taskId, outcome: 'done', run: runOf(row) };
    })
    .on<RunWait>('run.wait', ({ taskId }): RunRested => {
      const row = change(taskId, { status: 'completed', open: false });
      return { type: 'run.rested', taskId, run: runOf(row) };
    });
  return created;
}
