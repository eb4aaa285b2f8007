/** Orca's runs as tasks of the house: made, started, waited for. What the house finds wrong with one is the caller's to mend. */
import type { RunRested, RunStart, RunStarted, RunWait, TaskAnswered, TaskCreate } from '../../messages/run.ts';
import { taskOf } from '../../projections/tasks.ts';
import type { ApiCall } from '../kit/call.ts';
import { HouseError } from '../kit/house.ts';
import { checkLimitsOfOthers } from '../kit/own-limits.ts';
import { invalid, Problem, unavailable } from '../kit/problem.ts';

type Asker = Pick<ApiCall, 'ask' | 'house' | 'caller' | 'requestId'>;
export type TaskOrder = Omit<TaskCreate, 'type' | 'at' | 'by' | 'userId' | 'surface'>;

const WAIT_MS = 20_000;
/** Ten minutes. */
const WAITS_MAX = 30;

/** A task with a run. The same `requestId` again finds the task that was made before; its run is begun anew unless it is open. */
export async function startTask(call: Asker, order: TaskOrder): Promise<{ taskId: number; executionId: number }> {
  const { house, caller, requestId } = call;
  const by = caller.sub;
  let task = await house.read.runs.taskOfRequest(order.requestId);
  if (order.accountId !== null && !task?.open) await checkLimitsOfOthers(call, order.accountId, by);
  if (!task) {
    const create: TaskCreate = { type: 'task.create', ...order, userId: by, surface: 'orca', by };
    const { outcome, taskId, problems } = await call.ask<TaskAnswered>(create);
    // The kind of work is not the caller's choice: the house does not do it.
    const notDone = problems.find(({ field }) => field === 'taskType');
    if (notDone) throw unavailable(notDone.message);
    if (outcome === 'refused') throw invalid(problems);
    task = await house.read.runs.task(taskId);
  }
  if (!task) throw new Error('Invariant: a created task can be read');
  const taskId = Number(task.id);
  if (task.open && task.executionId !== null) return { taskId, executionId: task.executionId };
  const start: RunStart = { type: 'run.start', taskId, task: taskOf(task), requestId, by };
  const { executionId } = await call.ask<RunStarted>(start);
  return { taskId, executionId };
}

/** Waits until the run has completed. Throws when it ended otherwise, or lasts longer than a request can wait. */
export async function completed(call: Asker, taskId: number, executionId: number): Promise<void> {
  const wait: RunWait = { type: 'run.wait', taskId };
  for (let waits = 0; waits < WAITS_MAX; waits += 1) {
    try {
      const { run } = await call.ask<RunRested>(wait, WAIT_MS);
      if (run?.status === 'completed') return;
      if (run === null) break;
      throw await endedOtherwise(call, executionId, run.status);
    } catch (error) {
      if (!(error instanceof HouseError && error.kind === 'timeout')) throw error;
    }
  }
  const row = await call.house.read.runs.run(executionId);
  if (row?.status === 'completed') return;
  if (row && !row.open) throw await endedOtherwise(call, executionId, row.status);
  throw unavailable(`The backtest takes longer than a request can wait; it goes on as execution ${executionId}`);
}

async function endedOtherwise({ house }: Asker, executionId: number, status: string): Promise<Problem> {
  const row = await house.read.runs.run(executionId);
  if (status === 'failed') return invalid([{ field: '', message: row?.error ?? 'The backtest failed' }]);
  return new Problem('conflict', `Execution ${executionId} was ${status} before its end`);
}
