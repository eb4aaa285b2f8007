/** Tasks: made once, started as often as wanted; each start is a run with a number of its own. */
import { z } from '@hono/zod-openapi';
import { findInstrument } from '../../domain/instrument.ts';
import { TASK_TYPES } from '../../domain/run.ts';
import type {
  RunAnswered,
  RunPause,
  RunResume,
  RunStart,
  RunStarted,
  RunStop,
  TaskAnswered,
  TaskCreate,
  TaskProblem,
} from '../../messages/run.ts';
import { accountNamed, namesOf } from '../../projections/account-names.ts';
import type { AccountRow, TaskRow } from '../../projections/rows.ts';
import { sharingNotices } from '../../projections/shared-position.ts';
import { taskOf } from '../../projections/tasks.ts';
import type { ApiCall } from '../kit/call.ts';
import { holdsAccount, seesAll } from '../kit/caller.ts';
import { checkQuoted, entryNotices } from '../kit/entry-notices.ts';
import { checkLimitsOfOthers } from '../kit/own-limits.ts';
import { invalid, Problem } from '../kit/problem.ts';
import { publicUrlOf } from '../kit/public-address.ts';
import { READERS, type Route, route, TRADERS } from '../kit/route.ts';
import { numberedId } from '../kit/validate.ts';
import { actedTask, STANDARD, visibleTask } from './access.ts';
import { offsetOf, pageOf, pagingQuery } from './lists.ts';
import { taskBodyOf, taskExecutionOf } from './present.ts';
import {
  runAnswer,
  startAnswer,
  type TaskBody,
  type TaskRequest,
  taskBody,
  taskExecutions,
  taskList,
  taskRequest,
} from './schemas.ts';
import { executionsSurface as surface } from './surface.ts';

/** How the contract names what the house finds wrong. */
const FIELDS: Readonly<Record<string, string>> = {
  taskType: 'task_type',
  strategyType: 'strategy_type',
  symbol: 'instrument',
  startAt: 'start_time',
  endAt: 'end_time',
  accountId: 'account_id',
};

const refused = (problems: readonly TaskProblem[]): Problem =>
  invalid(problems.map(({ field, message }) => ({ field: FIELDS[field] ?? field, message })));

/** The account by either of its names, if the caller may trade there. */
function usableAccount({ house, caller }: Pick<ApiCall, 'house' | 'caller'>, name: string): AccountRow | undefined {
  const accounts = house.read.accounts();
  if (holdsAccount(caller, namesOf(accounts, name))) return accountNamed(accounts, name);
  throw new Problem('forbidden', `You do not have access to account ${name}`);
}

/** Asked at every act that makes a run trade: an account may have been taken from somebody since his task was made. */
function checkAccount(call: ApiCall, { accountId }: TaskRow): void {
  if (accountId !== null) usableAccount(call, accountId);
}

async function checkLimits(call: ApiCall, { accountId, userId }: TaskRow): Promise<void> {
  if (accountId !== null) await checkLimitsOfOthers(call, accountId, userId);
}

/** What a task is made for has our own name of the account, whichever was said. */
function accountIdOf(call: ApiCall<undefined, undefined, TaskRequest>, name: string | undefined): string | null {
  if (name === undefined) return null;
  const account = usableAccount(call, name);
  if (!account) throw invalid([{ field: 'account_id', message: `There is no account ${name}` }]);
  return account.id;
}

function commandOf(call: ApiCall<undefined, undefined, TaskRequest>): TaskCreate {
  const { body, caller, entity } = call;
  const { costs, account_id: accountName } = body;
  if (body.task_type === 'trading' && accountName === undefined)
    throw invalid([{ field: 'account_id', message: 'Required for a live run' }]);
  const given = {
    ...{ spreadTicks: costs?.spread_ticks, slippageTicks: costs?.slippage_ticks, latencyMs: costs?.latency_ms },
    ...{ commissionBps: costs?.commission_bps, commissionPerUnit: costs?.commission_per_unit },
  };
  return {
    type: 'task.create',
    requestId: entity,
    taskType: body.task_type,
    name: body.name,
    strategyType: body.strategy_type,
    symbol: findInstrument(body.instrument)?.symbol ?? body.instrument,
    parameters: body.parameters,
    dataSource: body.data_source,
    granularity: body.granularity,
    startAt: body.start_time ?? null,
    endAt: body.end_time ?? null,
    accountId: accountIdOf(call, accountName),
    ...(costs && { costs: given }),
    surface: 'executions',
    labels: {},
    userId: caller.sub,
    by: caller.sub,
  };
}

async function create(call: ApiCall<undefined, undefined, TaskRequest>): Promise<TaskBody> {
  const { runs } = call.house.read;
  const known = call.repeated ? await runs.taskOfRequest(call.entity) : undefined;
  if (known) return taskBodyOf(known);
  const { outcome, taskId, problems } = await call.ask<TaskAnswered>(commandOf(call));
  if (outcome === 'refused') throw refused(problems);
  const row = await runs.task(taskId);
  if (!row) throw new Error(`Invariant: a created task can be read (${taskId})`);
  return taskBodyOf(row);
}

const answerOf = (task_id: number, run: NonNullable<RunAnswered['run']>) => ({
  ...{ task_id, execution_id: run.executionId, execution_number: run.executionNumber, status: run.status },
});

