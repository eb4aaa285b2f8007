/** Read tables of tasks and runs, and the tables of what runs put out: one head a run, one row a line. */
import { boolean, doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { RunStatus, TaskType } from '../../domain/run.ts';
import type { RunStream } from '../../projections/run-outputs.ts';
import { ordered, whole } from './columns.ts';

export const tasks = pgTable(
  'tasks',
  {
    id: ordered('id').primaryKey(),
    sequence: whole('sequence').notNull(),
    requestId: ordered('request_id').notNull(),
    userId: ordered('user_id').notNull(),
    surface: ordered('surface').notNull(),
    taskType: ordered('task_type').$type<TaskType>().notNull(),
    name: ordered('name').notNull(),
    strategyType: ordered('strategy_type').notNull(),
    symbol: ordered('symbol').notNull(),
    parameters: ordered('parameters').notNull(),
    dataSource: ordered('data_source').notNull(),
    granularity: ordered('granularity').notNull(),
    startAt: whole('start_at'),
    endAt: whole('end_at'),
    accountId: ordered('account_id'),
    costs: ordered('costs'),
    labels: ordered('labels').notNull(),
    status: ordered('status').$type<RunStatus>().notNull(),
    open: boolean('open').notNull(),
    executionId: whole('execution_id'),
    executions: whole('executions').notNull(),
    createdAt: whole('created_at').notNull(),
    updatedAt: whole('updated_at').notNull(),
  },
  (table) => [index('tasks_by_user').on(table.userId, table.sequence), index('tasks_by_request').on(table.requestId)],
);

export const runs = pgTable(
  'runs',
  {
    id: ordered('id').primaryKey(),
    sequence: whole('sequence').notNull(),
    taskId: whole('task_id').notNull(),
    requestId: ordered('request_id'),
    userId: ordered('user_id').notNull(),
    executionNumber: whole('execution_number').notNull(),
    surface: ordered('surface').notNull(),
    taskType: ordered('task_type').$type<TaskType>().notNull(),
    strategyType: ordered('strategy_type').notNull(),
    symbol: ordered('symbol').notNull(),
    accountId: ordered('account_id'),
    marketFrom: whole('market_from'),
    status: ordered('status').$type<RunStatus>().notNull(),
    open: boolean('open').notNull(),
    createdAt: whole('created_at').notNull(),
    startedAt: whole('started_at'),
    completedAt: whole('completed_at'),
    stoppedBy: ordered('stopped_by'),
    error: ordered('error'),
  },
  (table) => [index('runs_by_task').on(table.taskId, table.sequence), index('runs_by_request').on(table.requestId)],
);

export const runHeads = pgTable('run_heads', {
  run: whole('run').primaryKey(),
  version: whole('version').notNull(),
  part: integer('part').notNull(),
  events: whole('events').notNull(),
  trades: whole('trades').notNull(),
  points: whole('points').notNull(),
  status: ordered('status').$type<RunStatus>().notNull(),
  marketAt: whole('market_at'),
  progressRatio: doublePrecision('progress_ratio').notNull(),
  figures: text('figures'),
  figuresAt: whole('figures_at'),
  linesRemovedAt: whole('lines_removed_at'),
});

export const runLines = pgTable(
  'run_lines',
  {
    run: whole('run').notNull(),
    stream: ordered('stream').$type<RunStream>().notNull(),
    sequence: whole('sequence').notNull(),
    at: whole('at').notNull(),
    kind: ordered('kind').notNull(),
    payload: text('payload').notNull(),
    createdAt: whole('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.run, table.stream, table.sequence] })],
);
