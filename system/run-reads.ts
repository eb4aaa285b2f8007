/** Doors' reads of tasks and runs: rows from memory or tables, lines from the run tables, long curves thinned out. */
import type { EquityPoint } from '../domain/run.ts';
import type { Condition, Queries } from '../projections/queries.ts';
import type { LineFilter, RunLine, RunOutputs, RunStream } from '../projections/run-outputs.ts';
import type { Curve, RunReads, TasksFilter } from '../projections/run-reads.ts';
import type { ReadView } from '../projections/view.ts';
import { lttb } from '../runs/lttb.ts';

const PAGE_LINES = 10_000;

export const pointOf = ({ sequence, at, payload }: RunLine): EquityPoint => ({
  ...{ sequence, at, balance: JSON.parse(payload) as number },
});

class Reads implements RunReads {
  constructor(
    private readonly view: ReadView,
    private readonly queries: Queries,
    private readonly outputs: RunOutputs,
  ) {}

  task(taskId: number) {
    return this.view.findTask(String(taskId));
  }

  async taskOfRequest(requestId: string) {
    const where = [{ column: 'requestId', eq: requestId }];
    return (await this.queries.list('tasks', { where, orderBy: [], limit: 1, offset: 0 })).rows[0];
  }

  tasks(filter: TasksFilter, limit: number, offset: number) {
    const where: Condition[] = Object.entries(filter).map(([column, eq]) => ({ column, eq: eq as string }));
    return this.queries.list('tasks', {
      ...{ where, limit, offset, orderBy: [{ column: 'sequence', direction: 'desc' }] },
    });
  }

  run(executionId: number) {
    return this.view.findRun(String(executionId));
  }

  head(executionId: number) {
    return this.outputs.head(executionId);
  }

  events(executionId: number, filter: LineFilter, limit: number, offset: number) {
    return this.lines(executionId, 'event', filter, limit, offset);
  }

  trades(executionId: number, filter: LineFilter, limit: number, offset: number) {
    return this.lines(executionId, 'trade', filter, limit, offset);
  }

  equity(executionId: number, filter: LineFilter, limit: number, offset: number) {
    return this.lines(executionId, 'equity', filter, limit, offset);
  }

  async curve(executionId: number, filter: LineFilter, pointsMax: number): Promise<Curve> {
    const points: EquityPoint[] = [];
    let after = filter.after ?? 0;
    for (;;) {
      const { rows } = await this.equity(executionId, { ...filter, after }, PAGE_LINES, 0);
      for (const row of rows) points.push(pointOf(row));
      after = rows.at(-1)?.sequence ?? after;
      if (rows.length < PAGE_LINES) break;
    }
    const kept = lttb(
      points,
      pointsMax,
      ({ at }) => at,
      ({ balance }) => balance,
    );
    return { points: kept.map((index) => points[index]!), total: points.length };
  }

  private lines(executionId: number, stream: RunStream, filter: LineFilter, limit: number, offset: number) {
    return this.outputs.lines(executionId, stream, filter, limit, offset);
  }
}

export const runReads = (view: ReadView, queries: Queries, outputs: RunOutputs): RunReads =>
  new Reads(view, queries, outputs);
