/**
 * The run tables on a SQL database. Lines and head are written by one statement that names the head's version, so that a part that is
 * told twice, or by a writer that was thought dead, changes nothing.
 */
import { and, asc, count, eq, gt, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { RunSummary } from '../../domain/run.ts';
import type { Page } from '../../projections/queries.ts';
import {
  type LineFilter,
  NEW_RUN,
  type RunHead,
  type RunLine,
  type RunOutputs,
  type RunStream,
} from '../../projections/run-outputs.ts';
import { compile, type Query, reader } from '../client/database.ts';
import { runHeads, runLines } from '../tables/runs.ts';

const shown = {
  stream: runLines.stream,
  sequence: runLines.sequence,
  at: runLines.at,
  kind: runLines.kind,
  payload: runLines.payload,
  createdAt: runLines.createdAt,
};

export class SqlRunOutputs implements RunOutputs {
  private readonly read: ReturnType<typeof reader>;

  constructor(private readonly query: Query) {
    this.read = reader(query);
  }

  async head(executionId: number): Promise<RunHead> {
    const [row] = await this.read.select().from(runHeads).where(eq(runHeads.run, executionId));
    if (!row) return NEW_RUN;
    const {
      version,
      part,
      events,
      trades,
      points,
      status,
      marketAt,
      progressRatio,
      figures,
      figuresAt,
      linesRemovedAt,
    } = row;
    return {
      ...{ version, part, last: { event: events, trade: trades, equity: points }, status, marketAt, progressRatio },
      ...{ figures: figures === null ? null : (JSON.parse(figures) as RunSummary), figuresAt, linesRemovedAt },
    };
  }

  async append(executionId: number, head: RunHead, lines: readonly RunLine[]): Promise<boolean> {
    const { version, part, last, status, marketAt, progressRatio, figures, figuresAt } = head;
    const { sql: text, params } = compile(sql`
      with moved as (
        insert into ${runHeads}
          (run, version, part, events, trades, points, status, market_at, progress_ratio, figures, figures_at)
        select ${executionId}::bigint, ${version}::bigint, ${part}::int, ${last.event}::bigint, ${last.trade}::bigint,
          ${last.equity}::bigint, ${status}::text, ${marketAt}::bigint, ${progressRatio}::double precision,
          ${figures === null ? null : JSON.stringify(figures)}::text, ${figuresAt}::bigint
        where ${version}::bigint = 1 or exists (select 1 from ${runHeads} where run = ${executionId}::bigint)
        on conflict (run) do update set version = excluded.version, part = excluded.part, events = excluded.events,
          trades = excluded.trades, points = excluded.points, status = excluded.status, market_at = excluded.market_at,
          progress_ratio = excluded.progress_ratio, figures = excluded.figures, figures_at = excluded.figures_at
        where ${runHeads.version} = excluded.version - 1
        returning run
      ), written as (
        insert into ${runLines} (run, stream, sequence, at, kind, payload, created_at)
        select moved.run, line.stream, line.sequence, line.at, line.kind, line.payload, line."createdAt"
        from moved, json_to_recordset(${JSON.stringify(lines)}::text::json) as line
          (stream text, sequence bigint, at bigint, kind text, payload text, "createdAt" bigint)
      )
      select run from moved`);
    return (await this.query(text, params)).length > 0;
  }

  linesAfter(executionId: number, stream: RunStream, filter: LineFilter, limit: number): Promise<readonly RunLine[]> {
    const where = and(eq(runLines.run, executionId), eq(runLines.stream, stream), ...conditions(filter));
    return this.read.select(shown).from(runLines).where(where).orderBy(asc(runLines.sequence)).limit(limit);
  }

  async lines(
    executionId: number,
    stream: RunStream,
    filter: LineFilter,
    limit: number,
    offset: number,
  ): Promise<Page<RunLine>> {
    const where = and(eq(runLines.run, executionId), eq(runLines.stream, stream), ...conditions(filter));
    const rows = this.read.select(shown).from(runLines).where(where).orderBy(asc(runLines.sequence));
    const [page, counted] = await Promise.all([
      rows.limit(limit).offset(offset),
      this.read.select({ total: count() }).from(runLines).where(where),
    ]);
    return { rows: page, total: counted[0]?.total ?? 0 };
  }

  async withLines(executionIds: readonly number[]): Promise<readonly number[]> {
    if (executionIds.length === 0) return [];
    const where = and(inArray(runHeads.run, [...executionIds]), isNull(runHeads.linesRemovedAt));
    const rows = await this.read.select({ run: runHeads.run }).from(runHeads).where(where).orderBy(asc(runHeads.run));
    return rows.map(({ run }) => run);
  }

  async removeLines(executionId: number, at: number): Promise<void> {
    const { sql: text, params } = compile(sql`
      with marked as (
        update ${runHeads} set lines_removed_at = ${at}::bigint
        where run = ${executionId}::bigint and lines_removed_at is null
        returning run
      )
      delete from ${runLines} using marked where ${runLines.run} = marked.run`);
    await this.query(text, params);
  }
}

function conditions({ after, kind, from, to }: LineFilter): SQL[] {
  return [
    ...(after === undefined ? [] : [gt(runLines.sequence, after)]),
    ...(kind === undefined ? [] : [eq(runLines.kind, kind)]),
    ...(from === undefined ? [] : [gt(runLines.at, from)]),
    ...(to === undefined ? [] : [lt(runLines.at, to)]),
  ];
}
