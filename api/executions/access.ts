/** Who reaches which task and run: their owner, and whoever sees all. Others hear 403, as the contract says; limits are a user's. */
import type { RunRow, TaskRow } from '../../projections/rows.ts';
import type { ApiCall } from '../kit/call.ts';
import { actsForOthers, seesAll } from '../kit/caller.ts';
import { iso } from '../kit/instant.ts';
import { notFound, Problem } from '../kit/problem.ts';
import { perCaller, type RateLimits } from '../kit/route.ts';

const WINDOW_MS = 60_000;
/** The contract's numbers. */
export const STANDARD: RateLimits = {
  limits: [perCaller({ name: 'executions', max: 100, windowMs: WINDOW_MS })],
  mode: 'counted',
};
export const REAL_TIME: RateLimits = {
  limits: [perCaller({ name: 'executions-real-time', max: 200, windowMs: WINDOW_MS })],
  mode: 'counted',
};

type Asker = Pick<ApiCall, 'house' | 'caller'>;
const foreign = (what: string): Problem => new Problem('forbidden', `You do not have access to this ${what}`);

export async function visibleRun({ house, caller }: Asker, executionId: number): Promise<RunRow> {
  const run = await house.read.runs.run(executionId);
  if (!run) throw notFound('Execution', String(executionId));
  if (run.userId !== caller.sub && !seesAll(caller)) throw foreign('execution');
  return run;
}

export const linesRemoved = (executionId: number, at: number): Problem =>
  new Problem('not-found', `The lines of execution ${executionId} were removed on ${iso(at)}; status and metrics stay`);

/** The run, if its lines can still be read: an empty list would say that there never were any. */
export async function readableRun(asker: Asker, executionId: number): Promise<RunRow> {
  const run = await visibleRun(asker, executionId);
  const { linesRemovedAt } = await asker.house.read.runs.head(executionId);
  if (linesRemovedAt !== null) throw linesRemoved(executionId, linesRemovedAt);
  return run;
}

export async function visibleTask({ house, caller }: Asker, taskId: number): Promise<TaskRow> {
  const task = await house.read.runs.task(taskId);
  if (!task) throw notFound('Task', String(taskId));
  if (task.userId !== caller.sub && !seesAll(caller)) throw foreign('task');
  return task;
}

/** The task, if the caller may act for it and not only look. */
export async function actedTask(call: ApiCall, taskId: number): Promise<TaskRow> {
  const task = await visibleTask(call, taskId);
  if (task.userId !== call.caller.sub && !actsForOthers(call.caller)) throw foreign('task');
  return task;
}
