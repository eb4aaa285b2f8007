/** Tasks and runs for tests of the API, put there by the test. */
import type { Page } from '../../projections/queries.ts';
import type { RunRow, TaskRow } from '../../projections/rows.ts';
import { type LineFilter, NEW_RUN, type RunHead, type RunLine } from '../../projections/run-outputs.ts';
import { pointOf, type RunReads, type TasksFilter } from '../../projections/run-reads.ts';

export class FakeRuns implements RunReads {
  readonly taskRows = new Map<number, TaskRow>();
  readonly runRows = new Map<number, RunRow>();
  readonly heads = new Map<number, RunHead>();
  readonly lines = new Map<number, RunLine[]>();

  task = async (taskId: number) => this.taskRows.get(taskId);
  taskOfRequest = async (requestId: string) => [...this.taskRows.values()].find((row) => row.requestId === requestId);
  run = async (executionId: number) => this.runRows.get(executionId);
  async runsOf(taskId: number, limit: number, offset: number): Promise<Page<RunRow>> {
    const rows = [...this.runRows.values()].filter((row) => row.taskId === taskId).toReversed();
    return { rows: rows.slice(offset, offset + limit), total: rows.length };
  }
  runOfRequest = async (requestId: string) => [...this.runRows.values()].find((row) => row.requestId === requestId);
  head = async (executionId: number) => this.heads.get(executionId) ?? NEW_RUN;

  async tasks({ before = Infinity, ...same }: TasksFilter, limit: number, offset: number): Promise<Page<TaskRow>> {
    const rows = [...this.taskRows.values()]
      .filter(({ sequence }) => sequence < before)
      .filter((row) => Object.entries(same).every(([name, value]) => row[name as keyof TaskRow] === value))
      .toReversed();
    return { rows: rows.slice(offset, offset + limit), total: rows.length };
  }

  linesAfter = async (id: number, stream: RunLine['stream'], filter: LineFilter, limit: number) =>
    (await this.page(id, stream, filter, limit, 0)).rows;

  /** Not thinned out well, only to the right number: what is chosen is the house's. */
  async curve(id: number, filter: LineFilter, pointsMax: number) {
    const { rows, total } = await this.page(id, 'equity', filter, Number.POSITIVE_INFINITY, 0);
    const points = rows.map(pointOf);
    return { total, points: total <= pointsMax ? points : [...points.slice(0, pointsMax - 1), points.at(-1)!] };
  }

  async page(
    executionId: number,
    stream: RunLine['stream'],
    { after = 0, kind, from = -Infinity, to = Infinity }: LineFilter,
    limit: number,
    offset: number,
  ): Promise<Page<RunLine>> {
    const rows = (this.lines.get(executionId) ?? []).filter(
      (line) =>
        line.stream === stream &&
        line.sequence > after &&
        (kind === undefined || line.kind === kind) &&
        line.at > from &&
        line.at < to,
    );
    return { rows: rows.slice(offset, offset + limit), total: rows.length };
  }
}
