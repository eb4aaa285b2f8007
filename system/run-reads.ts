/** Doors' reads of tasks and runs: rows from memory or tables, lines from the run tables, long curves thinned out. */
import type { Condition, Queries } from '../projections/queries.ts';
import type { TaskRow } from '../projections/rows.ts';
import type { LineFilter, RunOutputs, RunStream } from '../projections/run-outputs.ts';
import type { Curve, RunReads, TasksFilter } from '../projections/run-reads.ts';
import type { ReadView } from '../projections/view.ts';
import { Curves } from './curves.ts';

async function ofRequest<T extends 'tasks' | 'runs'>(queries: Queries, table: T, requestId: string) {
  const where = [{ column: 'requestId', eq: requestId }];
  return (await queries.list(table, { where, orderBy: [], limit: 1, offset: 0 })).rows[0];
}

export const taskOfRequest = (queries: Queries, requestId: string): Promise<TaskRow | undefined> =>
  ofRequest(queries, 'tasks', requestId);

class Reads implements RunReads {
  private readonly curves: Curves;

  constructor(
    private readonly view: ReadView,
    private readonly queries: Queries,
    private readonly outputs: RunOutputs,
  ) {
    this.curves = new Curves(outputs);
  }

  task(taskId: number) {
    return this.view.findTask(String(taskId));
  }

  taskOfRequest(requestId: string) {
    return taskOfRequest(this.queries, requestId);
  }

  tasks({ before, ...same }: TasksFilter, limit: number, offset: number) {
    const where: Condition[] = Object.entries(same).map(([column, eq]) => ({ column, eq: eq as string | boolean }));
    if (before !== undefined) where.push({ column: 'sequence', lt: before });
    return this.queries.list('tasks', {
      ...{ where, limit, offset, orderBy: [{ column: 'sequence', direction: 'desc' }] },
    });
  }

  runsOf(taskId: number, limit: number, offset: number) {
    const where = [{ column: 'taskId', eq: taskId }];
    return this.queries.list('runs', {
      ...{ where, limit, offset, orderBy: [{ column: 'sequence', direction: 'desc' }] },
    });
  }

  run(executionId: number) {
    return this.view.findRun(String(executionId));
  }

  runOfRequest(requestId: string) {
    return ofRequest(this.queries, 'runs', requestId);
  }

  head(executionId: number) {
    return this.outputs.head(executionId);
  }

  page(executionId: number, stream: RunStream, filter: LineFilter, limit: number, offset: number) {
    return this.outputs.lines(executionId, stream, filter, limit, offset);
  }

  linesAfter(executionId: number, stream: RunStream, filter: LineFilter, limit: number) {
    return this.outputs.linesAfter(executionId, stream, filter, limit);
  }

  curve(executionId: number, filter: LineFilter, pointsMax: number): Promise<Curve> {
    return this.curves.of(executionId, filter, pointsMax);
  }
}

export const runReads = (view: ReadView, queries: Queries, outputs: RunOutputs): RunReads =>
  new Reads(view, queries, outputs);
