/** Tasks, their runs and what these have put out, of every contract: everybody's own, and all of them for who looks over everything. Lines carry JSON as it was stored. */
import { z } from '@hono/zod-openapi';
import { RUN_STATUSES, TASK_TYPES } from '../../domain/run.ts';
import type { RunRow, TaskRow } from '../../projections/rows.ts';
import { RUN_STREAMS } from '../../projections/run-outputs.ts';
import type { ApiCall } from '../kit/call.ts';
import { seesAll } from '../kit/caller.ts';
import { notFound, Problem } from '../kit/problem.ts';
import { READERS, type Route, route } from '../kit/route.ts';
import { numberedId, wholeNumber } from '../kit/validate.ts';
import { common } from './surface.ts';

const PAGE_MAX = 1_000;
const NUMBER_MAX = 999_999_999;

const text = z.string();
const at = z.number();
const counted = z.number().int();
const status = z.enum(RUN_STATUSES);

const taskSchema = z
  .object({
    ...{ id: text, sequence: counted, requestId: text, userId: text, surface: text, taskType: z.enum(TASK_TYPES) },
    ...{ name: text, strategyType: text, symbol: text, parameters: text, dataSource: text, granularity: text },
    ...{ startAt: at.nullable(), endAt: at.nullable(), accountId: text.nullable(), costs: text.nullable() },
    ...{ labels: text, status, open: z.boolean(), executionId: counted.nullable(), executions: counted },
    ...{ createdAt: at, updatedAt: at },
  })
  .openapi('HouseTask');

const runSchema = z
  .object({
    ...{ id: text, sequence: counted, taskId: counted, userId: text, executionNumber: counted, surface: text },
    ...{ taskType: z.enum(TASK_TYPES), strategyType: text, symbol: text, accountId: text.nullable() },
    ...{ marketFrom: at.nullable(), status, open: z.boolean(), createdAt: at, startedAt: at.nullable() },
    ...{ completedAt: at.nullable(), error: text.nullable(), requestId: text.nullable(), stoppedBy: text.nullable() },
  })
  .openapi('HouseRun');

const orNull = z.number().nullable();
const figuresSchema = z
  .object({
    ...{ processed: counted, totalReturnRatio: at, totalPnl: at, realizedPnl: at, unrealizedPnl: at, trades: counted },
    ...{ wins: counted, losses: counted, winRatio: orNull, drawdownRatioMax: at, sharpe: orNull },
    ...{ profitFactor: orNull, averageWin: orNull, averageLoss: orNull },
  })
  .openapi('HouseRunFigures');

const headSchema = z
  .object({
    ...{ version: counted, part: counted, status, marketAt: orNull, progressRatio: at, figuresAt: orNull },
    linesRemovedAt: orNull,
    last: z.object({ event: counted, trade: counted, equity: counted }),
    figures: figuresSchema.nullable(),
  })
  .openapi('HouseRunHead');

const lineSchema = z
  .object({
    ...{ stream: z.enum(RUN_STREAMS), sequence: counted, at, kind: text, createdAt: at },
    payload: text.openapi({ description: 'JSON' }),
  })
  .openapi('HouseRunLine');

const paging = {
  limit: wholeNumber(1, PAGE_MAX).default(100).openapi({ type: 'integer', minimum: 1, maximum: PAGE_MAX }),
  offset: wholeNumber(0, NUMBER_MAX).default(0).openapi({ type: 'integer', minimum: 0 }),
};
const linesQuery = z.object({
  ...{ ...paging, stream: z.enum(RUN_STREAMS), kind: text.max(40).optional() },
  after: wholeNumber(0, NUMBER_MAX).default(0).openapi({ type: 'integer', minimum: 0 }),
});
const taskParams = z.object({ taskId: numberedId('Task') });
const runParams = z.object({ executionId: numberedId('Run') });

type Asker = Pick<ApiCall, 'house' | 'caller'>;

function checkOwner({ caller }: Asker, { userId }: RunRow | TaskRow, what: string): void {
  if (userId !== caller.sub && !seesAll(caller))
    throw new Problem('forbidden', `You do not have access to this ${what}`);
}

async function runOf(asker: Asker, executionId: number): Promise<RunRow> {
  const run = await asker.house.read.runs.run(executionId);
  if (!run) throw notFound('Run', String(executionId));
  checkOwner(asker, run, 'run');
  return run;
}

async function taskFor(asker: Asker, taskId: number): Promise<TaskRow> {
  const task = await asker.house.read.runs.task(taskId);
  if (!task) throw notFound('Task', String(taskId));
  checkOwner(asker, task, 'task');
  return task;
}

export const houseRunRoutes: readonly Route[] = [
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/house/tasks',
    policy: READERS,
    summary:
      "The caller's tasks of every contract (a supervisor's: everybody's), newest first, each as its newest run left it",
    query: z.object(paging),
    responses: { 200: z.object({ rows: z.array(taskSchema), total: counted }).openapi('HouseTasks') },
  })(async ({ house, caller, query }) => {
    const filter = seesAll(caller) ? {} : { userId: caller.sub };
    const { rows, total } = await house.read.runs.tasks(filter, query.limit, query.offset);
    return { status: 200, body: { rows: rows.map((row) => ({ ...row })), total } };
  }),
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/house/tasks/:taskId',
    policy: READERS,
    summary: 'One task',
    params: taskParams,
    responses: { 200: taskSchema },
    refusals: [404],
  })(async (call) => {
    return { status: 200, body: await taskFor(call, call.params.taskId) };
  }),
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/house/tasks/:taskId/runs',
    policy: READERS,
    summary: 'All runs of a task, newest first',
    params: taskParams,
    query: z.object(paging),
    responses: { 200: z.object({ rows: z.array(runSchema), total: counted }).openapi('HouseRuns') },
    refusals: [404],
  })(async (call) => {
    const { house, params, query } = call;
    await taskFor(call, params.taskId);
    const { rows, total } = await house.read.runs.runsOf(params.taskId, query.limit, query.offset);
    return { status: 200, body: { rows: rows.map((row) => ({ ...row })), total } };
  }),
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/house/runs/:executionId',
    policy: READERS,
    summary: 'One run, and how far its output goes',
    params: runParams,
    responses: { 200: z.object({ run: runSchema, head: headSchema }).openapi('HouseRunNow') },
    refusals: [404],
  })(async (call) => {
    const { house, params } = call;
    const run = await runOf(call, params.executionId);
    return { status: 200, body: { run, head: await house.read.runs.head(params.executionId) } };
  }),
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/house/runs/:executionId/lines',
    policy: READERS,
    summary: 'What a run has put out: one stream of it, in order',
    params: runParams,
    query: linesQuery,
    responses: { 200: z.object({ rows: z.array(lineSchema), total: counted }).openapi('HouseRunLines') },
    refusals: [404],
  })(async (call) => {
    const { house, params, query } = call;
    await runOf(call, params.executionId);
    const { stream, limit, offset, kind, after } = query;
    const filter = { after, ...(kind !== undefined && { kind }) };
    const { rows, total } = await house.read.runs.page(params.executionId, stream, filter, limit, offset);
    return { status: 200, body: { rows: rows.map((row) => ({ ...row })), total } };
  }),
];