async function start(call: ApiCall, task: TaskRow) {
  checkAccount(call, task);
  const taskId = Number(task.id);
  const run = (await begunBefore(call)) ?? (await begin(call, task));
  if (task.taskType !== 'trading') return answerOf(taskId, run);
  const { strategyType, symbol } = task;
  const notices = entryNotices(call.house, { strategyType, symbol, parameters: JSON.parse(task.parameters) });
  return { ...answerOf(taskId, run), notices: [...notices, ...(await sharingNotices(call.house.read.runs, task))] };
}

/** The first answer to this key was lost: the run that it has begun, however that stands now. */
async function begunBefore({ house, entity, repeated }: ApiCall): Promise<RunAnswered['run']> {
  const row = repeated ? await house.read.runs.runOfRequest(entity) : undefined;
  return row ? { executionId: Number(row.id), executionNumber: row.executionNumber, status: row.status } : null;
}

async function begin(call: ApiCall, task: TaskRow): Promise<NonNullable<RunAnswered['run']>> {
  const { entity: requestId, caller, house } = call;
  if (task.taskType === 'trading') checkQuoted(house, task.symbol, 'a live run');
  await checkLimits(call, task);
  const start: RunStart = { type: 'run.start', taskId: Number(task.id), task: taskOf(task), requestId, by: caller.sub };
  const { outcome, executionId, executionNumber, status } = await call.ask<RunStarted>(start);
  if (outcome === 'refused')
    throw new Problem('conflict', `Execution ${executionId} of this task is ${status}; stop it first`);
  return { executionId, executionNumber, status };
}

async function control(call: ApiCall, task: TaskRow, type: (RunPause | RunResume | RunStop)['type']) {
  if (type === 'run.resume') {
    checkAccount(call, task);
    await checkLimits(call, task);
  }
  const taskId = Number(task.id);
  const message: RunPause | RunResume | RunStop = { type, taskId, by: call.caller.sub };
  const { outcome, run } = await call.ask<RunAnswered>(message);
  if (outcome === 'done' && run) return answerOf(taskId, run);
  const { executionId, executions: executionNumber, status } = task;
  if (executionId === null) throw new Problem('conflict', 'This task was never started');
  // What is asked for twice is there already.
  if (type === 'run.stop') return answerOf(taskId, { executionId, executionNumber, status });
  throw new Problem('conflict', `Execution ${executionId} of this task is ${status}`);
}

const idParam = z.object({ id: numberedId('Task') });
const common = { surface, tag: 'Tasks', rateLimit: STANDARD } as const;
const driven = { ...common, method: 'POST', policy: TRADERS, params: idParam, refusals: [404, 409] } as const;

const controlRoute = (verb: 'pause' | 'resume' | 'stop', summary: string): Route =>
  route({ ...driven, path: `/api/trading/tasks/:id/${verb}`, summary, responses: { 200: runAnswer } })(
    async (call) => ({
      status: 200,
      body: await control(call, await actedTask(call, call.params.id), `run.${verb}`),
    }),
  );

export const taskRoutes: readonly Route[] = [
  route({
    ...common,
    method: 'POST',
    path: '/api/trading/tasks',
    policy: TRADERS,
    summary: 'Create a task',
    body: taskRequest,
    responses: { 201: taskBody },
    entity: (_params, { ids }) => `task-${ids.uuid()}`,
  })(async (call) => ({ status: 201, body: await create(call) })),
  route({
    ...common,
    method: 'GET',
    path: '/api/trading/tasks',
    policy: READERS,
    summary: 'List tasks, the newest first',
    query: z.object({
      ...pagingQuery(100),
      task_type: z.enum(TASK_TYPES).optional(),
    }),
    responses: { 200: taskList },
  })(async (call) => {
    const { house, caller, query } = call;
    const filter = {
      ...(!seesAll(caller) && { userId: caller.sub }),
      ...(query.task_type && { taskType: query.task_type }),
    };
    const { rows, total } = await house.read.runs.tasks(filter, query.page_size, offsetOf(query));
    const { fields, headers } = pageOf(publicUrlOf(call), query, total);
    return { status: 200, body: { results: rows.map(taskBodyOf), ...fields }, headers };
  }),
  route({
    ...common,
    method: 'GET',
    path: '/api/trading/tasks/:id',
    policy: READERS,
    summary: 'A task with its newest run',
    params: idParam,
    responses: { 200: taskBody },
    refusals: [404],
  })(async (call) => ({ status: 200, body: taskBodyOf(await visibleTask(call, call.params.id)) })),
  route({
    ...common,
    method: 'GET',
    path: '/api/trading/tasks/:id/executions',
    policy: READERS,
    summary: 'All executions of a task, the newest first',
    params: idParam,
    query: z.object(pagingQuery(100)),
    responses: { 200: taskExecutions },
    refusals: [404],
  })(async (call) => {
    const { house, query, params } = call;
    await visibleTask(call, params.id);
    const { rows, total } = await house.read.runs.runsOf(params.id, query.page_size, offsetOf(query));
    const { fields, headers } = pageOf(publicUrlOf(call), query, total);
    return { status: 200, body: { task_id: params.id, results: rows.map(taskExecutionOf), ...fields }, headers };
  }),
  route({
    ...driven,
    path: '/api/trading/tasks/:id/start',
    summary: 'Start a new run of a task',
    entity: (_params, { ids }) => `start-${ids.uuid()}`,
    responses: { 200: startAnswer },
  })(async (call) => ({ status: 200, body: await start(call, await actedTask(call, call.params.id)) })),
  controlRoute('pause', 'Pause the run of a task'),
  controlRoute('resume', 'Let a paused run go on'),
  controlRoute('stop', 'Stop the run of a task for good'),
];
