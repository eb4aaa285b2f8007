/** What doors read of tasks and runs. Everything is durable; who has just asked for something reads its own writes. */
import type { EquityPoint } from '../domain/run.ts';
import type { Page } from './queries.ts';
import type { RunRow, TaskRow } from './rows.ts';
import type { LineFilter, RunHead, RunLine, RunStream } from './run-outputs.ts';

export interface TasksFilter {
  readonly userId?: string;
  readonly surface?: string;
  readonly taskType?: TaskRow['taskType'];
  readonly status?: TaskRow['status'];
  readonly open?: boolean;
  readonly symbol?: string;
  readonly accountId?: string;
  readonly dataSource?: string;
  /** Of a sequence below this one: how a list that changes is read through. */
  readonly before?: number | undefined;
}

export const pointOf = ({ sequence, at, payload }: RunLine): EquityPoint => ({
  ...{ sequence, at, balance: JSON.parse(payload) as number },
});

export interface Curve {
  readonly points: readonly EquityPoint[];
  /** Points before they were thinned out. */
  readonly total: number;
}

export interface RunReads {
  task(taskId: number): Promise<TaskRow | undefined>;
  /** The task that a request has made, if it has made one. */
  taskOfRequest(requestId: string): Promise<TaskRow | undefined>;
  /** Newest first; `offset` from 0. */
  tasks(filter: TasksFilter, limit: number, offset: number): Promise<Page<TaskRow>>;
  /** All runs of a task, newest first; `offset` from 0. */
  runsOf(taskId: number, limit: number, offset: number): Promise<Page<RunRow>>;
  run(executionId: number): Promise<RunRow | undefined>;
  /** The run that a request has begun, if it has begun one. */
  runOfRequest(requestId: string): Promise<RunRow | undefined>;
  /** How far its output goes, with the newest figures. */
  head(executionId: number): Promise<RunHead>;
  /** In order, with the count of all. */
  page(
    executionId: number,
    stream: RunStream,
    filter: LineFilter,
    limit: number,
    offset: number,
  ): Promise<Page<RunLine>>;
  /** In order, at most `limit` behind `filter.after`: how a stream is read through. */
  linesAfter(executionId: number, stream: RunStream, filter: LineFilter, limit: number): Promise<readonly RunLine[]>;
  /** All points that fit, thinned out to `pointsMax` (from 3) by LTTB over (time in ms, balance); first and last are kept. */
  curve(executionId: number, filter: LineFilter, pointsMax: number): Promise<Curve>;
}
