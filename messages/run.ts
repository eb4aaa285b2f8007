/**
 * Tasks and their runs. A task says what is to be run; each start is a run of its own, in the background over past data, or live. A task
 * has at most one open run. Backtests and bots of every contract are tasks: what differs between contracts is how they are shown.
 */
import { z } from 'zod';
import { RUN_STATUSES, TASK_TYPES } from '../domain/run.ts';
import type { JobState } from '../runtime/jobs.ts';
import { safeText } from './common.ts';
import { answer, command, fact, query, reply } from './define.ts';

export const DATA_SOURCES = ['store', 'simulated'] as const;
/** Rows that a run is given: ticks, or bars of this length. */
export const GRANULARITIES = ['ticks', '1m', '5m', '15m', '1h', '4h', '1d'] as const;

/** Every cost from 0; see `Costs` in runs/engine/terms.ts. What is left out costs nothing. */
const costs = z.object({
  spreadTicks: z.number().min(0).optional(),
  slippageTicks: z.number().min(0).optional(),
  commissionBps: z.number().min(0).optional(),
  commissionPerUnit: z.number().min(0).optional(),
  latencyMs: z.number().min(0).optional(),
});

/** What was asked for; never changes afterwards. `startAt` and `endAt`: [start, end) in epoch milliseconds, null: no bound. */
const spec = {
  taskType: z.enum(TASK_TYPES),
  name: safeText,
  strategyType: z.string(),
  symbol: z.string(),
  /** The strategy's own, checked by its schema before the task is made. */
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** `upload`: the file that came with the request, as the series `uploadedSeries(requestId)`; it goes when the run has ended. */
  dataSource: z.enum([...DATA_SOURCES, 'upload']),
  granularity: z.enum(GRANULARITIES),
  startAt: z.number().nullable(),
  endAt: z.number().nullable(),
  /** Where a live run trades; null for a backtest. */
  accountId: safeText.nullable(),
  costs: costs.optional(),
  surface: z.enum(['executions', 'orca']),
  /** What a contract wants to find again and nobody else reads: notes, an account's name. */
  labels: z.record(z.string(), safeText),
  userId: safeText,
};
export const taskSpec = z.object(spec);
export type TaskSpec = z.infer<typeof taskSpec>;

/** A task as its newest run left it. `executions` counts its runs so far. */
export const taskView = z.object({
  ...spec,
  taskId: z.int(),
  requestId: z.string(),
  /** Of its `task.created`: the order of lists. */
  sequence: z.int(),
  createdAt: z.number(),
  executions: z.int(),
});
export type TaskView = z.infer<typeof taskView>;

/** `requestId` names the request, so that a task can be found whose answer was lost. */
export const TaskCreate = command(
  'task.create',
  { requestId: z.string(), ...spec, by: safeText },
  { reply: 'task.answered' },
);
export type TaskCreate = z.infer<typeof TaskCreate.schema>;
const problem = z.object({ field: z.string(), message: z.string() });
export type TaskProblem = z.infer<typeof problem>;
/** `problems`: why the task was refused; nothing was made then. Fields are those of the command, `parameters.name` for a parameter. */
export const TaskAnswered = reply('task.answered', {
  taskId: z.int(),
  outcome: z.enum(['created', 'refused']),
  problems: z.array(problem),
});
export type TaskAnswered = z.infer<typeof TaskAnswered.schema>;

/**
 * `task` as the tables have it: a task that rests is not in memory, and whoever starts it brings it along. `requestId` names the request:
 * asked for again it is answered with the run that it has begun, however that stands now, as long as that is the newest of the task.
 */
export const RunStart = command(
  'run.start',
  { taskId: z.int(), task: taskView, requestId: z.string(), by: safeText },
  { reply: 'run.started' },
);
export type RunStart = z.infer<typeof RunStart.schema>;

const run = { executionId: z.int(), executionNumber: z.int(), status: z.enum(RUN_STATUSES) };
/** `refused`: a run of the task is open, and this is it. */
export const RunStarted = reply('run.started', { taskId: z.int(), outcome: z.enum(['started', 'refused']), ...run });
export type RunStarted = z.infer<typeof RunStarted.schema>;

const control = { taskId: z.int(), by: safeText };
/** Answered when the run has obeyed, or after some seconds with the status that it still has. */
export const RunPause = command('run.pause', control, { reply: 'run.answered' });
export type RunPause = z.infer<typeof RunPause.schema>;
export const RunResume = command('run.resume', control, { reply: 'run.answered' });
export type RunResume = z.infer<typeof RunResume.schema>;
/** Final. */
export const RunStop = command('run.stop', control, { reply: 'run.answered' });
export type RunStop = z.infer<typeof RunStop.schema>;
/** `not-open`: the newest run has ended, or the task was never started; nothing changed. */
export const RunAnswered = reply('run.answered', {
  taskId: z.int(),
  outcome: z.enum(['done', 'not-open']),
  run: z.object(run).nullable(),
});
export type RunAnswered = z.infer<typeof RunAnswered.schema>;

/** Answered when the newest run is paused or has ended; its output is then complete in the tables. At once when no run is open. */
export const RunWait = query('run.wait', { taskId: z.int() }, { reply: 'run.rested' });
export type RunWait = z.infer<typeof RunWait.schema>;
export const RunRested = reply('run.rested', { taskId: z.int(), run: z.object(run).nullable() });
export type RunRested = z.infer<typeof RunRested.schema>;

export const TaskCreated = fact('task.created', { taskId: z.int(), requestId: z.string(), ...spec, by: safeText });
export type TaskCreated = z.infer<typeof TaskCreated.schema>;
/** `task.executions` counts this run too: it is the run's number. `requestId`: of the `run.start`; older records lack it. */
export const RunCreated = fact('run.created', {
  executionId: z.int(),
  task: taskView,
  requestId: z.string().optional(),
  by: safeText,
});
export type RunCreated = z.infer<typeof RunCreated.schema>;

export const RUN_SIGNALS = ['pause', 'resume', 'stop'] as const;
/** Somebody wants the run to obey. */
export const RunSignalled = fact('run.signalled', {
  executionId: z.int(),
  taskId: z.int(),
  signal: z.enum(RUN_SIGNALS),
  by: safeText,
});
export type RunSignalled = z.infer<typeof RunSignalled.schema>;
export const RunChanged = fact('run.changed', {
  executionId: z.int(),
  taskId: z.int(),
  userId: safeText,
  from: z.enum(RUN_STATUSES),
  status: z.enum(RUN_STATUSES),
  /** Why it failed. */
  reason: z.string().optional(),
  /** Who wanted it stopped, once it has; older records lack it. */
  by: safeText.optional(),
});
export type RunChanged = z.infer<typeof RunChanged.schema>;

export const JOB_STATES = [
  'waiting',
  'running',
  'paused',
  'done',
  'failed',
  'stopped',
] as const satisfies readonly JobState[];
/** What the job of a run is doing; its output up to here is in the tables. */
export const RunReported = answer('run.reported', {
  taskId: z.int(),
  executionId: z.int(),
  state: z.enum(JOB_STATES),
  reason: z.string().nullable(),
});
export type RunReported = z.infer<typeof RunReported.schema>;
/** A job was asked for, or was told a signal. `refused`: it can't be, for this reason. */
export const RunObeyed = answer('run.obeyed', {
  taskId: z.int(),
  executionId: z.int(),
  signal: z.enum(['submit', ...RUN_SIGNALS]),
  refused: z.string().optional(),
});
export type RunObeyed = z.infer<typeof RunObeyed.schema>;

export const runMessages = [
  TaskCreate,
  TaskAnswered,
  RunStart,
  RunStarted,
  RunPause,
  RunResume,
  RunStop,
  RunAnswered,
  RunWait,
  RunRested,
  TaskCreated,
  RunCreated,
  RunSignalled,
  RunChanged,
  RunReported,
  RunObeyed,
];
